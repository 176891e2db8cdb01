namespace Bixbite.Replication.Following;

/// <summary>
/// A primary asks one of its replicas to take its place: the terms, and how far that has come. Under the execution lock.
/// <code>
///   not asked ── PSYNC id n FAILOVER ── asked ─┬─ +CONTINUE, +FULLRESYNC ── over
///                                              ├─ an error ── refused: over
///                                              └─ the connection ends ── asked again; "it is a primary" ── PSYNC id n ── +CONTINUE: over
/// </code>
/// </summary>
/// <param name="endMin">The replica must not offer all data from a position before this one: it has lost something.</param>
/// <param name="ended">Told once that it is over: null, or why the replica does not take over.</param>
public sealed class Takeover(long endMin, Action<string?> ended)
{
    /// <summary>The replica must not offer all data from a position before this one.</summary>
    public long EndMin => endMin;

    /// <summary>The replica was asked, and may have taken over.</summary>
    public bool IsAsked { get; private set; }

    /// <summary>It was asked before, and its answer was lost.</summary>
    public bool IsAskedAgain { get; private set; }

    /// <summary>It says that it is a primary, perhaps since it was asked before: from now on it is asked only to go on.</summary>
    internal bool IsDone { get; set; }

    /// <summary>The replica does not take over.</summary>
    internal bool IsRefused { get; set; }

    /// <summary>The request is sent.</summary>
    internal void NoteAsked()
    {
        IsAskedAgain = IsAsked;
        IsAsked = true;
    }

    /// <summary>It is over; with a problem this server is to be a primary again.</summary>
    internal void End(string? problem) => ended(problem);
}
