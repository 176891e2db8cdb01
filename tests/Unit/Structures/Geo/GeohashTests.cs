using System.Text;
using Bixbite.Structures.Geo;
using Bixbite.Structures.Text;
using Xunit;

namespace Bixbite.Unit.Structures.Geo;

public sealed class GeohashTests
{
    /// <summary>Found with GEOADD, ZSCORE, GEOPOS and GEOHASH on redis-server 7.0.15.</summary>
    [Theory]
    [InlineData(13.361389, 38.115556, 3479099956230698, "13.36138933897018433", "38.11555639549629859", "sqc8b49rny0")]
    [InlineData(15.087269, 37.502669, 3479447370796909, "15.08726745843887329", "37.50266842333162032", "sqdtr74hyu0")]
    [InlineData(-122.4194, 37.7749, 1367859919124626, "-122.41940170526504517", "37.77490001056577995", "9q8yyk8ytp0")]
    [InlineData(151.2093, -33.8688, 3252046221964352, "151.20929986238479614", "-33.86880091934155956", "r3gx2f77bj0")]
    [InlineData(0, 0, 3377699720527872, "0.00000268220901489", "0.00000126736058093", "s0000000000")]
    [InlineData(180, 85.05112878, 13510798882111488, "180", "85.0511287799999991", "bp05b5048p0")]
    [InlineData(-180, -85.05112878, 0, "-179.99999731779098511", "-85.05112751263942528", "00bh0hbj200")]
    public void Positions_have_numbers_and_texts(
        double longitude, double latitude, ulong bits, string longitudeText, string latitudeText, string text)
    {
        var point = new GeoPoint(longitude, latitude);
        Assert.Equal(bits, Geohash.Encode(point));

        GeoPoint decoded = Geohash.Decode(bits);
        Assert.Equal((longitudeText, latitudeText), (Trimmed(decoded.Longitude), Trimmed(decoded.Latitude)));

        byte[] written = new byte[Geohash.TextSize];
        Geohash.WriteText(decoded, written);
        Assert.Equal(text, Encoding.ASCII.GetString(written));
    }

    /// <summary>Found with ZADD and GEOPOS on redis-server 7.0.15.</summary>
    [Theory]
    [InlineData(-1.5, "180", "85.0511287799999991")]
    [InlineData(1e300, "-179.99999731779098511", "-85.05112751263942528")]
    [InlineData(double.PositiveInfinity, "-179.99999731779098511", "-85.05112751263942528")]
    [InlineData(double.NegativeInfinity, "180", "-85.05112751263942528")]
    [InlineData(1e19, "180", "85.0511287799999991")]
    [InlineData(3.7, "-179.99999195337295532", "-85.05112497791824921")]
    public void Any_score_is_a_position(double score, string longitude, string latitude)
    {
        GeoPoint point = Geohash.Decode(score);
        Assert.Equal((longitude, latitude), (Trimmed(point.Longitude), Trimmed(point.Latitude)));
    }

    [Fact]
    public void Decoding_stays_within_the_smallest_cell()
    {
        Random random = Seed.NewRandom();
        for (int i = 0; i < 10_000; i++)
        {
            GeoPoint point = RandomPoint(random);
            ulong bits = Geohash.Encode(point);
            GeoPoint decoded = Geohash.Decode(bits);
            Assert.Equal(bits, Geohash.Encode(decoded));
            GeoBounds cell = new GeoCell(bits, Geohash.StepMax).Bounds;
            Assert.Equal((cell.LongitudeMin + cell.LongitudeMax) / 2, decoded.Longitude);
            Assert.Equal((cell.LatitudeMin + cell.LatitudeMax) / 2, decoded.Latitude);
            Assert.True(Math.Abs(point.Longitude - decoded.Longitude) <= 180.0 / (1 << Geohash.StepMax) * 1.001);
            Assert.True(Math.Abs(point.Latitude - decoded.Latitude) <= 85.06 / (1 << Geohash.StepMax) * 1.001);
        }
    }

    [Fact]
    public void Cells_hold_the_hashes_of_their_positions()
    {
        Random random = Seed.NewRandom();
        for (int i = 0; i < 10_000; i++)
        {
            GeoPoint point = RandomPoint(random);
            GeoCell cell = GeoCell.Of(point, random.Next(1, Geohash.StepMax + 1));
            ulong bits = Geohash.Encode(point);
            Assert.True(bits >= cell.First && bits < cell.End);
            GeoBounds bounds = cell.Bounds;
            Assert.InRange(point.Longitude, bounds.LongitudeMin, bounds.LongitudeMax);
            Assert.InRange(point.Latitude, bounds.LatitudeMin, bounds.LatitudeMax);
        }
    }

    [Fact]
    public void Neighbours_touch_and_the_way_back_leads_back()
    {
        Random random = Seed.NewRandom();
        for (int i = 0; i < 10_000; i++)
        {
            int step = random.Next(2, Geohash.StepMax + 1);
            GeoCell cell = GeoCell.Of(RandomPoint(random), step);
            int east = random.Next(-1, 2);
            int north = random.Next(-1, 2);
            GeoCell other = cell.Neighbour(east, north);
            Assert.Equal(cell, other.Neighbour(-east, -north));
            Assert.Equal(cell.Neighbour(east, 0).Neighbour(0, north), other);

            double span = 360.0 / (1UL << step);
            double moved = other.Bounds.LongitudeMin - cell.Bounds.LongitudeMin;
            Assert.Equal(0, Math.IEEERemainder(moved - (east * span), 360), tolerance: 1e-9);
        }
    }

    internal static GeoPoint RandomPoint(Random random) => new(
        (random.NextDouble() * 360) - 180, (random.NextDouble() * 2 * GeoPoint.LatitudeMax) - GeoPoint.LatitudeMax);

    private static string Trimmed(double value)
    {
        Span<byte> text = stackalloc byte[FixedPoint.SizeMax];
        return Encoding.ASCII.GetString(text[..FixedPoint.FormatTrimmed(value, 17, text)]);
    }
}
