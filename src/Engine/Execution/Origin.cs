using Bixbite.Engine.Propagation;

namespace Bixbite.Engine.Execution;

/// <summary>
/// Who asks for a command to run. All that differs between them follows from here, so that there is one way to run a command:
/// <code>
///                       may block   may take long   counted   shown (MONITOR)   propagated   tracked   due keys         access
///   a client            yes         yes             yes       yes               yes          yes       removed          by the gates
///   a retried wait      yes         no              yes       no, it was        yes          yes       removed          asked again
///   a reply's slices    yes         no              no        no                yes          no        removed          as it was
///   a script            no          as its command  yes       yes, as "lua"     yes          yes       removed          for each call
///   a rehearsal         no          no              no        no                no           no        removed          for each call
///   a primary's stream  no          no              yes       yes               to the log   no        left as they are not asked
///   a log               no          no              no        no                no           no        left as they are not asked
///   a transaction       no          as whoever sent EXEC                                                                asked again
/// </code>
/// </summary>
public readonly struct Origin
{
    private readonly Traits _traits;

    private Origin(Traits traits) => _traits = traits;

    [Flags]
    private enum Traits : ushort
    {
        None = 0,
        Blocks = 1,
        Counts = 2,
        Shows = 4,
        Propagates = 8,
        Tracks = 16,
        SharesTime = 32,
        Scripted = 64,
        TakesLong = 128,
        Unlogged = 256,
        Unstreamed = 512,
        Rechecks = 1024,
        Rehearses = 2048,
        Repeats = 4096,
    }

    /// <summary>A request that a client has just sent.</summary>
    public static Origin Client =>
        new(Traits.Blocks | Traits.Counts | Traits.Shows | Traits.Propagates | Traits.Tracks | Traits.TakesLong);

    /// <summary>A command that waited, now that one of its keys has changed.</summary>
    public static Origin Retry => new(Traits.Blocks | Traits.Counts | Traits.Propagates | Traits.Tracks | Traits.Rechecks);

    /// <summary>A command whose reply is made in slices, for the slices after the first.</summary>
    public static Origin NextSlice => new(Traits.Blocks | Traits.Propagates);

    /// <summary>A command that a script calls: its time is that of the script.</summary>
    public static Origin Script =>
        new(Traits.Counts | Traits.Shows | Traits.Propagates | Traits.Tracks | Traits.SharesTime | Traits.Scripted);

    /// <summary>The same where the script may stand still until the command is over.</summary>
    public static Origin WaitingScript => new(Script._traits | Traits.TakesLong);

    /// <summary>A command that a script calls on copies of keys: nothing that it does stays, and nobody is told.</summary>
    public static Origin Rehearsal => new(
        Traits.Propagates | Traits.SharesTime | Traits.Scripted | Traits.Unlogged | Traits.Unstreamed | Traits.Rehearses);

    /// <summary>A request that a log repeats.</summary>
    public static Origin Log => new(Traits.Repeats);

    /// <summary>A request of the primary that this server follows: replicas get it as it came, and the log what repeats it.</summary>
    public static Origin Primary => new(Traits.Counts | Traits.Shows | Traits.Propagates | Traits.Repeats);

    /// <summary>A command may wait; otherwise it answers at once what it answers when its time is over.</summary>
    public bool MayBlock => Has(Traits.Blocks);

    /// <summary>A command may go on in slices, while nobody else uses keys.</summary>
    public bool MayTakeLong => Has(Traits.TakesLong);

    /// <summary>Runs count as calls, are timed, and enter the slow log.</summary>
    public bool IsCounted => Has(Traits.Counts);

    /// <summary>MONITOR shows it.</summary>
    public bool IsShown => Has(Traits.Shows);

    /// <summary>Whoever keeps or forwards changes is told.</summary>
    public bool IsPropagated => Has(Traits.Propagates);

    /// <summary>Who is told of its changes, of those who listen.</summary>
    public PropagationTargets Targets => !IsPropagated
        ? PropagationTargets.None
        : (Has(Traits.Unlogged) ? PropagationTargets.None : PropagationTargets.Log)
            | (Has(Traits.Unstreamed) ? PropagationTargets.None : PropagationTargets.Replicas);

    /// <summary>Whether the keys it reads are remembered for clients that cache them.</summary>
    public bool IsTracked => Has(Traits.Tracks);

    /// <summary>The commands before and after it see the same time.</summary>
    public bool SharesTime => Has(Traits.SharesTime);

    /// <summary>A script called it; MONITOR names no client.</summary>
    public bool IsScripted => Has(Traits.Scripted);

    /// <summary>The request is a repetition: deadlines that have passed are set as they are, and nothing is refused for its time.</summary>
    public bool IsRepetition => Has(Traits.Repeats);

    /// <summary>The same, but only these are told of its changes.</summary>
    public Origin To(PropagationTargets targets) => new(
        _traits
        | ((targets & PropagationTargets.Log) == 0 ? Traits.Unlogged : Traits.None)
        | ((targets & PropagationTargets.Replicas) == 0 ? Traits.Unstreamed : Traits.None));

    /// <summary>The requests of a transaction whose EXEC comes from here: nobody waits within it.</summary>
    public Origin WithinTransaction => new(
        (_traits & ~Traits.Blocks) | Traits.SharesTime | (IsRepetition ? Traits.None : Traits.Rechecks));

    /// <summary>The request is one of a transaction that runs now.</summary>
    public bool IsInTransaction => (_traits & (Traits.SharesTime | Traits.Scripted)) == Traits.SharesTime;

    /// <summary>The request passed the gates some time ago: whether its user may run it is asked again.</summary>
    public bool IsRechecked => Has(Traits.Rechecks);

    /// <summary>Its changes are thrown away: it touches nothing but keys.</summary>
    public bool IsRehearsed => Has(Traits.Rehearses);

    /// <summary>The same for the rest of a command, which MONITOR was shown.</summary>
    internal Origin Again => new(_traits & ~Traits.Shows);

    private bool Has(Traits trait) => (_traits & trait) != 0;
}
