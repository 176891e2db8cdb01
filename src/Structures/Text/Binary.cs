namespace Bixbite.Structures.Text;

/// <summary>Shifts of 128-bit significands by any distance; the operators of the language take it modulo 128.</summary>
internal static class Binary
{
    public static UInt128 ShiftDown(UInt128 value, int distance) => distance >= 128 ? 0 : value >> distance;

    /// <summary>Whether the highest of the bits that a shift down by the distance loses is set.</summary>
    public static bool IsHalfSet(UInt128 value, int distance) => distance is > 0 and <= 128 && (value >> (distance - 1) & 1) != 0;

    /// <summary>Whether any of the lowest bits, as many as count says, is set.</summary>
    public static bool HasBitsBelow(UInt128 value, int count) =>
        count > 0 && (count >= 128 ? value != 0 : value << (128 - count) != 0);

    /// <summary>A shift down that rounds to nearest, ties to even; isInexact tells of bits lost before.</summary>
    public static UInt128 RoundDown(UInt128 value, int distance, bool isInexact)
    {
        UInt128 kept = ShiftDown(value, distance);
        bool isUp = IsHalfSet(value, distance) && (isInexact || HasBitsBelow(value, distance - 1) || !UInt128.IsEvenInteger(kept));
        return isUp ? kept + 1 : kept;
    }
}
