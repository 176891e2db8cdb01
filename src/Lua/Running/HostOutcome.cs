using Bixbite.Lua.Values;

namespace Bixbite.Lua.Running;

/// <summary>A step that the machine takes before the topmost frame goes on; its functions would call themselves by it.</summary>
internal enum PendingStep : byte
{
    None,

    /// <summary>A call of a function on the stack, with its arguments up to the top.</summary>
    Call,

    /// <summary>The running thread got what an instruction waited for, which still has something to do with it.</summary>
    Finish,
}

/// <summary>The requests that the last step of a host function left to the machine.</summary>
internal sealed class HostOutcome
{
    /// <summary>Results or arguments, right below the top of the stack.</summary>
    public int Count { get; set; }

    /// <summary>The error of a step that failed.</summary>
    public LuaValue Error { get; set; } = LuaValue.Nil;

    /// <summary>Goes on after a call or a pause.</summary>
    public HostTask? Task { get; set; }

    /// <summary>Errors in the call end at the task.</summary>
    public bool IsProtected { get; set; }

    /// <summary>The next step, if it is one that the loop over instructions does not take.</summary>
    public PendingStep Pending { get; set; }

    public int PendingFunction { get; set; }

    /// <summary>A host function is running: errors that it meets have no position of their own.</summary>
    public bool IsHostRunning { get; set; }

    /// <summary>The run ended with an error.</summary>
    public bool HasFailed { get; set; }

    public void Clear()
    {
        Count = 0;
        Error = LuaValue.Nil;
        Task = null;
        IsProtected = false;
        Pending = PendingStep.None;
        IsHostRunning = false;
        HasFailed = false;
    }
}
