using System.Text;
using Bixbite.Memory;
using Bixbite.Types;
using Bixbite.Types.SortedSets;
using Bixbite.Unit.Structures;
using Xunit;

namespace Bixbite.Unit.Types.SortedSets;

public sealed class SortedSetValueTests
{
    /// <summary>Small, large from the first element on, and growing from small to large; scores mostly different or mostly equal.</summary>
    [Theory]
    [InlineData(128, 60, 3_000, false)]
    [InlineData(128, 60, 3_000, true)]
    [InlineData(0, 700, 8_000, false)]
    [InlineData(0, 700, 8_000, true)]
    [InlineData(40, 300, 6_000, false)]
    public void BehavesAsTheModel(int packedMax, int memberCount, int steps, bool hasFewScores)
    {
        Random random = Seed.NewRandom();
        using var heap = new Heap();
        using (var holder = new SortedSetHolder(heap))
        {
            holder.Context.Limits.SortedSetEntriesMax = packedMax;
            var trial = new SortedSetTrial(holder, random, memberCount, hasFewScores);
            for (int step = 0; step < steps; step++)
            {
                trial.Step(isGrowing: step / (steps / 4) % 2 == 0);
                if (step % 200 == 0)
                {
                    trial.Verify();
                }
            }
            trial.Verify();
            Assert.Equal(packedMax < memberCount, holder.IsLarge);
        }
        Assert.Equal(0, heap.UsedBytes);
    }

    /// <summary>Ranges of members where all scores are equal.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    public void MembersOfOneScoreAreInTheOrderOfTheirBytes(int packedMax)
    {
        using var heap = new Heap();
        using var holder = new SortedSetHolder(heap);
        holder.Context.Limits.SortedSetEntriesMax = packedMax;
        string[] members = ["", "a", "aa", "b", "ba", "c", "10", "9", "-1", "Z"];
        foreach (string member in members)
        {
            holder.Set.Add(Encoding.UTF8.GetBytes(member), 0);
        }
        List<string> sorted = [.. members.Order(StringComparer.Ordinal)];
        foreach (string min in members)
        {
            foreach (string max in members)
            {
                LexBound low = LexBound.At(Encoding.UTF8.GetBytes(min), isExclusive: true);
                LexBound high = LexBound.At(Encoding.UTF8.GetBytes(max), isExclusive: false);
                int first = sorted.IndexOf(min) + 1;
                int count = Math.Max(sorted.IndexOf(max) - first + 1, 0);
                Assert.Equal(new RankRange(first, count), holder.Set.RangeOf(new LexRange(low, high)));
            }
        }
        Assert.Equal(sorted.Count, holder.Set.RangeOf(new LexRange(LexBound.Lowest, LexBound.Highest)).Count);
        Assert.True(holder.Set.RangeOf(new LexRange(LexBound.Highest, LexBound.Lowest)).IsEmpty);
        Assert.True(holder.Set.RangeOf(new LexRange(LexBound.Highest, LexBound.Highest)).IsEmpty);
    }

    [Fact]
    public void AScoreMayChangeWithoutTheElementMoving()
    {
        Random random = Seed.NewRandom();
        using var heap = new Heap();
        using var holder = new SortedSetHolder(heap);
        holder.Context.Limits.SortedSetEntriesMax = 0;
        for (int i = 0; i < 500; i++)
        {
            holder.Set.Add(BitConverter.GetBytes(i), i * 10);
        }
        for (int round = 0; round < 2_000; round++)
        {
            int i = random.Next(500);
            Assert.NotEqual(AddOutcome.Added, holder.Set.Add(BitConverter.GetBytes(i), (i * 10) + random.Next(-4, 5)));
            Assert.True(holder.Set.TryRankOf(BitConverter.GetBytes(i), out long rank, out _));
            Assert.Equal(i, rank);
        }
        holder.Verify();
    }

    [Fact]
    public void ADuplicateIsASetOfItsOwn()
    {
        using var heap = new Heap();
        ulong copy;
        using (var holder = new SortedSetHolder(heap))
        {
            for (int i = 0; i < 1_000; i++)
            {
                holder.Set.Add(Encoding.UTF8.GetBytes($"member:{i}"), i % 7);
            }
            copy = holder.Context.Types.Collection(KeyType.SortedSet).Duplicate(holder.Context, holder.Root);
            Assert.Equal(
                holder.Context.Types.Collection(KeyType.SortedSet).SizeOf(holder.Context, copy) / 1000.0,
                holder.Context.Types.Collection(KeyType.SortedSet).SizeOf(holder.Context, holder.Root) / 1000.0, tolerance: 10);
        }
        var context = new ValueContext(heap, seed: 11);
        Assert.Equal(1_000, context.Types.Collection(KeyType.SortedSet).CountOf(context, copy));
        new SortedSetRoot(context, copy).Verify();
        int slices = 0;
        while (context.Types.Collection(KeyType.SortedSet).ReleaseSome(context, copy, 100))
        {
            slices++;
        }
        Assert.InRange(slices, 5, 30);
        Assert.Equal(0, heap.UsedBytes);
    }

    [Fact]
    public void WhatIsBuiltIsSmallOrLargeAsItFits()
    {
        using var heap = new Heap();
        foreach (int count in (int[])[0, 1, 128, 129, 5_000])
        {
            using var holder = new SortedSetHolder(heap);
            var builder = new SortedSetBuilder(holder.Context);
            using SortedSetBuilder.Scope scope = builder.Begin();
            for (int i = 0; i < count; i++)
            {
                builder.Add(Encoding.UTF8.GetBytes($"{i}"), i % 3);
            }
            holder.Set.Take(builder);
            Assert.Equal(count > 128, holder.IsLarge);
            Assert.Equal(count, holder.Set.Count);
            holder.Verify();
        }
        Assert.Equal(0, heap.UsedBytes);
    }

    [Fact]
    public void AMillionElementsTakeLittleMemory()
    {
        const int count = 1_000_000;
        using var heap = new Heap(isFenced: false);
        using var holder = new SortedSetHolder(heap);
        var random = new Random(4);
        for (int i = 0; i < count; i++)
        {
            holder.Set.Add(Encoding.UTF8.GetBytes($"member{i:D6}"), random.Next(count));
        }
        double bytes = (double)heap.UsedBytes / count;
        Assert.InRange(bytes, 20, 52);
        TestContext.Current.TestOutputHelper?.WriteLine($"{bytes} bytes per element");
    }

    [Theory]
    [InlineData(double.NegativeInfinity, double.MinValue)]
    [InlineData(double.MinValue, -1)]
    [InlineData(-1, -0.5)]
    [InlineData(-double.Epsilon * 1e15, 0)]
    [InlineData(0, 1e-300)]
    [InlineData(1, 2)]
    [InlineData((1L << 40) - 2, (1L << 40) - 1)]
    [InlineData(double.MaxValue, double.PositiveInfinity)]
    public void PrefixesAreInTheOrderOfScores(double lower, double higher)
    {
        Assert.True(Scores.PrefixOf(lower) < Scores.PrefixOf(higher));
        Assert.Equal(Scores.PrefixOf(0.0), Scores.PrefixOf(-0.0));
    }
}
