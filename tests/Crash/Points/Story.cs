using Bixbite.Crash.Disk;

namespace Bixbite.Crash.Points;

/// <summary>What must be there after the machine stopped.</summary>
internal enum Promise
{
    /// <summary>What the last finished save saw, or the one under way.</summary>
    Saved,

    /// <summary>All that was acknowledged.</summary>
    Acknowledged,

    /// <summary>What was there at the start, and of the rest a part from its start, of whole steps.</summary>
    Beginning,
}

/// <summary>
/// What a server does while its machine may stop at any moment. A step is a command, several separated by semicolons that are sent at once
/// and count as one, or <see cref="Rest"/>.
/// </summary>
internal sealed record Story(Promise Promise, string[] Options, params string[] Steps)
{
    /// <summary>The step that waits until no snapshot and no rewrite is under way, and nothing waits to be written to the log.</summary>
    public const string Rest = "(rest)";

    /// <summary>Steps on a disk that works, before the story begins.</summary>
    public string[] Before { get; init; } = [];

    /// <summary>What happens to the disk between <see cref="Before"/> and the story.</summary>
    public Action<SimulatedDisk> Damage { get; init; } = _ => { };

    /// <summary>So many of the last writes before the story are lost to the damage.</summary>
    public int DamagedCount { get; init; }

    /// <summary>False on a disk that says it synced and did not: to see that the proof fails then.</summary>
    public bool IsDiskHonest { get; init; } = true;

    /// <summary>Whether a step changes the data.</summary>
    public static bool IsWrite(string step) => step.Split(' ')[0] is not (Rest or "SAVE" or "BGSAVE" or "BGREWRITEAOF" or "CONFIG");
}
