using System.Diagnostics;
using System.Runtime.CompilerServices;
using Bixbite.Memory;

namespace Bixbite.Types.Hashes;

/// <summary>
/// A field of a large hash and its value: one block of the heap, owned by the slot of the hash's index that holds its address.
/// <code>
///   | head | [deadline, Unix ms: 8] | field | value head | value | spare |
///
///   head         field length &lt;&lt; 2 | is long | has deadline      1 byte; if long (64 bytes and more), the length follows: 4 bytes
///   value head   value length                                      1 byte; 255 if the length (255 bytes and more) follows: 4 bytes
/// </code>
/// Twelve bytes of field with sixteen of value thus take a block of 32. The struct is only the address: it is stale once a method has
/// returned another entry in its place.
/// </summary>
internal readonly struct FieldEntry(ulong address)
{
    private const int HasDeadlineFlag = 1;
    private const int LongFlag = 2;
    private const int LengthShift = 2;
    private const int ShortFieldLengthMax = byte.MaxValue >> LengthShift;
    private const int DeadlineSize = sizeof(long);
    private const int LongLengthSize = sizeof(int);

    /// <summary>A value may leave so much of its block unused, and an eighth of it, before it gets a smaller one.</summary>
    private const int SpareSizeMax = 16;

    public ulong Address { get; } = address;

    public ReadOnlySpan<byte> Field
    {
        get
        {
            (int offset, int length) = FieldRange();
            return Native.Bytes(Address + (uint)offset, length);
        }
    }

    public ReadOnlySpan<byte> Value
    {
        get
        {
            (int offset, int length) = ValueRange();
            return Native.Bytes(Address + (uint)offset, length);
        }
    }

    public ulong ValueAddress => Address + (uint)ValueRange().Offset;

    public bool HasDeadline => (Head & HasDeadlineFlag) != 0;

    /// <summary>When the field expires, in Unix milliseconds, or <see cref="FieldDeadlines.None"/>.</summary>
    public long DeadlineMs => HasDeadline ? Native.At<long>(Address + DeadlineOffset) : FieldDeadlines.None;

    private ref byte Head => ref Native.At<byte>(Address);

    private uint DeadlineOffset => sizeof(byte) + ((Head & LongFlag) != 0 ? (uint)LongLengthSize : 0);

    public static FieldEntry Create(Heap heap, ReadOnlySpan<byte> field, ReadOnlySpan<byte> value, long deadlineMs)
    {
        bool hasDeadline = deadlineMs != FieldDeadlines.None;
        var entry = new FieldEntry(heap.Allocate(SizeFor(field.Length, hasDeadline, value.Length)));
        bool isLong = field.Length > ShortFieldLengthMax;
        entry.Head = (byte)((isLong ? LongFlag : field.Length << LengthShift) | (hasDeadline ? HasDeadlineFlag : 0));
        if (isLong)
        {
            Native.At<int>(entry.Address + sizeof(byte)) = field.Length;
        }
        if (hasDeadline)
        {
            Native.At<long>(entry.Address + entry.DeadlineOffset) = deadlineMs;
        }
        (int offset, int length) = entry.FieldRange();
        FreshPages.Copy(field, Native.Bytes(entry.Address + (uint)offset, length));
        entry.WriteValue(offset + length, value);
        return entry;
    }

    /// <summary>
    /// Gives the field a value, in its block where that fits without waste and nobody else reads it. The value must not lie in the entry
    /// itself.
    /// </summary>
    public FieldEntry WithValue(ValueContext context, ReadOnlySpan<byte> value)
    {
        (int offset, int length) = FieldRange();
        int valueOffset = offset + length;
        long size = valueOffset + SizeOfValue(value.Length);
        long capacity = context.Heap.SizeOf(Address);
        if (size <= capacity && capacity - size <= SpareSizeMax + (capacity / 8) && !context.Pinned.IsPinned(Address))
        {
            WriteValue(valueOffset, value);
            return this;
        }
        var moved = new FieldEntry(context.Heap.Allocate(size));
        Native.Copy(Address, moved.Address, valueOffset);
        moved.WriteValue(valueOffset, value);
        context.Pinned.Free(Address);
        return moved;
    }

    /// <summary>Sets the deadline, or takes it away with <see cref="FieldDeadlines.None"/>.</summary>
    public FieldEntry WithDeadline(ValueContext context, long deadlineMs)
    {
        if (HasDeadline && deadlineMs != FieldDeadlines.None && !context.Pinned.IsPinned(Address))
        {
            Native.At<long>(Address + DeadlineOffset) = deadlineMs;
            return this;
        }
        if (!HasDeadline && deadlineMs == FieldDeadlines.None)
        {
            return this;
        }
        FieldEntry moved = Create(context.Heap, Field, Value, deadlineMs);
        context.Pinned.Free(Address);
        return moved;
    }

    public FieldEntry Duplicate(Heap heap) => Create(heap, Field, Value, DeadlineMs);

    private static long SizeFor(int fieldLength, bool hasDeadline, int valueLength) =>
        sizeof(byte) + (fieldLength > ShortFieldLengthMax ? LongLengthSize : 0) + (hasDeadline ? DeadlineSize : 0)
        + (long)fieldLength + SizeOfValue(valueLength);

    private static long SizeOfValue(int length) => sizeof(byte) + (length >= byte.MaxValue ? LongLengthSize : 0) + (long)length;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private (int Offset, int Length) FieldRange()
    {
        int head = Head;
        int offset = sizeof(byte) + ((head & HasDeadlineFlag) * DeadlineSize);
        return (head & LongFlag) == 0
            ? (offset, head >> LengthShift)
            : (offset + LongLengthSize, Native.At<int>(Address + sizeof(byte)));
    }

    private (int Offset, int Length) ValueRange()
    {
        (int offset, int length) = FieldRange();
        int headOffset = offset + length;
        byte shortLength = Native.At<byte>(Address + (uint)headOffset);
        return shortLength != byte.MaxValue
            ? (headOffset + sizeof(byte), shortLength)
            : (headOffset + sizeof(byte) + LongLengthSize, Native.At<int>(Address + (uint)headOffset + sizeof(byte)));
    }

    private void WriteValue(int headOffset, ReadOnlySpan<byte> value)
    {
        Debug.Assert(headOffset > 0, "The value stands behind the field.");
        ulong head = Address + (uint)headOffset;
        if (value.Length < byte.MaxValue)
        {
            Native.At<byte>(head) = (byte)value.Length;
            value.CopyTo(Native.Bytes(head + sizeof(byte), value.Length));
            return;
        }
        Native.At<byte>(head) = byte.MaxValue;
        Native.At<int>(head + sizeof(byte)) = value.Length;
        FreshPages.Copy(value, Native.Bytes(head + sizeof(byte) + LongLengthSize, value.Length));
    }
}
