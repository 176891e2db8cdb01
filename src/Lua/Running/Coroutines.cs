using Bixbite.Lua.Values;

namespace Bixbite.Lua.Running;

/// <summary>
/// Switches between threads. The functions that do are known to the machine: they have no frame, and what one thread hands over goes right
/// to the place where the other one wants the results of its call.
/// </summary>
internal static class Coroutines
{
    /// <summary>Coroutines that may wait for each other, as in Lua 5.1.</summary>
    public const int NestingMax = 198;

    /// <summary>So many values are copied one by one.</summary>
    private const int FewValues = 8;

    /// <summary>Copying 2 to the power of this many values counts as an instruction.</summary>
    private const int ValuesPerStep = 4;

    /// <summary>Calls a function that switches; false if it must refuse, which it words itself.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="thread">The running thread.</param>
    /// <param name="host">The function.</param>
    /// <param name="first">Its first argument on the stack.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="results">Where its results go.</param>
    public static bool TrySwitch(LuaMachine machine, LuaThread thread, HostFunction host, int first, int count, Awaited results)
    {
        if (host.Kind == HostKind.Yield)
        {
            if (thread.Resumer is not { } resumer)
            {
                return false;
            }
            thread.Awaited = results;
            Leave(machine, thread, resumer, thread.Stack.AsSpan(first, count), ThreadStatus.Suspended);
            return true;
        }
        LuaThread? coroutine = host.Held as LuaThread;
        if (host.Kind == HostKind.Resume && count > 0)
        {
            coroutine = thread.Stack[first].Object as LuaThread;
            first++;
            count--;
            results = results with { Kind = AwaitKind.Outcome };
        }
        if (coroutine is not { Status: ThreadStatus.Suspended } || thread.Nesting >= NestingMax)
        {
            return false;
        }
        thread.Awaited = results;
        Enter(machine, thread, coroutine, thread.Stack.AsSpan(first, count));
        return true;
    }

    /// <summary>The function of a thread returned.</summary>
    public static void Finish(LuaMachine machine, LuaThread thread)
    {
        Leave(machine, thread, thread.Resumer!, thread.Stack.AsSpan(0, thread.Top), ThreadStatus.Dead);
        Kill(thread);
    }

    /// <summary>
    /// An error ended a thread. True if it is a result of the call that resumed it; else it goes on there, with that call's place.
    /// </summary>
    public static bool TryFail(LuaMachine machine, LuaThread thread, LuaThread resumer, ref LuaValue error)
    {
        Kill(thread);
        Switch(machine, thread, resumer, ThreadStatus.Dead);
        if (resumer.Awaited.Kind == AwaitKind.Outcome)
        {
            Hand(machine, resumer, [error], hasFailed: true);
            return true;
        }
        if (HostArguments.TryString(machine.Memory, error) is { } text)
        {
            error = Unwinding.NewMessage(machine, ScriptErrors.Where(resumer, resumer.Depth) + text);
        }
        return false;
    }

    /// <summary>Nothing of the thread runs any more.</summary>
    public static void Kill(LuaThread thread)
    {
        thread.CloseFrom(0);
        thread.Unwind(0);
        thread.Top = 0;
        thread.ClearAbove(0);
        thread.Status = ThreadStatus.Dead;
        thread.Resumer = null;
    }

    private static void Enter(LuaMachine machine, LuaThread from, LuaThread to, ReadOnlySpan<LuaValue> values)
    {
        bool isNew = to.Depth == 0;
        if (isNew)
        {
            to.Ensure(1 + values.Length);
            Copy(values, to.Stack.AsSpan(1));
        }
        else
        {
            Hand(machine, to, values, hasFailed: false);
        }
        to.Resumer = from;
        to.Nesting = from.Nesting + 1;
        from.Status = ThreadStatus.Normal;
        to.Status = ThreadStatus.Running;
        machine.Current = to;
        if (isNew)
        {
            Calls.Begin(to, values.Length);
        }
    }

    private static void Leave(LuaMachine machine, LuaThread from, LuaThread to, ReadOnlySpan<LuaValue> values, ThreadStatus left)
    {
        Hand(machine, to, values, hasFailed: false);
        Switch(machine, from, to, left);
    }

    private static void Switch(LuaMachine machine, LuaThread from, LuaThread to, ThreadStatus left)
    {
        from.Status = left;
        from.Resumer = null;
        to.Status = ThreadStatus.Running;
        machine.Current = to;
    }

    /// <summary>Puts values where a thread wants them. Its instruction may have something to do then.</summary>
    private static void Hand(LuaMachine machine, LuaThread to, ReadOnlySpan<LuaValue> values, bool hasFailed)
    {
        Awaited awaited = to.Awaited;
        bool isOutcome = awaited.Kind == AwaitKind.Outcome;
        int wanted = awaited.Wanted;
        if (wanted < 0)
        {
            wanted = values.Length + (isOutcome ? 1 : 0);
            to.Ensure(awaited.ReturnTo + wanted);
            to.Top = awaited.ReturnTo + wanted;
        }
        machine.Fuel -= values.Length >> ValuesPerStep;
        Span<LuaValue> places = to.Stack.AsSpan(awaited.ReturnTo, wanted);
        if (isOutcome && places.Length > 0)
        {
            places[0] = !hasFailed;
            places = places[1..];
        }
        int given = Math.Min(values.Length, places.Length);
        Copy(values[..given], places);
        foreach (ref LuaValue missing in places[given..])
        {
            missing = LuaValue.Nil;
        }
        if (awaited.Finish != FinishKind.None)
        {
            machine.Outcome.Pending = PendingStep.Finish;
        }
    }

    private static void Copy(ReadOnlySpan<LuaValue> from, Span<LuaValue> to)
    {
        if (from.Length > FewValues)
        {
            from.CopyTo(to);
            return;
        }
        for (int i = 0; i < from.Length; i++)
        {
            LuaValue.Copy(ref to[i], from[i]);
        }
    }
}
