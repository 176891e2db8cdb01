using System.Diagnostics;

namespace Bixbite.Structures.Checks;

/// <summary>
/// Compresses into the format of <see cref="Lzf"/>, choosing the runs that Redis chooses, so that payloads are equal to the byte.
/// <para>
/// A table of 65,536 places says for each hash of three bytes where such bytes were seen last. It lives as long as the compressor, and
/// positions go on counting from text to text, so a place left by an earlier text is below this text's start and needs no clearing.
/// Not for use by two threads at once.
/// </para>
/// </summary>
public sealed class LzfCompressor
{
    private const int HashBits = 16;
    private const int DistanceMax = 1 << Lzf.DistanceBits;
    private const int CopySizeMax = (1 << 8) + (1 << 3);

    private readonly uint[] places = new uint[1 << HashBits];

    // The position of the current text's first byte; one up from the end of the text before.
    private uint start = 1;

    /// <summary>
    /// Compresses the source and returns how many bytes it took; 0 if it does not fit the destination. To be worth it a destination is
    /// some bytes smaller than the source; in RDB files it is four bytes smaller.
    /// </summary>
    public int Compress(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        if (source.IsEmpty || destination.IsEmpty)
            return 0;
        if (start > uint.MaxValue - (uint)source.Length - 1)
        {
            Array.Clear(places);
            start = 1;
        }
        int size = new Run(places, start, source, destination).Compress();
        start += (uint)source.Length;
        return size;
    }

    /// <summary>One text on its way through the compressor.</summary>
    private ref struct Run(Span<uint> places, uint start, ReadOnlySpan<byte> source, Span<byte> destination)
    {
        private const int NoMatch = -1;
        private const int NoRoom = -2;

        private readonly Span<uint> places = places;
        private readonly ReadOnlySpan<byte> source = source;
        private readonly Span<byte> destination = destination;
        private readonly uint start = start;
        private int from;
        private int to;
        private int literalSize;

        public int Compress()
        {
            int lastTriple = source.Length - 2;
            // A byte is kept free before each literal for its size.
            to = 1;
            while (from < lastTriple)
            {
                int seen = WriteLiterals(lastTriple);
                if (seen == NoRoom)
                    return 0;
                if (seen == NoMatch)
                    break;
                if (!TryWriteCopy(seen, lastTriple))
                    return 0;
                if (from >= lastTriple)
                    break;
                // The two last triples of the copied bytes are worth remembering, the others not.
                Remember(from - 2);
                Remember(from - 1);
            }
            if (to + 3 > destination.Length)
                return 0;
            while (from < source.Length)
                WriteLiteral();
            EndLiteral();
            return to;
        }

        /// <summary>
        /// Writes literals up to the next bytes that were seen before, and tells where; each triple passed is remembered. Everything is in
        /// local variables, so in registers: most of the time goes here.
        /// </summary>
        private int WriteLiterals(int lastTriple)
        {
            ReadOnlySpan<byte> source = this.source;
            Span<byte> destination = this.destination;
            Span<uint> places = this.places;
            uint start = this.start;
            (int from, int to, int literalSize, int result) = (this.from, this.to, this.literalSize, NoMatch);
            uint triple = (uint)(source[from] << 8 | source[from + 1]);
            for (; from < lastTriple; from++)
            {
                triple = triple << 8 | source[from + 2];
                ref uint place = ref places[PlaceOf(triple)];
                uint before = place;
                place = start + (uint)from;
                // The first byte of a text never is the start of a match: in Redis place 0 means that there is none.
                if (before > start && start + (uint)from - before - 1 < DistanceMax)
                {
                    int seen = (int)(before - start);
                    if ((uint)(source[seen] << 16 | source[seen + 1] << 8 | source[seen + 2]) == (triple & 0xFF_FFFF))
                    {
                        result = seen;
                        break;
                    }
                }
                if (to >= destination.Length)
                {
                    result = NoRoom;
                    break;
                }
                destination[to++] = source[from];
                if (++literalSize == Lzf.LiteralSizeMax)
                {
                    destination[to - literalSize - 1] = (byte)(literalSize - 1);
                    literalSize = 0;
                    to++;
                }
            }
            (this.from, this.to, this.literalSize) = (from, to, literalSize);
            return result;
        }

        private readonly void Remember(int position)
        {
            uint triple = (uint)(source[position] << 16 | source[position + 1] << 8 | source[position + 2]);
            places[PlaceOf(triple)] = start + (uint)position;
        }

        /// <summary>The hash of the three lower bytes.</summary>
        private static int PlaceOf(uint triple) => (int)((triple >> (24 - HashBits)) - (triple * 5) & ((1 << HashBits) - 1));

        private bool TryWriteCopy(int seen, int lastTriple)
        {
            int empty = literalSize == 0 ? 1 : 0;
            if (to - empty + 4 >= destination.Length)
                return false;
            EndLiteral();

            int size = MatchSize(seen, lastTriple);
            int distance = from - seen - 1;
            int code = size - 2;
            if (code < Lzf.LongCopy)
            {
                destination[to++] = (byte)(distance >> 8 | code << 5);
            }
            else
            {
                destination[to++] = (byte)(distance >> 8 | Lzf.LongCopy << 5);
                destination[to++] = (byte)(code - Lzf.LongCopy);
            }
            destination[to++] = (byte)distance;
            from += size;
            literalSize = 0;
            to++;
            return true;
        }

        private readonly int MatchSize(int seen, int lastTriple)
        {
            // Redis compares 16 bytes at once where it can, and so may go past its own limit near the end of the text.
            int limit = Math.Min(lastTriple - from, CopySizeMax);
            limit = limit > 16 ? Math.Max(limit, 19) : Math.Max(limit, 3);
            Debug.Assert(from + limit <= source.Length);
            return source.Slice(seen, limit).CommonPrefixLength(source.Slice(from, limit));
        }

        private void WriteLiteral()
        {
            literalSize++;
            destination[to++] = source[from++];
            if (literalSize == Lzf.LiteralSizeMax)
            {
                destination[to - literalSize - 1] = (byte)(literalSize - 1);
                literalSize = 0;
                to++;
            }
        }

        /// <summary>Writes the size of the literal before its bytes, or takes the byte kept for it back if there are none.</summary>
        private void EndLiteral()
        {
            if (literalSize == 0)
                to--;
            else
                destination[to - literalSize - 1] = (byte)(literalSize - 1);
            literalSize = 0;
        }
    }
}
