using Bixbite.Cluster.Document;
using Xunit;

namespace Bixbite.Unit.Cluster.Document;

/// <summary>Whatever changes come in whatever order, each document obeys the rules, and every node gets the same one.</summary>
public sealed class RandomChangesTests
{
    private const int StepCount = 3_000;

    [Fact]
    public void TheRulesHoldAndBytesSaySame()
    {
        int seed = Random.Shared.Next();
        TestContext.Current.SendDiagnosticMessage($"seed {seed}");
        var random = new Random(seed);
        var changes = new RandomChanges(random);
        ClusterDocument document = changes.First();
        ClusterDocument follower = document;
        var applied = new HashSet<ChangeKind>();
        for (int step = 0; step < StepCount; step++)
        {
            ClusterChange change = changes.Next(document);
            Assert.True(ClusterChange.TryRead(change.ToBytes(), out ClusterChange? told), $"{change}");
            Assert.Equal(change, told);
            ChangeResult result = document.Apply(change);
            ChangeResult elsewhere = follower.Apply(told);
            Assert.Equal(result.Outcome, elsewhere.Outcome);
            RequireFollows(document, result, change);
            document = result.Document;
            follower = elsewhere.Document;
            if (result.IsApplied)
            {
                applied.Add(change.Kind);
            }
            if (step % 50 == 0)
            {
                Assert.Equal(document.ToBytes(), follower.ToBytes());
                Assert.True(ClusterDocument.TryRead(document.ToBytes(), out follower!), $"{change}");
            }
        }
        Assert.Equal(Enum.GetValues<ChangeKind>(), applied.Order());
    }

    private static void RequireFollows(ClusterDocument before, ChangeResult result, ClusterChange change)
    {
        ClusterDocument after = result.Document;
        if (!result.IsApplied)
        {
            Assert.Same(before, after);
            return;
        }
        Assert.Null(DocumentChecks.FaultOf(after) is { } fault ? $"{change}: {fault}" : null);
        Assert.Equal(before.Version + 1, after.Version);
        Assert.True(after.Epoch >= before.Epoch);
        foreach (ClusterShard shard in after.Shards.Values)
        {
            if (before.Shards.GetValueOrDefault(shard.Id) is { } old)
            {
                Assert.True(shard.Epoch >= old.Epoch);
                bool isSame = shard.Primary == old.Primary && shard.Slots.Equals(old.Slots);
                Assert.True(isSame || shard.Epoch > old.Epoch, $"{change}");
            }
        }
        foreach (SlotMove move in before.Moves.Where(move => !move.IsRunning))
        {
            Assert.Equal(move.State, after.Moves.FirstOrDefault(other => other.Id == move.Id)?.State ?? move.State);
        }
    }
}
