using Bixbite.Memory;
using Bixbite.Structures.Packed;
using Xunit;

namespace Bixbite.Unit.Structures.Packed;

/// <summary>A block with a header of its owner's and a packed structure behind it.</summary>
internal sealed class PackedBlock : IDisposable
{
    private const byte OwnersByte = 0xA7;

    private readonly Heap _heap = new();
    private readonly int _offset;
    private Link _link;

    /// <param name="offset">The size of the owner's header.</param>
    /// <param name="content">What the tail holds at first.</param>
    public PackedBlock(int offset, ReadOnlySpan<byte> content)
    {
        _offset = offset;
        _link = new Link(_heap.Allocate(offset + content.Length), tag: 5);
        Native.Bytes(_link.Address, offset).Fill(OwnersByte);
        content.CopyTo(Tail.Bytes(content.Length));
    }

    public static PackedBlock OfListpack(int offset = 0)
    {
        byte[] empty = new byte[Listpack.EmptySize];
        Listpack.WriteEmpty(empty);
        return new PackedBlock(offset, empty);
    }

    public static PackedBlock OfIntset(int offset = 0)
    {
        byte[] empty = new byte[Intset.EmptySize];
        Intset.WriteEmpty(empty);
        return new PackedBlock(offset, empty);
    }

    public BlockTail Tail => new(_heap, ref _link, _offset);

    public ReadOnlySpan<byte> Pack => Listpack.Pack(Tail);

    public ReadOnlySpan<byte> Set => Intset.Set(Tail);

    public void AssertOwnersBytesAreUntouched()
    {
        Assert.Equal(-1, Native.Bytes(_link.Address, _offset).IndexOfAnyExcept(OwnersByte));
        Assert.Equal(5u, _link.Tag);
    }

    public void Dispose()
    {
        _heap.Free(_link.Address);
        _heap.Dispose();
    }
}
