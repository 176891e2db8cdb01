using Bixbite.Engine.Sessions;

namespace Bixbite.Cluster.Routing;

/// <summary>A cluster keeps flags of a client only: READONLY and ASKING, which end with RESET.</summary>
public sealed class ReplicaReaders(ClusterState state) : ISessionPart
{
    public ClusterState State => state;

    void ISessionPart.Reset(Session session) =>
        session.Set(SessionFlags.ReadsReplica | SessionFlags.Asked | SessionFlags.Asking, false);

    void ISessionPart.End(Session session)
    {
    }

    void ISessionPart.Describe(ClientText text) => text.AddFlag('r', static session => session.Has(SessionFlags.ReadsReplica));
}
