namespace Bixbite.Lua.Text;

/// <summary>
/// Doubles cast to integers as C compiled for x86-64 does: the fraction is cut off, and what does not fit becomes the number that the
/// processor gives for it.
/// </summary>
public static class CInteger
{
    private const double TwoTo31 = 2147483648.0;
    private const double TwoTo63 = 9223372036854775808.0;

    public static int ToInt32(double value) =>
        value is > -TwoTo31 - 1 and < TwoTo31 ? (int)value : int.MinValue;

    public static long ToInt64(double value) =>
        value is >= -TwoTo63 and < TwoTo63 ? (long)value : long.MinValue;

    public static ulong ToUInt64(double value) =>
        value >= TwoTo63 ? (ulong)ToInt64(value - TwoTo63) ^ (1UL << 63) : (ulong)ToInt64(value);
}
