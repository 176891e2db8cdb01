using Bixbite.Lua.Values;

namespace Bixbite.Lua.Running;

/// <summary>Something that is still to be done with the result when a call returns that an instruction made by itself.</summary>
internal enum FinishKind : byte
{
    None,

    /// <summary>The result decides the test of the calling instruction.</summary>
    Test,

    /// <summary>Its opposite decides.</summary>
    TestNot,

    /// <summary>The result is an operand of the concatenation that goes on.</summary>
    Concat,
}

/// <summary>
/// A running call. Frames of Lua functions have a closure and an instruction; those of host functions that wait have a task; the lowest
/// one of a thread has no function. Frames are reused.
/// </summary>
internal sealed class CallFrame(LuaThread thread, CallFrame? below) : FramePlace(thread, below)
{
    public const long OwnBytes = 136;

    /// <summary>The host function that waits, and how it goes on; they say nothing in a frame of Lua's.</summary>
    public HostFunction? Host;
    public HostTask? Task;

    /// <summary>The stack's index of register 0, or of the first argument.</summary>
    public int Base;

    /// <summary>The next instruction.</summary>
    public int Pc;

    /// <summary>Where the results go, and how many are wanted; -1 is all.</summary>
    public int ReturnTo;
    public int Wanted;

    /// <summary>How many variable arguments there are, right below the base.</summary>
    public int VarArgCount;

    /// <summary>How many calls were replaced by this one.</summary>
    public int TailCallCount;

    public FinishKind Finish;

    /// <summary>The caller is a function of Lua that wants one value or none, where the called function was.</summary>
    public bool IsSimple;

    /// <summary>An error in what it calls ends here.</summary>
    public bool IsProtected;

    /// <summary>The call that it made failed, and the error is its only argument.</summary>
    public bool HasFailed;

    public LuaFunction? Function => Closure ?? (LuaFunction?)Host;

    /// <summary>Begins a call of a function of Lua. Mostly it is the one that had the frame before and need not be stored.</summary>
    public void Begin(LuaClosure callee, int start, int returnTo, int wanted, FinishKind finish)
    {
        if (!ReferenceEquals(Closure, callee))
        {
            SetClosure(callee);
        }
        Base = start;
        Pc = 0;
        ReturnTo = returnTo;
        Wanted = wanted;
        TailCallCount = 0;
        Finish = finish;
        IsSimple = finish == FinishKind.None && (uint)wanted <= 1 && Below!.Closure is not null;
        IsProtected = false;
    }

    /// <summary>The same where the caller is a function of Lua and goes on by itself.</summary>
    public void Begin(LuaClosure callee, int start, int wanted)
    {
        if (!ReferenceEquals(Closure, callee))
        {
            SetClosure(callee);
        }
        Base = start;
        Pc = 0;
        ReturnTo = start - 1;
        Wanted = wanted;
        VarArgCount = 0;
        TailCallCount = 0;
        Finish = FinishKind.None;
        IsSimple = (uint)wanted <= 1;
        IsProtected = false;
    }
}
