using Bixbite.Cluster.Control;
using Bixbite.Cluster.Document;
using Xunit;

namespace Bixbite.Unit.Cluster.Control;

public sealed class VoterChoiceTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(3, 3)]
    [InlineData(4, 3)]
    [InlineData(6, 5)]
    [InlineData(30, 7)]
    public void AnOddNumberVotes(int nodes, int voters) =>
        Assert.Equal(voters, Settled(DocumentOf(nodes, shards: nodes), [Name(1)], _ => true).Count);

    [Fact]
    public void EachShardHasAVoterBeforeOneHasTwo()
    {
        ClusterDocument document = DocumentOf(nodes: 9, shards: 3);
        HashSet<ClusterId> voters = Settled(document, [Name(1)], _ => true);
        Assert.All(
            document.Shards.Keys,
            shard => Assert.InRange(voters.Count(voter => document.Nodes[voter].Shard == shard), 2, 3));
    }

    [Fact]
    public void WhoIsSilentIsReplacedIfThereIsAnother()
    {
        HashSet<ClusterId> three = [Name(1), Name(2), Name(3)];
        Assert.Equal(three, Settled(DocumentOf(3, 3), three, id => id != Name(2)));
        Assert.Equal([Name(1), Name(3), Name(4)], Settled(DocumentOf(4, 4), three, id => id != Name(2)).Order());
    }

    [Fact]
    public void WhoLeavesOrHasLeftVotesNoLonger()
    {
        ClusterDocument document = DocumentOf(4, 4);
        document = document.Apply(new SetNodeFlags(Name(1), IsVoter: true, IsLeaving: true)).Document;
        HashSet<ClusterId> voters = Settled(document, [Name(1), Name(2), Name(99)], _ => true);
        Assert.Equal([Name(2), Name(3), Name(4)], voters.Order());
    }

    private static ClusterId Name(int number) => new((UInt128)number, 1);

    /// <summary>The steps until there is no more to do; a step never leaves a majority of voters that are not heard.</summary>
    private static HashSet<ClusterId> Settled(ClusterDocument document, IEnumerable<ClusterId> first, Func<ClusterId, bool> isHeard)
    {
        HashSet<ClusterId> voters = [.. first];
        for (int step = 0; step < 100; step++)
        {
            (ClusterId added, ClusterId removed) = VoterChoice.Next(document, voters, isHeard);
            if (added.IsNone && removed.IsNone)
            {
                return voters;
            }
            Assert.True(added.IsNone ? voters.Remove(removed) : voters.Add(added));
            Assert.InRange(voters.Count, 1, ClusterDocument.VotersMax);
        }
        Assert.Fail("it never ends");
        return voters;
    }

    private static ClusterDocument DocumentOf(int nodes, int shards)
    {
        ClusterDocument document = ClusterDocument.Alone(Name(200), Member(1, shards));
        for (int number = 2; number <= nodes; number++)
        {
            ChangeResult result = document.Apply(new JoinNode(Member(number, shards), SlotSet.Empty, Epoch: 0));
            Assert.True(result.IsApplied);
            document = result.Document;
        }
        return document;
    }

    private static ClusterNode Member(int number, int shards) => new(
        Name(number), new NodeAddress("10.0.0." + number, 6379, 0, 16379), Name(300 + (number % shards)), NodeFlags.None);
}
