using System.Buffers.Binary;
using Bixbite.Memory;
using Bixbite.Structures.Ordered;

namespace Bixbite.Types.Streams;

/// <summary>
/// Blocks with a name, in the order of their names' bytes: groups and consumers.
/// <code>
///   | where the name begins: 4 | its length: 4 | the block's own | name |
/// </code>
/// </summary>
internal readonly struct NamedBlock : ITreeEntries
{
    private const int LengthOffset = 4;

    public static bool IsWeighted => false;

    public static ulong PrefixOf(ulong entry) => PrefixOf(NameOf(entry));

    /// <summary>The name's first bits; a shorter name comes before those that go on.</summary>
    internal static ulong PrefixOf(ReadOnlySpan<byte> name)
    {
        Span<byte> first = stackalloc byte[sizeof(ulong)];
        first.Clear();
        name[..Math.Min(name.Length, first.Length)].CopyTo(first);
        return BinaryPrimitives.ReadUInt64BigEndian(first) >> (64 - TreePrefix.Bits);
    }

    internal static ReadOnlySpan<byte> NameOf(ulong block) =>
        Native.Bytes(block + (uint)Native.At<int>(block), Native.At<int>(block + LengthOffset));

    /// <summary>A block with this name behind so many bytes, which the caller fills, but for the first eight.</summary>
    internal static ulong Create(Heap heap, int nameOffset, ReadOnlySpan<byte> name)
    {
        ulong block = heap.Allocate(nameOffset + (long)name.Length);
        Native.At<int>(block) = nameOffset;
        Native.At<int>(block + LengthOffset) = name.Length;
        name.CopyTo(Native.Bytes(block + (uint)nameOffset, name.Length));
        return block;
    }
}

/// <summary>The place of a name in the order.</summary>
internal readonly ref struct NameKey(ReadOnlySpan<byte> name) : ITreeKey
{
    private readonly ReadOnlySpan<byte> _name = name;

    public ulong Prefix => NamedBlock.PrefixOf(_name);

    public int CompareTo(ulong entry) => _name.SequenceCompareTo(NamedBlock.NameOf(entry));
}
