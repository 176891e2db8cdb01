using Bixbite.Cluster.Document;

namespace Bixbite.Cluster.Bus;

/// <summary>This node as others on the bus see it.</summary>
/// <param name="Cluster">None while the node looks for a cluster to join.</param>
/// <param name="Node">This node.</param>
/// <param name="Secret">Shared by all nodes of the cluster; without bytes whoever reaches the port is taken for what it says.</param>
public sealed record BusIdentity(ClusterId Cluster, ClusterId Node, ReadOnlyMemory<byte> Secret)
{
    /// <summary>Whether a peer of that cluster may speak to this node: of the same one, or one of both is in none yet.</summary>
    internal bool MaySpeakWith(BusHello peer) =>
        peer.Version == BusHello.CurrentVersion
        && peer.Node != Node
        && (peer.Cluster == Cluster || peer.Cluster.IsNone || Cluster.IsNone);
}

/// <summary>Answers a question of another node, or takes note of what it tells; null where there is no answer.</summary>
public delegate ValueTask<ReadOnlyMemory<byte>?> BusAnswer(
    BusConnection from, byte topic, ReadOnlyMemory<byte> payload, CancellationToken cancellation);
