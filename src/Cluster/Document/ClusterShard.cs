namespace Bixbite.Cluster.Document;

/// <summary>One primary and its replicas, which have the keys of some slots.</summary>
/// <param name="Id">Stays the same whoever leads.</param>
/// <param name="Primary">A node of this shard.</param>
/// <param name="Epoch">Raised by every change of the primary and the slots.</param>
/// <param name="Slots">Those whose keys it has; no other shard has any of them.</param>
/// <param name="ReplicasMin">Replicas that have a write before it is acknowledged, at least.</param>
public sealed record ClusterShard(ClusterId Id, ClusterId Primary, long Epoch, SlotSet Slots, int ReplicasMin = 0)
{
    internal bool IsValid =>
        !Id.IsNone && !Primary.IsNone && Epoch is >= 0 and < ClusterDocument.EpochMax
        && ReplicasMin is >= 0 and <= ClusterDocument.NodesMax;
}
