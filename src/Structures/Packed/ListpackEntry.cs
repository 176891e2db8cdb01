using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Bixbite.Memory;
using Bixbite.Structures.Text;

namespace Bixbite.Structures.Packed;

/// <summary>One entry of a listpack, read: an integer, or the bytes of a text, which lie in the listpack. Valid until it changes.</summary>
public readonly ref struct ListpackEntry
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly long _integer;

    internal ListpackEntry(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    internal ListpackEntry(long integer)
    {
        _integer = integer;
        IsInteger = true;
    }

    /// <summary>Whether the entry is stored as an integer. A text that looks like one may still be stored as text by others.</summary>
    public bool IsInteger { get; }

    /// <summary>The integer, of an entry that is one.</summary>
    public long Integer
    {
        get
        {
            Debug.Assert(IsInteger, "A text has no integer.");
            return _integer;
        }
    }

    /// <summary>The text, of an entry that is not an integer.</summary>
    public ReadOnlySpan<byte> Bytes
    {
        get
        {
            Debug.Assert(!IsInteger, "An integer's text is written where the caller wants it.");
            return _bytes;
        }
    }

    /// <summary>The length of the entry as text.</summary>
    public int Length => IsInteger ? Integers.SizeOf(_integer) : _bytes.Length;

    /// <summary>
    /// The entry as text: where it lies, or written to the scratch, for which <see cref="Integers.SizeMax"/> bytes are enough.
    /// </summary>
    public ReadOnlySpan<byte> Text(Span<byte> scratch) =>
        IsInteger ? scratch[..Integers.Format(_integer, scratch)] : _bytes;

    /// <summary>The entry as an integer, whether it is stored as one or as text.</summary>
    public bool TryGetInteger(out long value)
    {
        if (!IsInteger)
        {
            return Integers.TryParse(_bytes, out value);
        }
        value = _integer;
        return true;
    }

    /// <summary>Whether the entry reads as this text.</summary>
    public bool Equals(ReadOnlySpan<byte> text) =>
        IsInteger ? Integers.TryParse(text, out long value) && value == _integer : _bytes.SequenceEqual(text);

    internal static ListpackEntry Read(ReadOnlySpan<byte> pack, int offset)
    {
        byte head = pack[offset];
        if (head < ListpackEncoding.ShortText)
        {
            return new ListpackEntry(head);
        }
        if (head < ListpackEncoding.ShortInteger)
        {
            return new ListpackEntry(pack.Slice(offset + 1, head & ListpackEncoding.ShortTextMax));
        }
        if (head < ListpackEncoding.MediumText)
        {
            return new ListpackEntry(ShortIntegerOf(head, pack[offset + 1]));
        }
        return head <= ListpackEncoding.LongText
            ? new ListpackEntry(pack.Slice(offset + ListpackEncoding.LargeHeadSize(head), ListpackEncoding.LargeLengthAt(pack, offset)))
            : new ListpackEntry(WideIntegerAt(pack[offset..]));
    }

    /// <summary>The signed integer of 13 bits in these two bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int ShortIntegerOf(byte head, byte low) => ((head << 27) | (low << 19)) >> 19;

    /// <summary>The integer of an entry with a head of its own.</summary>
    internal static long WideIntegerAt(ReadOnlySpan<byte> entry)
    {
        switch (entry[0])
        {
            case ListpackEncoding.Integer16:
                return BinaryPrimitives.ReadInt16LittleEndian(entry[1..]);
            case ListpackEncoding.Integer24:
                return BinaryPrimitives.ReadInt32LittleEndian(entry) >> 8;
            case ListpackEncoding.Integer32:
                return BinaryPrimitives.ReadInt32LittleEndian(entry[1..]);
            default:
                Invariant.Require(entry[0] == ListpackEncoding.Integer64, "a listpack's entry has no known encoding");
                return BinaryPrimitives.ReadInt64LittleEndian(entry[1..]);
        }
    }
}
