using System.Buffers.Binary;

namespace Bixbite.Persistence.Values.Hashes;

/// <summary>
/// Reads a zipmap, what Redis before 2.6 had for small hashes, from bytes that may be wrong in any way. The pairs that were read are
/// worth something only if <see cref="IsSound"/> at the end.
/// <code>
///   | count: 1 | pair | pair | ... | 0xFF |         a count of 254 = unknown
///
///   pair   = | length | field | length | spare: 1 | value | spare bytes |
///   length = 0 .. 253, or 254 and 4 bytes, little-endian
/// </code>
/// </summary>
internal ref struct ZipmapReader
{
    private const byte End = 0xFF;
    private const byte LongLength = 0xFE;
    private const byte CountUnknown = 0xFE;
    private const int SizeMin = 2;

    private readonly ReadOnlySpan<byte> _bytes;
    private ReadOnlySpan<byte> _rest;
    private int _count;

    public ZipmapReader(ReadOnlySpan<byte> bytes)
    {
        _bytes = bytes;
        bool isFramed = bytes.Length >= SizeMin && bytes[^1] == End;
        _rest = isFramed ? bytes[1..] : default;
    }

    /// <summary>After <see cref="MoveNext"/> was false: all that was read, and the count too, is right.</summary>
    public bool IsSound { get; private set; }

    public ReadOnlySpan<byte> Field { get; private set; }

    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Goes to the first pair, then to the next; false at the end, and where the bytes are wrong.</summary>
    public bool MoveNext()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }
        if (_rest[0] == End)
        {
            IsSound = _rest.Length == 1 && (_bytes[0] == CountUnknown || _bytes[0] == _count);
            _rest = default;
            return false;
        }
        if (!TryTakePair())
        {
            _rest = default;
            return false;
        }
        _count++;
        return true;
    }

    /// <summary>Takes a pair, behind which at least the end mark is left.</summary>
    private bool TryTakePair()
    {
        if (!TryTakeLength(out uint fieldLength) || fieldLength >= (uint)_rest.Length)
        {
            return false;
        }
        Field = _rest[..(int)fieldLength];
        _rest = _rest[(int)fieldLength..];
        if (!TryTakeLength(out uint valueLength) || _rest.IsEmpty)
        {
            return false;
        }
        int spare = _rest[0];
        _rest = _rest[1..];
        if ((ulong)valueLength + (uint)spare >= (ulong)_rest.Length)
        {
            return false;
        }
        Value = _rest[..(int)valueLength];
        _rest = _rest[((int)valueLength + spare)..];
        return true;
    }

    private bool TryTakeLength(out uint length)
    {
        length = 0;
        if (_rest.IsEmpty || _rest[0] == End)
        {
            return false;
        }
        if (_rest[0] != LongLength)
        {
            length = _rest[0];
            _rest = _rest[1..];
            return true;
        }
        if (_rest.Length <= sizeof(uint))
        {
            return false;
        }
        length = BinaryPrimitives.ReadUInt32LittleEndian(_rest[1..]);
        _rest = _rest[(1 + sizeof(uint))..];
        return true;
    }
}
