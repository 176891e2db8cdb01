using Bixbite.Cluster.Document;

namespace Bixbite.Cluster.Control.Leases;

/// <summary>Something that the leader is to do now.</summary>
public abstract record FailoverAction(ClusterId Shard);

/// <summary>
/// Asks the replica to leave the old primary, and how far its stream goes. The answer names the round: what was answered in an earlier one
/// may be late, and the replica may have followed again since.
/// </summary>
public sealed record SealReplica(ClusterId Shard, ClusterId Replica, long Epoch, long Round) : FailoverAction(Shard);

/// <summary>
/// Proposes the change. If it takes effect the node has a lease for the next epoch, from the time on at which it sent its answer.
/// </summary>
public sealed record PromoteReplica(ClusterId Shard, ClusterId Replica, long ExpectedEpoch, long SentUs) : FailoverAction(Shard);

/// <summary>
/// The primary is there again, and no other can lead: the epoch is raised, so that the sealed replicas follow it again, and it gets leases.
/// </summary>
public sealed record KeepPrimary(ClusterId Shard, long ExpectedEpoch) : FailoverAction(Shard);

/// <summary>Nobody can lead before these replicas are back. Told once, for the log.</summary>
public sealed record MissReplicas(ClusterId Shard, IReadOnlyList<ClusterId> Replicas) : FailoverAction(Shard);
