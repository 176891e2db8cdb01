using Bixbite.Cluster.Document;

namespace Bixbite.Cluster.Control.Leases;

/// <summary>A node tells the leader of itself.</summary>
/// <param name="Node">Who reports.</param>
/// <param name="Shard">Of the node, as it knows the document; none for a witness.</param>
/// <param name="Epoch">Of that shard.</param>
/// <param name="Offset">How far its stream goes; -1 while it has no whole copy.</param>
/// <param name="SentUs">When it was sent, by the node's own clock: nobody else can read anything from it.</param>
/// <param name="AsksForLease">It takes itself for the primary.</param>
public readonly record struct NodeReport(ClusterId Node, ClusterId Shard, long Epoch, long Offset, long SentUs, bool AsksForLease);

/// <summary>A replica follows the old primary no longer.</summary>
/// <param name="Node">The replica.</param>
/// <param name="Shard">That it belongs to.</param>
/// <param name="Epoch">For which it was sealed: the one after the shard's.</param>
/// <param name="Round">That was asked.</param>
/// <param name="StreamEpoch">Of the primary whose stream it has: an older one may be longer, by what nobody acknowledged.</param>
/// <param name="Offset">How far its stream goes, which is as far as it ever will; -1 if it has no whole copy.</param>
/// <param name="SentUs">By the replica's own clock; its first lease counts from there.</param>
public readonly record struct SealAnswer(
    ClusterId Node, ClusterId Shard, long Epoch, long Round, long StreamEpoch, long Offset, long SentUs);
