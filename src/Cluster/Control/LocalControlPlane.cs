using Bixbite.Cluster.Document;
using Bixbite.Cluster.Routing;
using Bixbite.Cluster.Storage;

namespace Bixbite.Cluster.Control;

/// <summary>
/// The control plane of a cluster of one: what is proposed is decided at once. A change is in effect when the node's file has it.
/// </summary>
public sealed class LocalControlPlane(ClusterState state, ClusterFile file, Func<long> offset) : IControlPlane
{
    public (long Sent, long Received) MessageCounts => default;

    public void Propose(ClusterChange change, Action<ProposalResult> done)
    {
        ClusterId self = state.View.Self.Id;
        ChangeResult result = state.View.Document.Apply(change);
        string? failure = null;
        if (result.IsApplied)
        {
            failure = file.Save(new ClusterFileContent(self, result.Document, state.Open));
            if (failure is null)
            {
                state.Use(new ClusterView(result.Document, self));
            }
        }
        done(new ProposalResult(result.Outcome, result.Slot, failure));
    }

    public string? KeepMarks() => file.Save(new ClusterFileContent(state.View.Self.Id, state.View.Document, state.Open));

    public NodeHealth HealthOf(ClusterId node) => new(IsConnected: true, IsFailed: false, 0, 0, offset());
}
