using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Bixbite.Lua.Values;

/// <summary>
/// Bytes that do not change, with their hash. Equal strings need not be one object. Short strings, of which scripts make most, hold their
/// bytes themselves and are one object and not two:
///
///   short   mark, id | - | length | hash | 24 bytes, zero after the last one
///   long    mark, id | array | length | hash | -
/// </summary>
/// <remarks>
/// The hash is the one of Lua 5.1 (of a long string, some 32 bytes of it), because it decides the order in which <c>next</c> goes.
/// </remarks>
public sealed class LuaString : LuaObject, IEquatable<LuaString>
{
    /// <summary>No string is longer, in bytes.</summary>
    public const int SizeMax = 0x7FFF_FF00;

    /// <summary>The bytes that a string holds itself.</summary>
    public const int ShortMax = 24;

    private const int OwnBytes = 64;
    private const int ArrayBytes = 24;

    private readonly byte[]? _array;
    private readonly int _length;

    /// <summary>0 until it is asked for; a string whose hash is 0 computes it each time.</summary>
    private uint _hash;
    private ShortBytes _short;

    /// <summary>Takes the bytes over, uncounted; what belongs to a script is made by <see cref="LuaMemory.NewString(byte[])"/>.</summary>
    public LuaString(byte[] bytes)
    {
        _length = bytes.Length;
        if (bytes.Length <= ShortMax)
        {
            bytes.CopyTo(_short);
        }
        else
        {
            _array = bytes;
        }
    }

    /// <summary>Copies a few bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal LuaString(ReadOnlySpan<byte> bytes)
    {
        _length = bytes.Length;
        bytes.CopyTo(_short);
    }

    /// <summary>Some zero bytes, which the maker of the string sets before anybody sees it.</summary>
    private LuaString(int length)
    {
        _array = length > ShortMax ? GC.AllocateUninitializedArray<byte>(length) : null;
        _length = length;
    }

    public static LuaString Empty { get; } = Of("");

    public override LuaType Type => LuaType.String;

    public int Length => _length;

    public ReadOnlySpan<byte> Span => Bytes;

    internal uint Hash => _hash != 0 ? _hash : ComputeHash();

    private Span<byte> Bytes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _array is { } array ? array : ((Span<byte>)_short)[.._length];
    }

    /// <summary>A constant of the host, counted for no script. A character for each byte.</summary>
    public static LuaString Of(string text) => new(Encoding.Latin1.GetBytes(text)) { Mark = Uncounted };

    /// <summary>The bytes held by a string of so many, with everything around them.</summary>
    internal static long BytesFor(int length) => length <= ShortMax ? OwnBytes : OwnBytes + ArrayBytes + ((length + 7L) & ~7);

    /// <summary>A string whose bytes the caller writes before it hands the string on.</summary>
    internal static LuaString Create(int length, out Span<byte> bytes)
    {
        LuaString text = new(length);
        bytes = text.Bytes;
        return text;
    }

    /// <summary>
    /// Copies the bytes and returns how many they are. Room for <see cref="ShortMax"/> bytes is needed in any case: a short string is
    /// copied with what is behind it.
    /// </summary>
    public int CopyTo(Span<byte> room)
    {
        if (_array is { } array)
        {
            array.CopyTo(room);
            return array.Length;
        }
        MemoryMarshal.Write(room, _short);
        return _length;
    }

    public bool Equals(LuaString? other) =>
        ReferenceEquals(this, other)
        || (other is not null && _length == other._length && MayHaveHashOf(other) && Bytes.SequenceEqual(other.Bytes));

    public override bool Equals(object? obj) => obj is LuaString other && Equals(other);

    public override int GetHashCode() => (int)Hash;

    /// <summary>A character for each byte.</summary>
    public override string ToString() => Encoding.Latin1.GetString(Span);

    /// <summary>Computing a hash takes longer than comparing a few bytes.</summary>
    private bool MayHaveHashOf(LuaString other) => _hash == other._hash || _hash == 0 || other._hash == 0;

    private uint ComputeHash()
    {
        ReadOnlySpan<byte> bytes = Bytes;
        uint hash = (uint)bytes.Length;
        int step = (bytes.Length >> 5) + 1;
        for (int end = bytes.Length; end >= step; end -= step)
        {
            hash ^= (hash << 5) + (hash >> 2) + bytes[end - 1];
        }
        _hash = hash;
        return hash;
    }

    [InlineArray(ShortMax)]
    private struct ShortBytes
    {
        private byte _first;
    }
}
