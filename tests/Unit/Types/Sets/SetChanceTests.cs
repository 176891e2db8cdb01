using Bixbite.Types;
using Bixbite.Types.Sets;
using Xunit;

namespace Bixbite.Unit.Types.Sets;

/// <summary>Members chosen at random are evenly distributed, by the chi-square test at a fixed seed.</summary>
public sealed class SetChanceTests
{
    [Theory]
    [InlineData("", 100)]
    [InlineData("", 2000)]
    [InlineData("w", 100)]
    [InlineData("w", 140)]
    [InlineData("w", 3000)]
    public void EveryMemberIsAsLikely(string prefix, int count)
    {
        using var fixture = new SetFixture(seed: 3);
        fixture.AddAll(Enumerable.Range(0, count).Select(i => $"{prefix}{i}"));
        int[] chosen = new int[count];
        int draws = count * 100;
        var sink = new CountingSink(chosen, prefix.Length);
        for (int i = 0; i < draws; i++)
        {
            StoredSet set = fixture.Set.Stored;
            sink.Add(set.MemberAt(set.Choose()));
        }
        AssertEven(chosen, expected: 100, variance: 100);
    }

    [Theory]
    [InlineData("", 100, 40)]
    [InlineData("w", 100, 99)]
    [InlineData("w", 1000, 50)]
    [InlineData("w", 1000, 700)]
    public void EveryMemberIsAsLikelyInASample(string prefix, int count, int sampleSize)
    {
        const int Rounds = 4000;
        using var fixture = new SetFixture(seed: 5);
        fixture.AddAll(Enumerable.Range(0, count).Select(i => $"{prefix}{i}"));
        int[] chosen = new int[count];
        for (int i = 0; i < Rounds; i++)
        {
            var sample = new ListSink([]);
            SetSample.Take(fixture.Set.Stored, sampleSize, ref sample);
            Assert.Equal(sampleSize, sample.Members.Distinct().Count());
            foreach (string member in sample.Members)
            {
                chosen[int.Parse(member[prefix.Length..])]++;
            }
        }
        double share = sampleSize / (double)count;
        AssertEven(chosen, Rounds * share, Rounds * share * (1 - share) * count / (count - 1));
    }

    /// <summary>The statistic has the mean n - 1 and about the deviation sqrt(2 n): four of them are never reached by chance.</summary>
    private static void AssertEven(int[] counts, double expected, double variance)
    {
        double statistic = counts.Sum(count => (count - expected) * (count - expected) / variance);
        double deviation = Math.Sqrt(2 * counts.Length);
        Assert.InRange(statistic, counts.Length - 1 - (4 * deviation), counts.Length - 1 + (4 * deviation));
    }

    private readonly struct CountingSink(int[] counts, int prefixLength) : IMemberSink
    {
        public bool Add(in StoredText member)
        {
            Span<byte> scratch = stackalloc byte[20];
            counts[int.Parse(member.Text(scratch)[prefixLength..])]++;
            return true;
        }
    }
}
