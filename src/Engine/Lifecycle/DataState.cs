namespace Bixbite.Engine.Lifecycle;

/// <summary>
/// Whether the data can be used, and changed, at all: what the gates ask before each command. Those who load and save say so here.
/// </summary>
public sealed class DataState
{
    /// <summary>The data set is being loaded: only commands that need none of it run.</summary>
    public bool IsLoading { get; set; }

    /// <summary>The last background save failed.</summary>
    public bool HasSnapshotFailed { get; set; }

    /// <summary>Why the append only log cannot be written now; 0 if it can, or there is none.</summary>
    public int AofErrno { get; set; }

    /// <summary>Something of this is the case, so not every command may run.</summary>
    public bool RefusesCommands => IsLoading || HasSnapshotFailed || AofErrno != 0;
}
