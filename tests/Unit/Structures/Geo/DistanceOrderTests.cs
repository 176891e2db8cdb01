using Bixbite.Structures.Geo;
using Xunit;

namespace Bixbite.Unit.Structures.Geo;

public sealed class DistanceOrderTests
{
    [Fact]
    public void Sorting_keeps_equal_distances_in_order()
    {
        Random random = Seed.NewRandom();
        for (int i = 0; i < 1_000; i++)
        {
            double[] distances = RandomDistances(random, random.Next(200));
            int[] items = [.. Enumerable.Range(0, distances.Length)];
            int[] expected = [.. items.OrderBy(item => distances[item])];
            DistanceOrder.Sort((double[])distances.Clone(), items);
            Assert.Equal(expected, items);
        }
    }

    [Fact]
    public void The_first_ones_are_the_nearest_in_order()
    {
        Random random = Seed.NewRandom();
        for (int i = 0; i < 3_000; i++)
        {
            double[] distances = RandomDistances(random, random.Next(1, 200));
            int[] items = [.. Enumerable.Range(0, distances.Length)];
            int count = random.Next(1, items.Length + 1);
            double[] expected = [.. distances.Order().Take(count)];
            DistanceOrder.SortFirst((double[])distances.Clone(), items, count);
            Assert.Equal(expected, items.Take(count).Select(item => distances[item]));
            Assert.Equal(Enumerable.Range(0, items.Length), items.Order());
        }
    }

    private static double[] RandomDistances(Random random, int count)
    {
        int different = random.Next(1, 50);
        return [.. Enumerable.Range(0, count).Select(_ => (double)random.Next(different))];
    }
}
