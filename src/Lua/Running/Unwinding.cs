using Bixbite.Lua.Values;

namespace Bixbite.Lua.Running;

/// <summary>Takes an error to whoever catches it: a protected call of its thread, the thread's resumer, or the end of the run.</summary>
internal static class Unwinding
{
    /// <summary>Wording an error takes as long as so many instructions.</summary>
    private const int MessageWork = 50;

    /// <summary>An error that was thrown.</summary>
    public static void Raise(LuaMachine machine, LuaException error)
    {
        LuaValue value = error.Value;
        LuaThread thread = machine.Current;
        machine.Fuel -= MessageWork;
        if (error.NeedsPosition && !machine.Outcome.IsHostRunning && !machine.Outcome.HasFailed)
        {
            string where = ScriptErrors.Where(thread, thread.Depth);
            value = where.Length > 0 ? NewMessage(machine, where + value) : value;
        }
        Raise(machine, value);
    }

    /// <summary>An error value.</summary>
    public static void Raise(LuaMachine machine, LuaValue error)
    {
        machine.Outcome.Clear();
        while (!TryCatch(machine.Current, error))
        {
            LuaThread thread = machine.Current;
            if (thread.Resumer is not { } resumer)
            {
                machine.Abandon(error);
                return;
            }
            if (Coroutines.TryFail(machine, thread, resumer, ref error))
            {
                return;
            }
        }
    }

    /// <summary>A message that may itself not fit into memory any more.</summary>
    public static LuaValue NewMessage(LuaMachine machine, string text)
    {
        try
        {
            return machine.Memory.NewString(System.Text.Encoding.Latin1.GetBytes(text));
        }
        catch (LuaException error)
        {
            return error.Value;
        }
    }

    /// <summary>Hands an error to the uppermost protected call of a thread; false if there is none.</summary>
    private static bool TryCatch(LuaThread thread, LuaValue error)
    {
        for (int depth = thread.Depth; depth > 0; depth--)
        {
            CallFrame frame = thread.FrameAt(depth);
            if (frame.IsProtected && frame.Closure is null)
            {
                thread.CloseFrom(frame.Base);
                thread.Unwind(depth);
                frame.HasFailed = true;
                thread.Stack[frame.Base] = error;
                thread.Top = frame.Base + 1;
                return true;
            }
        }
        return false;
    }
}
