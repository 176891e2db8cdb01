using System.Diagnostics;

namespace Bixbite.Structures.Geo;

/// <summary>
/// Positions as numbers of 52 bits: 26 halvings of the longitudes and of the latitudes that can be indexed, interleaved, so that numbers
/// near each other are positions near each other, and all positions of a cell (<see cref="GeoCell"/>) are one range of numbers.
/// <code>
///   bit  51   50   49   48          1    0
///        lon  lat  lon  lat  ...    lon  lat        the first halving in the highest bits
/// </code>
/// A double holds such a number exactly: it is the score of a member of a geo index.
/// </summary>
public static class Geohash
{
    /// <summary>Halvings of each axis.</summary>
    public const int StepMax = 26;

    /// <summary>The letters of the standard text form.</summary>
    public const int TextSize = 11;

    private const int BitsPerLetter = 5;
    private const double StandardLatitudeMax = 90;

    private static ReadOnlySpan<byte> Alphabet => "0123456789bcdefghjkmnpqrstuvwxyz"u8;

    /// <summary>The number of a position that can be indexed.</summary>
    public static ulong Encode(GeoPoint point) => Encode(point, StepMax, GeoPoint.LatitudeMax);

    /// <summary>
    /// The position of a number: the middle of its smallest cell. Scores that are no geohashes have positions as well: the conversion
    /// is the one that C compilers make, bits above the 52 lead beyond the limits and are clamped.
    /// </summary>
    public static GeoPoint Decode(double score)
    {
        const double tooLargeForLong = 9223372036854775808.0;
        ulong bits = score < tooLargeForLong ? (ulong)(long)score : score < 2 * tooLargeForLong ? (ulong)score : 0;
        return new GeoPoint(
            MiddleOf(Gather(bits >> 1), GeoPoint.LongitudeMax), MiddleOf(Gather(bits), GeoPoint.LatitudeMax));
    }

    /// <summary>
    /// Writes the text that other geohash software understands, which halves latitudes from -90 to 90. The 52 bits are ten letters and
    /// a bit; for that the eleventh has always been zero.
    /// </summary>
    public static void WriteText(GeoPoint point, Span<byte> destination)
    {
        ulong bits = Encode(point, StepMax, StandardLatitudeMax);
        for (int i = 0; i < TextSize - 1; i++)
        {
            int shift = (2 * StepMax) - ((i + 1) * BitsPerLetter);
            destination[i] = Alphabet[(int)(bits >> shift) & ((1 << BitsPerLetter) - 1)];
        }
        destination[TextSize - 1] = Alphabet[0];
    }

    internal static ulong Encode(GeoPoint point, int step, double latitudeMax)
    {
        Debug.Assert(point.IsIndexable, "Only positions within the limits have a geohash.");
        double latitude = (point.Latitude + latitudeMax) / (latitudeMax + latitudeMax);
        double longitude = (point.Longitude + GeoPoint.LongitudeMax) / (GeoPoint.LongitudeMax + GeoPoint.LongitudeMax);
        latitude *= 1UL << step;
        longitude *= 1UL << step;
        return Spread((uint)latitude) | (Spread((uint)longitude) << 1);
    }

    /// <summary>Moves the bits apart: bit i goes to bit 2i.</summary>
    internal static ulong Spread(uint value)
    {
        ulong bits = value;
        bits = (bits | (bits << 16)) & 0x0000_FFFF_0000_FFFF;
        bits = (bits | (bits << 8)) & 0x00FF_00FF_00FF_00FF;
        bits = (bits | (bits << 4)) & 0x0F0F_0F0F_0F0F_0F0F;
        bits = (bits | (bits << 2)) & 0x3333_3333_3333_3333;
        return (bits | (bits << 1)) & 0x5555_5555_5555_5555;
    }

    /// <summary>The inverse of <see cref="Spread"/>; the odd bits do not matter.</summary>
    internal static uint Gather(ulong bits)
    {
        bits &= 0x5555_5555_5555_5555;
        bits = (bits | (bits >> 1)) & 0x3333_3333_3333_3333;
        bits = (bits | (bits >> 2)) & 0x0F0F_0F0F_0F0F_0F0F;
        bits = (bits | (bits >> 4)) & 0x00FF_00FF_00FF_00FF;
        bits = (bits | (bits >> 8)) & 0x0000_FFFF_0000_FFFF;
        return (uint)(bits | (bits >> 16));
    }

    /// <summary>
    /// The middle of a smallest cell along one axis, that is of its <see cref="GeoCell.Bounds"/>, which round in the same way: to divide
    /// by a power of two is to multiply by its exact inverse.
    /// </summary>
    private static double MiddleOf(uint index, double max)
    {
        const double cell = 1.0 / (1UL << StepMax);
        double span = max + max;
        double low = -max + (index * cell * span);
        double high = -max + ((index + 1) * cell * span);
        return Math.Min(Math.Max((low + high) / 2, -max), max);
    }
}
