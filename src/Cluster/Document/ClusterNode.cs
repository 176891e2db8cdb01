namespace Bixbite.Cluster.Document;

/// <summary>A member. Whether it leads its shard, the shard tells.</summary>
public sealed record ClusterNode(ClusterId Id, NodeAddress Address, ClusterId Shard, NodeFlags Flags)
{
    public bool IsVoter => (Flags & NodeFlags.Voter) != 0;

    public bool IsLeaving => (Flags & NodeFlags.Leaving) != 0;

    public bool IsWitness => (Flags & NodeFlags.Witness) != 0;

    internal bool IsValid =>
        !Id.IsNone && Address.IsValid && (Flags & ~NodeFlags.All) == 0 && IsWitness == Shard.IsNone;
}
