using System.Diagnostics;

namespace Bixbite.Structures.Geo;

/// <summary>
/// One rectangle of the grid that <paramref name="Step"/> halvings of each axis make: the positions whose geohashes begin with
/// <paramref name="Bits"/>, interleaved as in <see cref="Geohash"/>. The default value is no cell.
/// </summary>
public readonly record struct GeoCell(ulong Bits, int Step)
{
    private const ulong LatitudeBits = 0x5555_5555_5555_5555;
    private const ulong LongitudeBits = ~LatitudeBits;

    public bool IsNone => Step == 0;

    /// <summary>The first geohash of the cell.</summary>
    public ulong First => Bits << (2 * (Geohash.StepMax - Step));

    /// <summary>The first geohash behind the cell.</summary>
    public ulong End => (Bits + 1) << (2 * (Geohash.StepMax - Step));

    public GeoBounds Bounds
    {
        get
        {
            const double longitudeSpan = GeoPoint.LongitudeMax + GeoPoint.LongitudeMax;
            const double latitudeSpan = GeoPoint.LatitudeMax + GeoPoint.LatitudeMax;
            uint latitude = Geohash.Gather(Bits);
            uint longitude = Geohash.Gather(Bits >> 1);
            double count = 1UL << Step;
            return new GeoBounds(
                -GeoPoint.LongitudeMax + (longitude / count * longitudeSpan),
                -GeoPoint.LatitudeMax + (latitude / count * latitudeSpan),
                -GeoPoint.LongitudeMax + ((longitude + 1) / count * longitudeSpan),
                -GeoPoint.LatitudeMax + ((latitude + 1) / count * latitudeSpan));
        }
    }

    /// <summary>The cell of that size in which a position that can be indexed lies.</summary>
    public static GeoCell Of(GeoPoint point, int step)
    {
        Debug.Assert(step is >= 1 and <= Geohash.StepMax, "A cell is at least one halving and at most all.");
        return new GeoCell(Geohash.Encode(point, step, GeoPoint.LatitudeMax), step);
    }

    /// <summary>
    /// The cell that lies this many cells to the east (negative: west) and to the north (negative: south), at most one each. The grid
    /// has no edges: beyond the last cell comes the first. The largest longitude and latitude themselves lie one cell beyond the last;
    /// there, an axis along which nothing moves keeps its bits, as in Redis.
    /// </summary>
    public GeoCell Neighbour(int east, int north)
    {
        ulong longitude = Bits & LongitudeBits;
        ulong latitude = Bits & LatitudeBits;
        ulong mask = ulong.MaxValue >> (64 - (2 * Step));
        if (east != 0)
        {
            longitude = Moved(longitude, LatitudeBits, east, one: 2) & LongitudeBits & mask;
        }
        if (north != 0)
        {
            latitude = Moved(latitude, LongitudeBits, north, one: 1) & LatitudeBits & mask;
        }
        return new GeoCell(longitude | latitude, Step);
    }

    /// <summary>Adds to every second bit: the bits between are set, so that they carry, or clear, so that they borrow.</summary>
    private static ulong Moved(ulong bits, ulong between, int by, ulong one)
    {
        Debug.Assert(by is -1 or 1, "Only the next cell can be reached.");
        return by > 0 ? (bits | between) + one : bits - one;
    }
}
