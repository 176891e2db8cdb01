using System.Diagnostics;
using Bixbite.Memory;
using Bixbite.Structures.Packed;
using Bixbite.Types.Saving;

namespace Bixbite.Types;

/// <summary>
/// The place of one collection value: the last bytes of the block of its key's record, from an offset on. The views of the types
/// (<c>HashValue</c>, <c>ListValue</c>, ...) are opened over it and hide what lies in it.
/// <code>
///   link ---> | record header | key | layout: 1 byte | content                                  |
///                                    Listpack, ...     the packed bytes, which tell their length
///                                    Root              8 bytes: the address of the root block
/// </code>
/// A change may move the record; the link, which lies in the database's index, then has the new address. Valid until the next
/// insertion or removal of a key.
/// </summary>
public readonly ref struct ValueSlot
{
    private const int LayoutSize = 1;

    private readonly ref Link _link;
    private readonly int _offset;

    /// <param name="context">What the values of the keyspace share.</param>
    /// <param name="link">The word that owns the record.</param>
    /// <param name="offset">Where the value begins in the record: at its layout byte.</param>
    /// <param name="saving">
    /// Told of changes, if a snapshot is still to have pieces of the value, the first of a chain if several are; otherwise null.
    /// </param>
    public ValueSlot(ValueContext context, ref Link link, int offset, ValueSnapshot? saving = null)
    {
        Saving = saving;
        Context = context;
        _link = ref link;
        _offset = offset;
    }

    public ValueContext Context { get; }

    /// <summary>To be told of each change of an element before it is made; null if nobody wants to know.</summary>
    internal ValueSnapshot? Saving { get; }

    public ValueLayout Layout => LayoutAt(_link.Address + (uint)_offset);

    /// <summary>Where the value begins: at its layout byte. Good until the record moves.</summary>
    internal ulong Address => _link.Address + (uint)_offset;

    /// <summary>Where the packed bytes lie, if the layout is a packed one.</summary>
    public BlockTail Packed => new(Context.Heap, ref _link, _offset + LayoutSize);

    /// <summary>The address of the root block.</summary>
    public ulong Root
    {
        get
        {
            Debug.Assert(Layout == ValueLayout.Root, "A packed value has no root.");
            return RootAt(_link.Address + (uint)_offset);
        }
    }

    /// <summary>
    /// Changes the layout to a packed one with room for <paramref name="size"/> bytes, which the caller fills. A root that was there
    /// stays the caller's to free; packed bytes that were there are lost.
    /// </summary>
    public BlockTail BecomePacked(ValueLayout layout, int size)
    {
        Debug.Assert(layout != ValueLayout.Root, "A root is no packed layout.");
        BlockTail packed = Packed;
        packed.Grow(size);
        Native.At<ValueLayout>(_link.Address + (uint)_offset) = layout;
        return packed;
    }

    /// <summary>Changes the layout to a root block, which the value owns from now on. Packed bytes that were there are lost.</summary>
    public void BecomeRoot(ulong root)
    {
        BlockTail content = Packed;
        content.Grow(sizeof(ulong));
        Native.At<ValueLayout>(_link.Address + (uint)_offset) = ValueLayout.Root;
        Native.At<ulong>(content.Address) = root;
        content.Shrink(sizeof(ulong));
    }

    /// <summary>Makes the bytes at this address, <see cref="EmptySize"/> of them, an empty value of any type.</summary>
    public static void WriteEmpty(ulong value)
    {
        Native.At<ValueLayout>(value) = ValueLayout.Listpack;
        Listpack.WriteEmpty(Native.Bytes(value + LayoutSize, Listpack.EmptySize));
    }

    public static int EmptySize => LayoutSize + Listpack.EmptySize;

    /// <summary>The bytes that a value with so many packed ones takes in its record.</summary>
    public static int PackedSizeFor(int packedSize) => LayoutSize + packedSize;

    public static ValueLayout LayoutAt(ulong value) => Native.At<ValueLayout>(value);

    /// <summary>The root of the value at this address, whose layout is <see cref="ValueLayout.Root"/>.</summary>
    public static ulong RootAt(ulong value) => Native.At<ulong>(value + LayoutSize);

    /// <summary>Notes where the root block of the value at this address is now.</summary>
    public static void SetRootAt(ulong value, ulong root)
    {
        Debug.Assert(LayoutAt(value) == ValueLayout.Root, "A packed value has no root.");
        Native.At<ulong>(value + LayoutSize) = root;
    }

    /// <summary>The packed bytes of the value at this address, whose layout is a packed one.</summary>
    public static ReadOnlySpan<byte> PackedAt(ulong value) =>
        Native.Bytes(value + LayoutSize, SizeAt(value) - LayoutSize);

    /// <summary>The bytes that the value at this address takes in its record.</summary>
    public static int SizeAt(ulong value) => LayoutSize + LayoutAt(value) switch
    {
        ValueLayout.Root => sizeof(ulong),
        ValueLayout.Intset => Intset.SizeOf(Native.Bytes(value + LayoutSize, Intset.EmptySize)),
        _ => Listpack.SizeOf(Native.Bytes(value + LayoutSize, Listpack.EmptySize)),
    };
}
