using System.Text;
using Bixbite.Unit.Structures;
using Xunit;

namespace Bixbite.Unit.Types.Hashes;

public sealed class FieldSampleTests
{
    [Theory]
    [InlineData(1_000, 20)]
    [InlineData(1_000, 1)]
    [InlineData(0, 20)]
    [InlineData(0, 500)]
    [InlineData(0, 1)]
    public void Random_fields_are_fields_and_all_of_them_come(long entriesMax, int fieldCount)
    {
        Seed.NewRandom();
        using HashOwner owner = NewHash(entriesMax, fieldCount);
        var single = new Collector();
        for (int i = 0; i < fieldCount * 30; i++)
        {
            owner.Value.VisitRandom(ref single);
        }
        AssertFields(single, fieldCount);
        var repeated = new Collector();
        owner.Value.VisitRandomRepeatedly(fieldCount * 30, ref repeated);
        Assert.Equal(fieldCount * 30, repeated.Found.Count);
        AssertFields(repeated, fieldCount);
    }

    [Theory]
    [InlineData(1_000, 20)]
    [InlineData(0, 20)]
    [InlineData(0, 500)]
    public void Distinct_fields_are_as_many_as_wanted(long entriesMax, int fieldCount)
    {
        using HashOwner owner = NewHash(entriesMax, fieldCount);
        foreach (int count in new[] { 1, 2, fieldCount / 4, fieldCount / 2, fieldCount - 1, fieldCount, fieldCount + 1 })
        {
            var distinct = new Collector();
            owner.Value.VisitRandomDistinct(count, ref distinct);
            Assert.Equal(Math.Min(count, fieldCount), distinct.Found.Count);
            Assert.Equal(distinct.Found.Count, distinct.Found.Distinct().Count());
        }
        var all = new Collector();
        for (int i = 0; i < 100; i++)
        {
            owner.Value.VisitRandomDistinct(fieldCount / 4, ref all);
        }
        AssertFields(all, fieldCount);
    }

    private static HashOwner NewHash(long entriesMax, int fieldCount)
    {
        var owner = new HashOwner(entriesMax);
        for (int i = 0; i < fieldCount; i++)
        {
            owner.Value.Set(Encoding.ASCII.GetBytes($"f{i}"), Encoding.ASCII.GetBytes($"{i}"));
        }
        return owner;
    }

    private static void AssertFields(Collector collector, int fieldCount)
    {
        Assert.All(collector.Found, found => Assert.Equal("f" + found.Value, found.Field));
        Assert.Equal(fieldCount, collector.Found.Distinct().Count());
    }
}
