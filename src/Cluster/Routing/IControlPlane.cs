using Bixbite.Cluster.Document;

namespace Bixbite.Cluster.Routing;

/// <summary>Decides on changes of the document, and knows how the other nodes are. Called under the execution lock.</summary>
public interface IControlPlane
{
    /// <summary>
    /// Proposes a change. <paramref name="done"/> is called under the execution lock when it is decided, before this returns or later; by
    /// then the view that follows from it is in place.
    /// </summary>
    void Propose(ClusterChange change, Action<ProposalResult> done);

    /// <summary>Keeps the marks of open slots, which only this node has; what has gone wrong, or nothing.</summary>
    string? KeepMarks();

    /// <summary>How a node is, as far as it is known here.</summary>
    NodeHealth HealthOf(ClusterId node);

    /// <summary>Messages between nodes since the start.</summary>
    (long Sent, long Received) MessageCounts { get; }
}
