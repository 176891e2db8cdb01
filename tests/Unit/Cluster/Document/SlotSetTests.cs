using System.Collections.Immutable;
using Bixbite.Cluster.Document;
using Xunit;

namespace Bixbite.Unit.Cluster.Document;

public sealed class SlotSetTests
{
    [Fact]
    public void BehavesLikeASet()
    {
        int seed = Random.Shared.Next();
        TestContext.Current.SendDiagnosticMessage($"seed {seed}");
        var random = new Random(seed);
        SlotSet slots = SlotSet.Empty;
        SortedSet<int> model = [];
        for (int step = 0; step < 200; step++)
        {
            int first = random.Next(SlotSet.SlotCount);
            var range = new SlotRange(first, Math.Min(first + random.Next(random.Next(2) == 0 ? 3 : 3_000), SlotSet.SlotCount - 1));
            bool isAdded = random.Next(2) == 0;
            SlotSet change = SlotSet.Of(range);
            int common = Enumerable.Range(range.First, range.Count).FirstOrDefault(model.Contains, -1);
            int missing = Enumerable.Range(range.First, range.Count).FirstOrDefault(slot => !model.Contains(slot), -1);
            Assert.Equal(common, slots.FirstCommon(change));
            Assert.Equal(missing, change.FirstMissingIn(slots));
            slots = isAdded ? slots.With(change) : slots.Without(change);
            for (int slot = range.First; slot <= range.Last; slot++)
            {
                _ = isAdded ? model.Add(slot) : model.Remove(slot);
            }
            Assert.Equal(model.Count, slots.Count);
            Assert.Equal(model.Contains(first), slots.Contains(first));
            Assert.Equal(slots, SlotSet.TryFrom(slots.Ranges));
        }
        Assert.Equal(model, Enumerable.Range(0, SlotSet.SlotCount).Where(slots.Contains));
    }

    [Fact]
    public void RangesInDisorderAreRefused()
    {
        Assert.NotNull(SlotSet.TryFrom([new SlotRange(0, 1), new SlotRange(3, 16383)]));
        Assert.Null(SlotSet.TryFrom([new SlotRange(0, 1), new SlotRange(2, 3)]));
        Assert.Null(SlotSet.TryFrom([new SlotRange(2, 1)]));
        Assert.Null(SlotSet.TryFrom([new SlotRange(0, 16384)]));
        Assert.Null(SlotSet.TryFrom([new SlotRange(5, 5), new SlotRange(3, 3)]));
        Assert.Equal("", SlotSet.TryFrom(ImmutableArray<SlotRange>.Empty)!.ToString());
    }
}
