using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Bixbite.Memory;

/// <summary>
/// Writing to pages that the system has yet to give. A fault for each page costs more than what is written to it, so the pages are asked
/// for in pieces, each in one call, and written while the processor still has the piece in its cache.
/// <code>
///   pages    | given, written | given now | not there ............ |
///                             ^ a piece: Give, then write
/// </code>
/// Where the system cannot do that (before Linux 5.14), the pages come with the faults, as ever.
/// </summary>
public static class FreshPages
{
    /// <summary>Bytes of a piece.</summary>
    public const int PieceSize = 256 * 1024;

    /// <summary>Copies to a block of native memory that was just allocated. Of any size: short ones are just copied.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Copy(ReadOnlySpan<byte> source, Span<byte> target)
    {
        if (source.Length <= Extents.RunSizeMax)
        {
            source.CopyTo(target);
        }
        else
        {
            CopyInPieces(source, target);
        }
    }

    /// <summary>
    /// Sees to it that a piece of a block is there to be written. Blocks that are no mappings of their own have mostly been written before:
    /// nothing is done for them.
    /// </summary>
    public static void Give(ulong address, long count, long blockSize)
    {
        Debug.Assert(count <= blockSize, "A piece is a part of its block.");
        if (blockSize <= Extents.RunSizeMax)
        {
            return;
        }
        ulong start = address & ~(ulong)(Pages.Size - 1);
        Pages.Give(start, Pages.RoundUp((long)(address - start) + count));
    }

    private static void CopyInPieces(ReadOnlySpan<byte> source, Span<byte> target)
    {
        for (int start = 0; start < source.Length; start += PieceSize)
        {
            Span<byte> piece = target.Slice(start, Math.Min(PieceSize, source.Length - start));
            Give(Native.AddressOf(piece), piece.Length, source.Length);
            source.Slice(start, piece.Length).CopyTo(piece);
        }
    }
}
