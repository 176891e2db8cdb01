using Bixbite.Types.Sets;
using Bixbite.Unit.Structures;
using Xunit;

namespace Bixbite.Unit.Types.Sets;

public sealed class SetAlgebraTests
{
    [Fact]
    public void AgreesWithTheModel()
    {
        Random random = Seed.NewRandom();
        for (int round = 0; round < 60; round++)
        {
            var fixtures = new List<SetFixture>();
            var models = new List<HashSet<string>>();
            int setCount = random.Next(1, 5);
            for (int i = 0; i < setCount; i++)
            {
                var fixture = new SetFixture();
                string prefix = random.Next(3) == 0 ? "" : "w";
                fixture.AddAll(Members(random, random.Next(2) == 0 ? 20 : 800, prefix));
                fixtures.Add(fixture);
                models.Add([.. fixture.Members()]);
            }
            Check(fixtures, models);
            fixtures.ForEach(fixture => fixture.Dispose());
        }
    }

    [Fact]
    public void ASetMayStandTwice()
    {
        using var fixture = new SetFixture();
        fixture.AddAll(["a", "b"]);
        StoredSet set = fixture.Set.Stored;
        Assert.Equal(["a", "b"], Result((ref ListSink sink) => SetAlgebra.Intersect([set, set], ref sink)));
        Assert.Equal(["a", "b"], Result((ref ListSink sink) => SetAlgebra.Unite([set, set], ref sink)));
        Assert.Empty(Result((ref ListSink sink) => SetAlgebra.Subtract(set, [set], ref sink)));
    }

    [Fact]
    public void AResultIsBuiltInAnotherSet()
    {
        using var source = new SetFixture();
        using var target = new SetFixture();
        source.AddAll(Enumerable.Range(0, 600).Select(i => $"{i}"));
        SetReader reader = source.Set.Read();
        for (int i = 0; i < 300; i++)
        {
            reader.MoveNext();
            Assert.True(target.Set.Add(reader.Current));
        }
        Assert.Equal("hashtable", source.Encoding);
        Assert.Equal("intset", target.Encoding);
        Assert.True(target.Set.Remove(reader.Current));
    }

    private delegate void Operation(ref ListSink sink);

    private static void Check(List<SetFixture> fixtures, List<HashSet<string>> models)
    {
        StoredSet[] sets = [.. fixtures.Select(fixture => fixture.Set.Stored)];
        Assert.Equal(
            models.Aggregate<IEnumerable<string>>((left, right) => left.Intersect(right)).Order(),
            Result((ref ListSink sink) => SetAlgebra.Intersect([.. sets], ref sink)).Order());
        Assert.Equal(
            models.Aggregate<IEnumerable<string>>((left, right) => left.Union(right)).Order(),
            Result((ref ListSink sink) => SetAlgebra.Unite([.. sets], ref sink)).Order());
        Assert.Equal(
            models.Aggregate<IEnumerable<string>>((left, right) => left.Except(right)).Order(),
            Result((ref ListSink sink) => SetAlgebra.Subtract(sets[0], [.. sets[1..]], ref sink)).Order());
    }

    private static List<string> Result(Operation operation)
    {
        var sink = new ListSink([]);
        operation(ref sink);
        return sink.Members;
    }

    private static IEnumerable<string> Members(Random random, int count, string prefix) =>
        Enumerable.Range(0, count).Select(_ => $"{(random.Next(4) == 0 ? "" : prefix)}{random.Next(1000)}");
}
