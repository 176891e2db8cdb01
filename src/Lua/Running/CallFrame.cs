using System.Runtime.CompilerServices;
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

/// <summary>Where a call's results go if that takes one step.</summary>
internal enum ReturnKind : byte
{
    /// <summary>Elsewhere, or something is to be done with them.</summary>
    General,

    /// <summary>A function of Lua wants none.</summary>
    Nothing,

    /// <summary>A function of Lua wants one.</summary>
    One,

    /// <summary>A function of the host, or the thread's end, takes them all.</summary>
    ToHost,
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

    /// <summary>The next instruction.</summary>
    public int Pc;

    /// <summary>How many calls were replaced by this one.</summary>
    public int TailCallCount;

    /// <summary>How many variable arguments there are, right below the base.</summary>
    public int VarArgCount;

    /// <summary>The stack's index of register 0, or of the first argument.</summary>
    public int Base;

    /// <summary>Where the results go, and how many are wanted; -1 is all.</summary>
    public int ReturnTo;
    public int Wanted;

    public FinishKind Finish;
    public ReturnKind Returns;

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
        Pc = 0;
        TailCallCount = 0;
        Base = start;
        ReturnTo = returnTo;
        Wanted = wanted;
        Finish = finish;
        Returns = finish == FinishKind.None ? KindOf(wanted, Below!) : ReturnKind.General;
    }

    /// <summary>The same where the caller is a function of Lua and goes on by itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Begin(LuaClosure callee, int start, int wanted)
    {
        if (!ReferenceEquals(Closure, callee))
        {
            SetClosure(callee);
        }
        Pc = 0;
        TailCallCount = 0;
        VarArgCount = 0;
        Base = start;
        ReturnTo = start - 1;
        Wanted = wanted;
        Finish = FinishKind.None;
        Returns = (uint)wanted <= 1 ? (ReturnKind)((int)ReturnKind.Nothing + wanted) : ReturnKind.General;
    }

    private static ReturnKind KindOf(int wanted, CallFrame caller) =>
        caller.Closure is null ? wanted < 0 ? ReturnKind.ToHost : ReturnKind.General
        : (uint)wanted <= 1 ? (ReturnKind)((int)ReturnKind.Nothing + wanted)
        : ReturnKind.General;
}
