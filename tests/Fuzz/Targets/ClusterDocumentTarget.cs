using Bixbite.Cluster.Document;

namespace Bixbite.Fuzz.Targets;

/// <summary>
/// Any bytes are a document, or a change, or refused; what is read says the same again, and a change leads to a document.
/// </summary>
internal static class ClusterDocumentTarget
{
    private static readonly ClusterId s_node = new(1, 2);
    private static readonly ClusterId s_shard = new(3, 4);
    private static readonly ClusterId s_move = new(5, 6);
    private static readonly ClusterDocument s_document = Make();

    public static IReadOnlyList<byte[]> Seeds { get; } = [s_document.ToBytes(), .. Changes().Select(change => change.ToBytes())];

    public static void Run(ReadOnlySpan<byte> input)
    {
        if (ClusterDocument.TryRead(input, out ClusterDocument? document) && !document.ToBytes().AsSpan().SequenceEqual(input))
        {
            throw new InvalidOperationException("A document is written differently from how it was read.");
        }
        if (!ClusterChange.TryRead(input, out ClusterChange? change))
        {
            return;
        }
        ChangeResult result = s_document.Apply(change);
        if (!ClusterDocument.TryRead(result.Document.ToBytes(), out _))
        {
            throw new InvalidOperationException($"A change leads to a document that is none: {change}");
        }
    }

    private static ClusterDocument Make()
    {
        var document = ClusterDocument.Alone(new ClusterId(7, 8), new ClusterNode(s_node, Address(7000), s_shard, NodeFlags.None));
        foreach (ClusterChange change in Changes().Take(4))
        {
            document = document.Apply(change).Document;
        }
        return document;
    }

    private static NodeAddress Address(int port) => new("10.0.0.1", port, 0, port + 10_000, "host", "name");

    private static IEnumerable<ClusterChange> Changes()
    {
        var second = new ClusterNode(new ClusterId(9, 10), Address(7001), new ClusterId(11, 12), NodeFlags.None);
        SlotSet few = SlotSet.Of(new SlotRange(3, 5), new SlotRange(9, 9));
        yield return new AssignSlots(s_shard, SlotSet.Of(new SlotRange(0, 99)));
        yield return new JoinNode(second, SlotSet.Of(new SlotRange(200, 300)), 1);
        yield return new JoinNode(second with { Id = new ClusterId(13, 14), Address = Address(7002), Shard = s_shard }, SlotSet.Empty, 0);
        yield return new BeginMove(s_move, s_shard, second.Shard, few);
        yield return new EndMove(s_move, MoveState.Succeeded);
        yield return new RemoveNode(new ClusterId(13, 14));
        yield return new UpdateAddress(s_node, Address(7003));
        yield return new SetNodeFlags(s_node, IsVoter: true, IsLeaving: true);
        yield return new ReleaseSlots(s_shard, SlotSet.Of(new SlotRange(50, 60)));
        yield return new GiveSlots(s_shard, second.Shard, SlotSet.Of(new SlotRange(50, 60)));
        yield return new FollowShard(second.Id, s_shard);
        yield return new LeadShard(s_shard, new ClusterId(13, 14), 1);
        yield return new LeaveShard(new ClusterId(13, 14), new ClusterId(15, 16));
        yield return new SetReplicasMin(s_shard, 1);
        yield return new RaiseEpoch(s_shard, 0);
    }
}
