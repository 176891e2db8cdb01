using System.Text;

namespace Bixbite.Lua.Values;

/// <summary>Bytes that do not change, with their hash. Equal strings need not be one object.</summary>
/// <remarks>
/// The hash is the one of Lua 5.1 (of a long string, some 32 bytes of it), because it decides the order in which <c>next</c> goes.
/// </remarks>
public sealed class LuaString : LuaObject, IEquatable<LuaString>
{
    /// <summary>No string is longer, in bytes.</summary>
    public const int SizeMax = 0x7FFF_FF00;

    private readonly byte[] _bytes;
    private uint _hash;
    private bool _hasHash;

    /// <summary>Takes the bytes over, uncounted; what belongs to a script is made by <see cref="LuaMemory.NewString(byte[])"/>.</summary>
    public LuaString(byte[] bytes)
    {
        _bytes = bytes;
    }

    public static LuaString Empty { get; } = Of("");

    public override LuaType Type => LuaType.String;

    public int Length => _bytes.Length;

    public ReadOnlySpan<byte> Span => _bytes;

    internal uint Hash => _hasHash ? _hash : ComputeHash();

    /// <summary>A constant of the host, counted for no script. A character for each byte.</summary>
    public static LuaString Of(string text) => new(Encoding.Latin1.GetBytes(text)) { Mark = Uncounted };

    /// <summary>The bytes held by a string of so many, with everything around them.</summary>
    internal static long BytesFor(int length) => 64 + ((length + 7L) & ~7);

    public bool Equals(LuaString? other) =>
        ReferenceEquals(this, other)
        || (other is not null && _bytes.Length == other._bytes.Length && Hash == other.Hash && Span.SequenceEqual(other.Span));

    public override bool Equals(object? obj) => obj is LuaString other && Equals(other);

    public override int GetHashCode() => (int)Hash;

    /// <summary>A character for each byte.</summary>
    public override string ToString() => Encoding.Latin1.GetString(_bytes);

    private uint ComputeHash()
    {
        uint hash = (uint)_bytes.Length;
        int step = (_bytes.Length >> 5) + 1;
        for (int end = _bytes.Length; end >= step; end -= step)
        {
            hash ^= (hash << 5) + (hash >> 2) + _bytes[end - 1];
        }
        _hash = hash;
        _hasHash = true;
        return hash;
    }
}
