namespace Bixbite.Lua.Running;

/// <summary>Switches between threads: what one hands over, the host function that waits in the other takes as its arguments.</summary>
internal static class Coroutines
{
    /// <summary>Coroutines that may wait for each other, as in Lua 5.1.</summary>
    public const int NestingMax = 198;

    /// <summary>Resumes a thread with the values below the running one's top.</summary>
    public static void Enter(LuaMachine machine, LuaThread from, LuaThread to, int count)
    {
        int start = to.Depth == 0 ? 1 : to.Frame.Base;
        Move(from, from.Top - count, count, to, start);
        to.Resumer = from;
        to.Nesting = from.Nesting + 1;
        from.Status = ThreadStatus.Normal;
        to.Status = ThreadStatus.Running;
        machine.Current = to;
        machine.Outcome.Thread = null;
        if (to.Depth == 0)
        {
            machine.Outcome.IsCallPending = true;
            machine.Outcome.PendingFunction = 0;
        }
    }

    /// <summary>The running thread yields the values below its top.</summary>
    public static void Leave(LuaMachine machine, LuaThread thread, int count)
    {
        LuaThread resumer = thread.Resumer!;
        Move(thread, thread.Top - count, count, resumer, resumer.Frame.Base);
        Switch(machine, thread, resumer, ThreadStatus.Suspended);
    }

    /// <summary>The function of a thread returned.</summary>
    public static void Finish(LuaMachine machine, LuaThread thread)
    {
        LuaThread resumer = thread.Resumer!;
        Move(thread, 0, thread.Top, resumer, resumer.Frame.Base);
        Switch(machine, thread, resumer, ThreadStatus.Dead);
        Kill(thread);
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

    private static void Switch(LuaMachine machine, LuaThread from, LuaThread to, ThreadStatus left)
    {
        from.Status = left;
        from.Resumer = null;
        to.Status = ThreadStatus.Running;
        machine.Current = to;
    }

    private static void Move(LuaThread from, int first, int count, LuaThread to, int start)
    {
        to.Ensure(start + count);
        from.Stack.AsSpan(first, count).CopyTo(to.Stack.AsSpan(start));
        to.Top = start + count;
    }
}
