namespace Bixbite.Engine.Execution;

/// <summary>The outcome of a request.</summary>
public enum Outcome
{
    /// <summary>It was answered, by the command or by an error.</summary>
    Done,

    /// <summary>It must be presented again; nothing was answered.</summary>
    Postponed,

    /// <summary>A slice of its reply was made; it must be presented again when the client has taken that.</summary>
    Unfinished,

    /// <summary>It waits, for what <see cref="WaitReason"/> says, and is answered when that comes or its time is over.</summary>
    Suspended,
}
