using Bixbite.Cluster.Document;
using Xunit;

namespace Bixbite.Unit.Cluster.Document;

public sealed class ClusterDocumentTests
{
    private readonly ClusterId _node = ClusterId.Draw();
    private readonly ClusterId _shard = ClusterId.Draw();

    [Fact]
    public void AnIdIsFortyHexDigits()
    {
        ClusterId id = ClusterId.Draw();
        string text = id.ToString();
        Assert.Equal(ClusterId.TextLength, text.Length);
        Assert.True(ClusterId.TryParse(System.Text.Encoding.ASCII.GetBytes(text), out ClusterId read));
        Assert.Equal(id, read);
        foreach (string wrong in (string[])["", text[1..], text + "0", text.ToUpperInvariant(), "g" + text[1..], " " + text[1..]])
        {
            bool isSame = wrong == text;
            Assert.Equal(isSame, ClusterId.TryParse(System.Text.Encoding.ASCII.GetBytes(wrong), out _));
        }
    }

    [Fact]
    public void ALoneNodeTakesAndGivesUpSlots()
    {
        ClusterDocument document = Alone();
        document = Expect(document, new AssignSlots(_shard, Slots(0, 99)), ChangeOutcome.Applied);
        Assert.Equal(2, document.Version);
        Assert.Equal(1, document.Shards[_shard].Epoch);
        Assert.Equal(_shard, document.OwnerOf(99)?.Id);
        Assert.Null(document.OwnerOf(100));
        ChangeResult owned = document.Apply(new AssignSlots(_shard, Slots(50, 150)));
        Assert.Equal((ChangeOutcome.SlotOwned, 50), (owned.Outcome, owned.Slot));
        Assert.Same(document, owned.Document);
        ChangeResult missing = document.Apply(new ReleaseSlots(_shard, Slots(90, 100)));
        Assert.Equal((ChangeOutcome.SlotNotOwned, 100), (missing.Outcome, missing.Slot));
        document = Expect(document, new ReleaseSlots(_shard, Slots(10, 19)), ChangeOutcome.Applied);
        Assert.Equal("0-9 20-99", document.Shards[_shard].Slots.ToString());
        Expect(document, new RemoveNode(_node), ChangeOutcome.LastNode);
        Expect(document, new SetNodeFlags(_node, IsVoter: false, IsLeaving: false), ChangeOutcome.LastVoter);
    }

    [Fact]
    public void ANodeJoinsWithItsSlots()
    {
        ClusterDocument document = Expect(Alone(), new AssignSlots(_shard, Slots(0, 99)), ChangeOutcome.Applied);
        ClusterNode second = NodeAt(7001);
        Expect(document, new JoinNode(second, Slots(99, 200), 3), ChangeOutcome.SlotOwned);
        document = Expect(document, new JoinNode(second, Slots(100, 200), 3), ChangeOutcome.Applied);
        Assert.Equal(3, document.Epoch);
        Assert.True(document.IsPrimary(second.Id));
        Expect(document, new JoinNode(second, SlotSet.Empty, 0), ChangeOutcome.NodeExists);
        Expect(document, new JoinNode(NodeAt(7001), SlotSet.Empty, 0), ChangeOutcome.AddressInUse);
        ClusterNode replica = NodeAt(7002) with { Shard = second.Shard };
        document = Expect(document, new JoinNode(replica, SlotSet.Empty, 0), ChangeOutcome.Applied);
        Assert.Equal([replica.Id], document.ReplicasOf(document.Shards[second.Shard]).Select(node => node.Id));
        Expect(document, new RemoveNode(second.Id), ChangeOutcome.HasSlots);
        document = Expect(document, new GiveSlots(second.Shard, _shard, Slots(100, 200)), ChangeOutcome.Applied);
        Expect(document, new RemoveNode(second.Id), ChangeOutcome.HasReplicas);
        document = Expect(document, new RemoveNode(replica.Id), ChangeOutcome.Applied);
        document = Expect(document, new RemoveNode(second.Id), ChangeOutcome.Applied);
        Assert.False(document.Shards.ContainsKey(second.Shard));
    }

    [Fact]
    public void AReplicaLeadsAtTheNextEpochOnly()
    {
        ClusterDocument document = Expect(Alone(), new AssignSlots(_shard, SlotSet.Full), ChangeOutcome.Applied);
        ClusterNode replica = NodeAt(7001) with { Shard = _shard };
        document = Expect(document, new JoinNode(replica, SlotSet.Empty, 0), ChangeOutcome.Applied);
        Expect(document, new LeadShard(_shard, replica.Id, ExpectedEpoch: 0), ChangeOutcome.EpochChanged);
        Expect(document, new LeadShard(_shard, _node, ExpectedEpoch: 1), ChangeOutcome.NothingChanged);
        document = Expect(document, new LeadShard(_shard, replica.Id, ExpectedEpoch: 1), ChangeOutcome.Applied);
        Assert.Equal((replica.Id, 2L), (document.Shards[_shard].Primary, document.Shards[_shard].Epoch));
        document = Expect(document, new LeaveShard(_node, ClusterId.Draw()), ChangeOutcome.Applied);
        Assert.True(document.IsPrimary(_node));
        Assert.True(document.ShardOf(_node)!.Slots.IsEmpty);
    }

    [Fact]
    public void AMoveGivesItsSlotsOnlyWhileItsPrimariesLead()
    {
        ClusterDocument document = Expect(Alone(), new AssignSlots(_shard, SlotSet.Full), ChangeOutcome.Applied);
        ClusterNode second = NodeAt(7001);
        document = Expect(document, new JoinNode(second, SlotSet.Empty, 0), ChangeOutcome.Applied);
        ClusterNode replica = NodeAt(7002) with { Shard = _shard };
        document = Expect(document, new JoinNode(replica, SlotSet.Empty, 0), ChangeOutcome.Applied);
        ClusterId first = ClusterId.Draw();
        document = Expect(document, new BeginMove(first, _shard, second.Shard, Slots(0, 9)), ChangeOutcome.Applied);
        Expect(document, new BeginMove(ClusterId.Draw(), _shard, second.Shard, Slots(9, 10)), ChangeOutcome.SlotMoving);
        Expect(document, new ReleaseSlots(_shard, Slots(5, 5)), ChangeOutcome.SlotMoving);
        ClusterId later = ClusterId.Draw();
        document = Expect(document, new BeginMove(later, _shard, second.Shard, Slots(10, 19)), ChangeOutcome.Applied);
        document = Expect(document, new EndMove(first, MoveState.Succeeded), ChangeOutcome.Applied);
        Assert.Equal("0-9", document.Shards[second.Shard].Slots.ToString());
        document = Expect(document, new LeadShard(_shard, replica.Id, document.Shards[_shard].Epoch), ChangeOutcome.Applied);
        Expect(document, new EndMove(later, MoveState.Succeeded), ChangeOutcome.MoveIsOver);
        Assert.Equal(["Succeeded", "Failed"], document.Moves.Select(move => move.State.ToString()));
    }

    [Fact]
    public void OnlyWhatChangesLeadToIsRead()
    {
        ClusterDocument document = Expect(Alone(), new AssignSlots(_shard, Slots(0, 99)), ChangeOutcome.Applied);
        byte[] bytes = document.ToBytes();
        Assert.True(ClusterDocument.TryRead(bytes, out ClusterDocument? read));
        Assert.Equal(bytes, read.ToBytes());
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.False(ClusterDocument.TryRead(bytes.AsSpan(0, length), out _));
        }
        Assert.False(ClusterDocument.TryRead([.. bytes, 0], out _));
        Refuse(document with { Shards = document.Shards.SetItem(_shard, document.Shards[_shard] with { Primary = ClusterId.Draw() }) });
        Refuse(document with { Epoch = 0 });
        Refuse(document with { Nodes = document.Nodes.SetItem(_node, document.Nodes[_node] with { Flags = NodeFlags.None }) });
        ClusterId other = ClusterId.Draw();
        ClusterNode node = NodeAt(7001);
        Refuse(document with
        {
            Nodes = document.Nodes.Add(node.Id, node with { Shard = other }),
            Shards = document.Shards.Add(other, new ClusterShard(other, node.Id, 0, Slots(99, 99))),
        });
    }

    [Fact]
    public void AThousandNodesAreSomeHundredKilobytes()
    {
        ClusterDocument document = Alone();
        for (int i = 1; i < 1_000; i++)
        {
            document = document.Apply(new JoinNode(NodeAt(7000 + i), Slots(i * 16, (i * 16) + 15), 0)).Document;
        }
        Assert.Equal(1_000, document.Nodes.Count);
        Assert.InRange(document.ToBytes().Length, 100_000, 160_000);
    }

    private static void Refuse(ClusterDocument document) => Assert.False(ClusterDocument.TryRead(document.ToBytes(), out _));

    private static ClusterDocument Expect(ClusterDocument document, ClusterChange change, ChangeOutcome outcome)
    {
        ChangeResult result = document.Apply(change);
        Assert.Equal(outcome, result.Outcome);
        if (!result.IsApplied)
        {
            Assert.Same(document, result.Document);
        }
        return result.Document;
    }

    private static SlotSet Slots(int first, int last) => SlotSet.Of(new SlotRange(first, last));

    private static ClusterNode NodeAt(int port) =>
        new(ClusterId.Draw(), new NodeAddress("10.0.0.1", port, 0, port + 10_000), ClusterId.Draw(), NodeFlags.None);

    private ClusterDocument Alone() => ClusterDocument.Alone(
        ClusterId.Draw(), new ClusterNode(_node, new NodeAddress("", 7000, 0, 17000), _shard, NodeFlags.None));
}
