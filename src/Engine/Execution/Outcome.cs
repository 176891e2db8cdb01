namespace Bixbite.Engine.Execution;

/// <summary>What became of a request.</summary>
public enum Outcome
{
    /// <summary>It was answered, by the command or by an error.</summary>
    Done,

    /// <summary>It must wait and be presented again; nothing was answered.</summary>
    Postponed,
}
