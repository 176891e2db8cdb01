using System.Diagnostics;

namespace Bixbite.Structures.Checks;

/// <summary>
/// Compresses into the format of <see cref="Lzf"/>, choosing the runs that Redis chooses, so that payloads are equal to the byte.
/// <para>
/// A table of 65,536 places says for each hash of three bytes where such bytes were seen last. It is made for the first text, and
/// positions go on counting from text to text, so a place left by an earlier text is below this text's start and needs no clearing.
/// Not for use by two threads at once.
/// </para>
/// </summary>
public sealed class LzfCompressor
{
    private const int HashBits = 16;
    private const int DistanceMax = 1 << Lzf.DistanceBits;
    private const int CopySizeMax = (1 << 8) + (1 << 3);

    private uint[]? _places;

    // The position of the current text's first byte; one up from the end of the text before.
    private uint _start = 1;

    /// <summary>
    /// Compresses the source and returns how many bytes it took; 0 if it does not fit the destination. To be worth it a destination is
    /// some bytes smaller than the source; in RDB files it is four bytes smaller.
    /// </summary>
    public int Compress(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        if (source.IsEmpty || destination.IsEmpty)
        {
            return 0;
        }
        if (_start > uint.MaxValue - (uint)source.Length - 1)
        {
            _places.AsSpan().Clear();
            _start = 1;
        }
        int size = new Run(_places ??= new uint[1 << HashBits], _start, source, destination).Compress();
        _start += (uint)source.Length;
        return size;
    }

    /// <summary>One text on its way through the compressor.</summary>
    private ref struct Run(Span<uint> places, uint start, ReadOnlySpan<byte> source, Span<byte> destination)
    {
        private const int NoMatch = -1;
        private const int NoRoom = -2;

        private readonly Span<uint> _places = places;
        private readonly ReadOnlySpan<byte> _source = source;
        private readonly Span<byte> _destination = destination;
        private readonly uint _start = start;
        private int _from;
        private int _to;
        private int _literalSize;

        public int Compress()
        {
            int lastTriple = _source.Length - 2;
            // A byte is kept free before each literal for its size.
            _to = 1;
            while (_from < lastTriple)
            {
                int seen = WriteLiterals(lastTriple);
                if (seen == NoRoom)
                {
                    return 0;
                }
                if (seen == NoMatch)
                {
                    break;
                }
                if (!TryWriteCopy(seen, lastTriple))
                {
                    return 0;
                }
                if (_from >= lastTriple)
                {
                    break;
                }
                // The two last triples of the copied bytes are worth remembering, the others not.
                Remember(_from - 2);
                Remember(_from - 1);
            }
            if (_to + 3 > _destination.Length)
            {
                return 0;
            }
            while (_from < _source.Length)
            {
                WriteLiteral();
            }
            EndLiteral();
            return _to;
        }

        /// <summary>
        /// Writes literals up to the next bytes that were seen before, and tells where; each triple passed is remembered. Everything is in
        /// local variables, so in registers: most of the time goes here.
        /// </summary>
        private int WriteLiterals(int lastTriple)
        {
            ReadOnlySpan<byte> source = _source;
            Span<byte> destination = _destination;
            Span<uint> places = _places;
            uint start = _start;
            (int from, int to, int literalSize, int result) = (_from, _to, _literalSize, NoMatch);
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
            (_from, _to, _literalSize) = (from, to, literalSize);
            return result;
        }

        private readonly void Remember(int position)
        {
            uint triple = (uint)(_source[position] << 16 | _source[position + 1] << 8 | _source[position + 2]);
            _places[PlaceOf(triple)] = _start + (uint)position;
        }

        /// <summary>The hash of the three lower bytes.</summary>
        private static int PlaceOf(uint triple) => (int)((triple >> (24 - HashBits)) - (triple * 5) & ((1 << HashBits) - 1));

        private bool TryWriteCopy(int seen, int lastTriple)
        {
            int empty = _literalSize == 0 ? 1 : 0;
            if (_to - empty + 4 >= _destination.Length)
            {
                return false;
            }
            EndLiteral();

            int size = MatchSize(seen, lastTriple);
            int distance = _from - seen - 1;
            int code = size - 2;
            if (code < Lzf.LongCopy)
            {
                _destination[_to++] = (byte)(distance >> 8 | code << 5);
            }
            else
            {
                _destination[_to++] = (byte)(distance >> 8 | Lzf.LongCopy << 5);
                _destination[_to++] = (byte)(code - Lzf.LongCopy);
            }
            _destination[_to++] = (byte)distance;
            _from += size;
            _literalSize = 0;
            _to++;
            return true;
        }

        private readonly int MatchSize(int seen, int lastTriple)
        {
            // Redis compares 16 bytes at once where it can, and so may go past its own limit near the end of the text.
            int limit = Math.Min(lastTriple - _from, CopySizeMax);
            limit = limit > 16 ? Math.Max(limit, 19) : Math.Max(limit, 3);
            Debug.Assert(_from + limit <= _source.Length);
            return _source.Slice(seen, limit).CommonPrefixLength(_source.Slice(_from, limit));
        }

        private void WriteLiteral()
        {
            _literalSize++;
            _destination[_to++] = _source[_from++];
            if (_literalSize == Lzf.LiteralSizeMax)
            {
                _destination[_to - _literalSize - 1] = (byte)(_literalSize - 1);
                _literalSize = 0;
                _to++;
            }
        }

        /// <summary>Writes the size of the literal before its bytes, or takes the byte kept for it back if there are none.</summary>
        private void EndLiteral()
        {
            if (_literalSize == 0)
            {
                _to--;
            }
            else
            {
                _destination[_to - _literalSize - 1] = (byte)(_literalSize - 1);
            }
            _literalSize = 0;
        }
    }
}
