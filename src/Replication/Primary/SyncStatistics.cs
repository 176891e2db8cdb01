namespace Bixbite.Replication.Primary;

/// <summary>How often replicas have asked for the data, since the start or the last CONFIG RESETSTAT.</summary>
public sealed class SyncStatistics
{
    /// <summary>They were to get all of it.</summary>
    public long FullCount { get; set; }

    /// <summary>They went on where they were.</summary>
    public long PartialCount { get; set; }

    /// <summary>They asked to go on where they were, and could not.</summary>
    public long RefusedPartialCount { get; set; }

    public void Reset()
    {
        FullCount = 0;
        PartialCount = 0;
        RefusedPartialCount = 0;
    }
}
