using System.Numerics;
using System.Runtime.CompilerServices;

namespace Bixbite.Memory;

/// <summary>
/// The block sizes of slabs: steps of 8 bytes up to 128, then eight classes per doubling, so a block wastes at most an eighth
/// of what was asked for. Up to 1 KiB every multiple of 64 bytes is a class.
/// <code>
///   class   0   1 ..  14   15 |  16  17 ..  23 |  24  25 ..  31 | ..   79
///   size    8  16 .. 120  128 | 144 160 .. 256 | 288 320 .. 512 | .. 32768
/// </code>
/// </summary>
internal static class SizeClass
{
    internal const int Count = 80;

    /// <summary>The largest block of a slab; what is larger is an extent of pages.</summary>
    internal const int SizeMax = 32 * 1024;

    /// <summary>The smallest class whose blocks hold this many bytes; 0 counts as 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int Of(long size)
    {
        uint last = (uint)Math.Max(size, 1) - 1;
        int doublings = BitOperations.Log2(last | 64) - 6;
        return (doublings * 8) + (int)(last >> (doublings + 3));
    }

    internal static int SizeOf(int sizeClass)
    {
        int doublings = Math.Max((sizeClass >> 3) - 1, 0);
        return (sizeClass - (doublings * 8) + 1) << (doublings + 3);
    }
}
