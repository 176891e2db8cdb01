using Bixbite.Cluster.Document;
using DotNext.Net.Cluster.Consensus.Raft;

namespace Bixbite.Consensus;

/// <summary>How a voter takes part.</summary>
/// <param name="Self">The id of its node.</param>
/// <param name="Folder">Where log, snapshots, votes and the list of voters are.</param>
public sealed record RaftOptions(ClusterId Self, string Folder) : IClusterMemberConfiguration
{
    /// <summary>
    /// Milliseconds without a word of the leader after which a follower may want to lead, at least; each waits up to half as much more.
    /// Below 500 a voter that comes back may never be heard.
    /// </summary>
    public int ElectionTimeoutMs { get; init; } = 1000;

    /// <summary>Begins a new log of which this node is the only voter, where there is none.</summary>
    public bool FoundsLog { get; init; }

    public int EntriesPerSnapshot { get; init; } = 1024;

    /// <summary>A request to another voter is given up after it.</summary>
    public TimeSpan RequestTimeout => TimeSpan.FromMilliseconds(ElectionTimeoutMs / 2);

    /// <summary>An engine that neither leads nor follows for so long is started anew.</summary>
    public TimeSpan WatchdogTimeout => TimeSpan.FromMilliseconds(20L * ElectionTimeoutMs);

    double IClusterMemberConfiguration.HeartbeatThreshold => 0.25;

    ElectionTimeout IClusterMemberConfiguration.ElectionTimeout =>
        new() { LowerValue = ElectionTimeoutMs, UpperValue = ElectionTimeoutMs + (ElectionTimeoutMs / 2) };

    bool IClusterMemberConfiguration.Standby => false;

    bool IClusterMemberConfiguration.IsLeaderLeaseEnabled => false;
}
