using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Bixbite.Lua.Values;

namespace Bixbite.Scripting.Scripts;

/// <summary>Compares digests; their bytes are random already.</summary>
internal sealed class DigestComparer : IEqualityComparer<LuaString>, IAlternateEqualityComparer<ReadOnlySpan<byte>, LuaString>
{
    public static readonly DigestComparer Instance = new();

    public bool Equals(LuaString? x, LuaString? y) => x is null ? y is null : x.Equals(y);

    public int GetHashCode([DisallowNull] LuaString obj) => GetHashCode(obj.Span);

    public bool Equals(ReadOnlySpan<byte> alternate, LuaString other) => alternate.SequenceEqual(other.Span);

    public int GetHashCode(ReadOnlySpan<byte> alternate) =>
        alternate.Length < sizeof(long) ? 0 : HashCode.Combine(BinaryPrimitives.ReadInt64LittleEndian(alternate));

    public LuaString Create(ReadOnlySpan<byte> alternate) => new(alternate.ToArray());
}
