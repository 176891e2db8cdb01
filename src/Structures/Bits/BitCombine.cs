using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Bixbite.Structures.Bits;

/// <summary>
/// Combines texts bit by bit. A text ends in zeros as far as the longest reaches. The result is made in pieces that stay in the
/// processor's cache while all sources pass over them.
/// </summary>
public static class BitCombine
{
    private const int PieceSize = 4096;

    private interface IStep
    {
        static abstract Vector256<byte> Apply(Vector256<byte> result, Vector256<byte> source);

        static abstract byte Apply(byte result, byte source);
    }

    /// <summary>
    /// Writes the result from its byte <paramref name="from"/> on. It has the size of the longest source and shares no memory with any.
    /// </summary>
    public static void Combine<TSources>(BitOperation operation, TSources sources, Span<byte> result, int from = 0)
        where TSources : IBitSources, allows ref struct
    {
        Debug.Assert(sources.Count > 0);
        Debug.Assert(operation != BitOperation.Not || sources.Count == 1);
        Span<byte> scratch = stackalloc byte[operation == BitOperation.One ? PieceSize : 0];
        for (int start = 0; start < result.Length; start += PieceSize)
        {
            int size = Math.Min(PieceSize, result.Length - start);
            Span<byte> piece = result.Slice(start, size);
            if (operation == BitOperation.One)
            {
                CombineOne(sources, from + start, piece, scratch[..size]);
            }
            else
            {
                CombinePiece(operation, sources, from + start, piece);
            }
        }
    }

    private static void CombinePiece<TSources>(BitOperation operation, TSources sources, int start, Span<byte> piece)
        where TSources : IBitSources, allows ref struct
    {
        ReadOnlySpan<byte> first = PieceOf(sources[0], start, piece.Length);
        bool isFirstLast = operation is BitOperation.Diff1 or BitOperation.AndOr;
        if (isFirstLast)
        {
            piece.Clear();
        }
        else
        {
            first.CopyTo(piece);
            piece[first.Length..].Clear();
        }

        for (int i = 1; i < sources.Count; i++)
        {
            ReadOnlySpan<byte> source = PieceOf(sources[i], start, piece.Length);
            switch (operation)
            {
                case BitOperation.And:
                    Apply<AndStep>(piece, source);
                    piece[source.Length..].Clear();
                    break;
                case BitOperation.Xor:
                    Apply<XorStep>(piece, source);
                    break;
                case BitOperation.Diff:
                    Apply<AndNotStep>(piece, source);
                    break;
                default:
                    Apply<OrStep>(piece, source);
                    break;
            }
        }

        switch (operation)
        {
            case BitOperation.Not:
                Apply<NotStep>(piece, piece);
                break;
            case BitOperation.Diff1:
                Apply<AndNotStep>(piece, first);
                break;
            case BitOperation.AndOr:
                Apply<AndStep>(piece, first);
                piece[first.Length..].Clear();
                break;
        }
    }

    /// <summary>The piece gathers the bits seen at all, the scratch those seen twice or more.</summary>
    private static void CombineOne<TSources>(TSources sources, int start, Span<byte> piece, Span<byte> scratch)
        where TSources : IBitSources, allows ref struct
    {
        Span<byte> both = stackalloc byte[PieceSize];
        piece.Clear();
        scratch.Clear();
        for (int i = 0; i < sources.Count; i++)
        {
            ReadOnlySpan<byte> source = PieceOf(sources[i], start, piece.Length);
            Span<byte> again = both[..source.Length];
            source.CopyTo(again);
            Apply<AndStep>(again, piece[..source.Length]);
            Apply<OrStep>(scratch, again);
            Apply<OrStep>(piece, source);
        }
        Apply<AndNotStep>(piece, scratch);
    }

    private static ReadOnlySpan<byte> PieceOf(ReadOnlySpan<byte> source, int start, int size) =>
        start >= source.Length ? default : source.Slice(start, Math.Min(size, source.Length - start));

    /// <summary>Applies the source to as many bytes of the result as it has.</summary>
    private static void Apply<TStep>(Span<byte> result, ReadOnlySpan<byte> source)
        where TStep : IStep
    {
        Debug.Assert(source.Length <= result.Length);
        ReadOnlySpan<Vector256<byte>> sourceVectors = MemoryMarshal.Cast<byte, Vector256<byte>>(source);
        Span<Vector256<byte>> resultVectors = MemoryMarshal.Cast<byte, Vector256<byte>>(result)[..sourceVectors.Length];
        for (int i = 0; i < sourceVectors.Length; i++)
        {
            resultVectors[i] = TStep.Apply(resultVectors[i], sourceVectors[i]);
        }
        for (int i = sourceVectors.Length * Vector256<byte>.Count; i < source.Length; i++)
        {
            result[i] = TStep.Apply(result[i], source[i]);
        }
    }

    private readonly struct AndStep : IStep
    {
        public static Vector256<byte> Apply(Vector256<byte> result, Vector256<byte> source) => result & source;

        public static byte Apply(byte result, byte source) => (byte)(result & source);
    }

    private readonly struct OrStep : IStep
    {
        public static Vector256<byte> Apply(Vector256<byte> result, Vector256<byte> source) => result | source;

        public static byte Apply(byte result, byte source) => (byte)(result | source);
    }

    private readonly struct XorStep : IStep
    {
        public static Vector256<byte> Apply(Vector256<byte> result, Vector256<byte> source) => result ^ source;

        public static byte Apply(byte result, byte source) => (byte)(result ^ source);
    }

    private readonly struct AndNotStep : IStep
    {
        public static Vector256<byte> Apply(Vector256<byte> result, Vector256<byte> source) => result & ~source;

        public static byte Apply(byte result, byte source) => (byte)(result & ~source);
    }

    private readonly struct NotStep : IStep
    {
        public static Vector256<byte> Apply(Vector256<byte> result, Vector256<byte> source) => ~source;

        public static byte Apply(byte result, byte source) => (byte)~source;
    }
}
