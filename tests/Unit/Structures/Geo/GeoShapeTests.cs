using System.Text;
using Bixbite.Structures.Geo;
using Xunit;

namespace Bixbite.Unit.Structures.Geo;

public sealed class GeoShapeTests
{
    private static readonly GeoPoint s_palermo = Geohash.Decode(3479099956230698);
    private static readonly GeoPoint s_catania = Geohash.Decode(3479447370796909);

    [Theory]
    [InlineData("m", 166274.1516)]
    [InlineData("KM", 166.2742)]
    [InlineData("ft", 545518.8700)]
    [InlineData("Mi", 103.3182)]
    public void Distances_in_all_units(string unit, double expected)
    {
        Assert.True(GeoUnit.TryParse(Encoding.ASCII.GetBytes(unit), out double meters));
        Assert.Equal(expected, GeoDistance.Between(s_palermo, s_catania) / meters, tolerance: 0.00005);
    }

    [Theory]
    [InlineData("")]
    [InlineData("k")]
    [InlineData("meter")]
    public void Other_units_are_none(string unit) => Assert.False(GeoUnit.TryParse(Encoding.ASCII.GetBytes(unit), out _));

    [Fact]
    public void The_cheap_bound_is_never_above_the_distance()
    {
        Random random = Seed.NewRandom();
        for (int i = 0; i < 100_000; i++)
        {
            GeoPoint origin = GeohashTests.RandomPoint(random);
            GeoPoint other = GeohashTests.RandomPoint(random);
            GeoPoint to = i % 2 == 0 ? other : origin with { Latitude = other.Latitude };
            var distance = new GeoDistance(origin);
            Assert.True(distance.AtLeastToLatitude(to.Latitude) <= distance.To(to));
        }
    }

    /// <summary>What is ruled out in a cheap way is not in the shape, also at the poles, over the date line, and for tiny ones.</summary>
    [Fact]
    public void Shapes_hold_what_their_formulas_say()
    {
        Random random = Seed.NewRandom();
        for (int i = 0; i < 300_000; i++)
        {
            GeoPoint center = GeohashTests.RandomPoint(random);
            center = i % 4 == 0 ? center with { Longitude = 180 - (random.NextDouble() * 0.01) } : center;
            center = i % 5 == 0 ? center with { Latitude = 85 - random.NextDouble() } : center;
            double scale = Math.Pow(10, (random.NextDouble() * 12) - 9);
            GeoPoint far = GeohashTests.RandomPoint(random);
            var point = new GeoPoint(
                Math.IEEERemainder(center.Longitude + (far.Longitude * scale), 360), center.Latitude + (far.Latitude * scale));
            point = point.Clamped();
            double distance = GeoDistance.Between(center, point);
            double size = i % 7 == 0 ? distance : distance * random.NextDouble() * 2;
            Assert.Equal(!(distance > size), GeoShape.Circle(center, size, 1).Contains(point, out _));

            double height = distance * random.NextDouble() * 4;
            bool isInBox = !(GeoDistance.Between(point, point with { Longitude = center.Longitude }) > size / 2)
                && !(GeoDistance.Between(point, point with { Latitude = center.Latitude }) > height / 2);
            Assert.Equal(isInBox, GeoShape.Box(center, size, height, 1).Contains(point, out _));
        }
    }

    [Fact]
    public void Circles_hold_what_is_not_farther_than_the_radius()
    {
        double distance = GeoDistance.Between(s_palermo, s_catania);
        Assert.True(GeoShape.Circle(s_palermo, distance, 1).Contains(s_catania, out double measured));
        Assert.Equal(distance, measured);
        Assert.False(GeoShape.Circle(s_palermo, Math.BitDecrement(distance), 1).Contains(s_catania, out _));
        Assert.True(GeoShape.Circle(s_palermo, 0, 1).Contains(s_palermo, out measured));
        Assert.Equal(0, measured);
    }

    [Fact]
    public void Boxes_hold_half_their_sides_around_the_centre()
    {
        GeoShape box = GeoShape.Box(new GeoPoint(15, 37), 400, 400, 1000);
        Assert.True(box.Contains(new GeoPoint(12.758489, 38.788135), out _));
        Assert.False(box.Contains(new GeoPoint(12.6, 38.788135), out _));
        Assert.False(box.Contains(new GeoPoint(12.758489, 38.8), out _));
    }

    [Fact]
    public void Polygons_are_even_odd()
    {
        // A bow tie: its two wings, and not what is above and below the knot.
        GeoShape bow = GeoShape.Polygon([new(-10, -10), new(10, 10), new(10, -10), new(-10, 10)]);
        Assert.True(bow.Contains(new GeoPoint(-5, 0), out _));
        Assert.True(bow.Contains(new GeoPoint(5, 1), out _));
        Assert.False(bow.Contains(new GeoPoint(0, 5), out _));
        Assert.False(bow.Contains(new GeoPoint(0, -5), out _));
        Assert.Equal(0, bow.Center.Latitude, tolerance: 1e-9);
        Assert.Equal(0, bow.Center.Longitude, tolerance: 1e-9);
    }

    [Fact]
    public void Polygons_measure_from_their_centre()
    {
        GeoShape shape = GeoShape.Polygon([new(12, 36), new(16, 36), new(16, 39), new(12, 39)]);
        Assert.True(shape.Contains(s_palermo, out double distance));
        Assert.Equal(GeoDistance.Between(shape.Center, s_palermo), distance);
        Assert.Equal(14, shape.Center.Longitude, tolerance: 1e-9);
        Assert.Equal(37.5, shape.Center.Latitude, tolerance: 0.1);
    }

    /// <summary>Away from the poles and the date line nothing is missed; polygons miss nothing anywhere.</summary>
    [Fact]
    public void Covers_hold_all_positions_of_the_shape()
    {
        Random random = Seed.NewRandom();
        for (int i = 0; i < 20_000; i++)
        {
            var center = new GeoPoint((random.NextDouble() * 300) - 150, (random.NextDouble() * 120) - 60);
            double size = Math.Pow(10, random.NextDouble() * 6);
            var vertices = new GeoPoint[3 + (i % 5)];
            foreach (ref GeoPoint vertex in vertices.AsSpan())
            {
                GeoPoint far = GeohashTests.RandomPoint(random);
                double part = random.NextDouble() * random.NextDouble();
                vertex = new GeoPoint(
                    center.Longitude + ((far.Longitude - center.Longitude) * part),
                    center.Latitude + ((far.Latitude - center.Latitude) * part));
            }
            GeoShape shape = (i % 3) switch
            {
                0 => GeoShape.Circle(center, size, 1),
                1 => GeoShape.Box(center, size, size * random.NextDouble(), 1),
                _ => GeoShape.Polygon(vertices),
            };
            var cover = new GeoCover(shape);
            for (int j = 0; j < 20; j++)
            {
                double degrees = size / 50_000;
                GeoPoint point = i % 3 == 2
                    ? GeohashTests.RandomPoint(random)
                    : new GeoPoint(
                        center.Longitude + (((random.NextDouble() * 2) - 1) * degrees),
                        center.Latitude + (((random.NextDouble() * 2) - 1) * degrees)).Clamped();
                if (shape.Contains(point, out _))
                {
                    Assert.True(IsCovered(cover, Geohash.Encode(point)), $"{shape.Center} {size} misses {point}");
                }
            }
        }
    }

    [Fact]
    public void Cells_of_a_cover_are_different_ones()
    {
        Random random = Seed.NewRandom();
        for (int i = 0; i < 10_000; i++)
        {
            var cover = new GeoCover(GeoShape.Circle(GeohashTests.RandomPoint(random), Math.Pow(10, random.NextDouble() * 8), 1));
            ReadOnlySpan<GeoCell> cells = cover.CellsInOrder;
            Assert.InRange(cells.Length, 1, GeoCover.CellCountMax);
            for (int j = 1; j < cells.Length; j++)
            {
                Assert.Equal(cells[0].Step, cells[j].Step);
                Assert.False(cells[..j].Contains(cells[j]));
            }
        }
    }

    private static bool IsCovered(in GeoCover cover, ulong bits)
    {
        foreach (GeoCell cell in cover.CellsInOrder)
        {
            if (bits >= cell.First && bits < cell.End)
            {
                return true;
            }
        }
        return false;
    }
}
