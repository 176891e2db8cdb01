namespace Bixbite.Persistence.Saving;

/// <summary>The facts of saved snapshots for INFO and LASTSAVE.</summary>
public sealed class SaveFacts
{
    /// <summary>Unix seconds of the last successful save, or of the start.</summary>
    public long LastSaveUnixSeconds { get; internal set; }

    /// <summary>The last background save that ended did so well.</summary>
    public bool IsLastOk { get; internal set; } = true;

    /// <summary>How long the last background save took, in seconds; -1 if there was none.</summary>
    public long LastDurationSeconds { get; internal set; } = -1;

    /// <summary>The most bytes that the last save took beside the data.</summary>
    public long LastCowBytes { get; internal set; }

    /// <summary>Successful saves since the start.</summary>
    public long SaveCount { get; internal set; }

    /// <summary>Monotonic milliseconds of the last successful save, or of the start.</summary>
    internal long LastSaveMs { get; set; }

    /// <summary>Monotonic milliseconds of the last attempt.</summary>
    internal long LastTryMs { get; set; } = long.MinValue / 2;

    /// <summary>The dirty count that the last successful save covers.</summary>
    internal long SavedDirtyCount { get; set; }
}
