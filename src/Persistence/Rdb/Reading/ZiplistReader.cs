using System.Buffers.Binary;
using Bixbite.Structures.Text;

namespace Bixbite.Persistence.Rdb.Reading;

/// <summary>
/// Reads a ziplist, what Redis before 7.0 had for small collections, from bytes that may be wrong in any way. The entries that were
/// read are worth something only if <see cref="IsSound"/> at the end.
/// <code>
///   | total bytes: 4 | offset of the last entry: 4 | count: 2 | entry | entry | ... | 0xFF |       little-endian; count 65535 = unknown
///
///   entry = | size of the entry before: 1, or 0xFE and 4 | head | body |
///
///   00llllll                  text of up to 63 bytes
///   01llllll llllllll         text of up to 16,383 bytes, the length's high bits first
///   10______ + 4 bytes        longer text; the length is big-endian
///   0xC0 0xD0 0xE0 0xF0 0xFE  integers of 2, 4, 8, 3, 1 bytes, signed, little-endian
///   0xF1 .. 0xFD              the integers 0 .. 12
/// </code>
/// </summary>
internal ref struct ZiplistReader
{
    private const int HeaderSize = 10;
    private const int TailOffset = 4;
    private const int CountOffset = 8;
    private const int CountUnknown = ushort.MaxValue;
    private const byte End = 0xFF;
    private const byte LongSize = 0xFE;

    private const byte Integer8 = 0xFE;
    private const byte Integer16 = 0xC0;
    private const byte Integer24 = 0xF0;
    private const byte Integer32 = 0xD0;
    private const byte Integer64 = 0xE0;
    private const byte ImmediateFirst = 0xF1;
    private const byte ImmediateLast = 0xFD;

    private readonly ReadOnlySpan<byte> _bytes;
    private int _offset;
    private int _last;
    private int _count;
    private bool _isInteger;
    private long _integer;
    private ReadOnlySpan<byte> _text;

    public ZiplistReader(ReadOnlySpan<byte> bytes)
    {
        _bytes = bytes;
        bool isFramed = bytes.Length > HeaderSize
            && BinaryPrimitives.ReadUInt32LittleEndian(bytes) == (uint)bytes.Length
            && bytes[^1] == End;
        _offset = isFramed ? HeaderSize : int.MaxValue;
    }

    /// <summary>After <see cref="MoveNext"/> was false: all that was read, and the header too, is right.</summary>
    public bool IsSound { get; private set; }

    /// <summary>Goes to the first entry, then to the next; false at the end, and where the bytes are wrong.</summary>
    public bool MoveNext()
    {
        if (_offset >= _bytes.Length)
        {
            return false;
        }
        if (_bytes[_offset] == End)
        {
            IsSound = _offset == _bytes.Length - 1 && IsHeaderRight();
            _offset = int.MaxValue;
            return false;
        }
        int size = EntrySize();
        if (size == 0)
        {
            _offset = int.MaxValue;
            return false;
        }
        _last = _offset;
        _offset += size;
        _count++;
        return true;
    }

    /// <summary>
    /// The entry as text; integers are written to the scratch, for which <see cref="Integers.SizeMax"/> bytes are enough.
    /// </summary>
    public readonly ReadOnlySpan<byte> Text(Span<byte> scratch) => _isInteger ? scratch[..Integers.Format(_integer, scratch)] : _text;

    private readonly bool IsHeaderRight()
    {
        int count = BinaryPrimitives.ReadUInt16LittleEndian(_bytes[CountOffset..]);
        return (count == CountUnknown || count == _count)
            && (_count == 0 || BinaryPrimitives.ReadUInt32LittleEndian(_bytes[TailOffset..]) == (uint)_last);
    }

    /// <summary>Reads the entry at the offset and returns its size; 0 if it is wrong, or reaches into the end mark.</summary>
    private int EntrySize()
    {
        ReadOnlySpan<byte> rest = _bytes[_offset..^1];
        int sizeSize = rest[0] < LongSize ? 1 : 1 + sizeof(uint);
        if (rest.Length <= sizeSize)
        {
            return 0;
        }
        uint sizeBefore = sizeSize == 1 ? rest[0] : BinaryPrimitives.ReadUInt32LittleEndian(rest[1..]);
        if (sizeBefore != (_count == 0 ? 0 : (uint)(_offset - _last)))
        {
            return 0;
        }
        int bodySize = ReadBody(rest[sizeSize..]);
        return bodySize == 0 ? 0 : sizeSize + bodySize;
    }

    /// <summary>Reads head and body and returns their size; 0 if they are wrong.</summary>
    private int ReadBody(ReadOnlySpan<byte> rest)
    {
        byte head = rest[0];
        _isInteger = head >= Integer16;
        if (_isInteger)
        {
            return ReadInteger(head, rest[1..]);
        }
        int headSize = (head >> 6) switch
        {
            0 => 1,
            1 => 2,
            _ => 1 + sizeof(uint),
        };
        if (rest.Length < headSize)
        {
            return 0;
        }
        uint length = headSize switch
        {
            1 => head,
            2 => (uint)((head & 0x3F) << 8) | rest[1],
            _ => BinaryPrimitives.ReadUInt32BigEndian(rest[1..]),
        };
        rest = rest[headSize..];
        if (length > (uint)rest.Length)
        {
            return 0;
        }
        _text = rest[..(int)length];
        return headSize + (int)length;
    }

    private int ReadInteger(byte head, ReadOnlySpan<byte> body)
    {
        if (head is >= ImmediateFirst and <= ImmediateLast)
        {
            _integer = head - ImmediateFirst;
            return 1;
        }
        int size = head switch
        {
            Integer8 => 1,
            Integer16 => 2,
            Integer24 => 3,
            Integer32 => 4,
            Integer64 => 8,
            _ => int.MaxValue,
        };
        if (size > body.Length)
        {
            return 0;
        }
        Span<byte> wide = stackalloc byte[sizeof(long)];
        wide.Fill((body[size - 1] & 0x80) != 0 ? byte.MaxValue : byte.MinValue);
        body[..size].CopyTo(wide);
        _integer = BinaryPrimitives.ReadInt64LittleEndian(wide);
        return 1 + size;
    }
}
