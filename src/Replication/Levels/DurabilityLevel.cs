using System.Globalization;

namespace Bixbite.Replication.Levels;

/// <summary>The places that a change has to have reached before its reply leaves.</summary>
/// <param name="IsLocal">This server's disk, by the append only log.</param>
/// <param name="ReplicaCount">So many replicas.</param>
/// <param name="TimeoutMs">After so many milliseconds the reply leaves all the same, and says so; 0 is never.</param>
public readonly record struct DurabilityLevel(bool IsLocal, int ReplicaCount, long TimeoutMs)
{
    /// <summary>No more replicas than this can be asked for.</summary>
    public const int ReplicaCountMax = 8;

    /// <summary>None beside those that the settings promise to all.</summary>
    public static DurabilityLevel None => default;

    public static DurabilityLevel Local => new(IsLocal: true, ReplicaCount: 0, TimeoutMs: 0);

    /// <summary>The words by which it is asked for.</summary>
    public override string ToString() => IsLocal ? "local"
        : ReplicaCount == 0 ? "none"
        : TimeoutMs == 0 ? string.Create(CultureInfo.InvariantCulture, $"replicas {ReplicaCount}")
        : string.Create(CultureInfo.InvariantCulture, $"replicas {ReplicaCount} {TimeoutMs}");
}
