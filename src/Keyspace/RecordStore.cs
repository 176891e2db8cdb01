using System.Diagnostics;
using Bixbite.Memory;
using Bixbite.Structures.Text;
using Bixbite.Types;
using Bixbite.Types.Strings;

namespace Bixbite.Keyspace;

/// <summary>
/// Makes, resizes and frees records and the blocks that their values own. Every method that may move a record returns its
/// new place, and the caller, who owns the slot, stores it there. It knows nothing of databases.
/// </summary>
internal sealed class RecordStore
{
    /// <summary>A growing value doubles until it has this many spare bytes, as in Redis.</summary>
    private const long SpareSizeMax = 1 << 20;

    private readonly ValueContext _values;
    private readonly LazyFree _lazyFree;
    private readonly PendingValues _pending;
    private readonly Heap _heap;

    public RecordStore(ValueContext values, LazyFree lazyFree, PendingValues pending)
    {
        _pending = pending;
        _values = values;
        _lazyFree = lazyFree;
        _heap = values.Heap;
    }

    /// <summary>
    /// A new record with this value. The form's bytes must not lie in the heap block of a record that is freed meanwhile.
    /// </summary>
    public Record Create(ReadOnlySpan<byte> key, in StringForm form, long deadlineMs, uint access)
    {
        long size = Record.SizeFor(key.Length, deadlineMs != Deadline.None, ValueSizeOf(form));
        var record = new Record(_heap.Allocate(size));
        Write(record, key, form, deadlineMs, access);
        return record;
    }

    /// <summary>A new record with a string of so many zeros to be edited in place; it has no bytes to spare.</summary>
    public Record CreateText(ReadOnlySpan<byte> key, long length, uint access)
    {
        StringEncoding encoding = StringForm.EncodingFor(length);
        bool isInline = encoding == StringEncoding.Inline;
        var record = new Record(_heap.Allocate(Record.SizeFor(key.Length, false, isInline ? (int)length : Record.BlockFieldSize)));
        int inlineLength = isInline ? (int)length : 0;
        int valueOffset = record.Initialize(
            key, Deadline.None, KeyType.String, RecordFlags.Raw | Record.FlagsOf(encoding), inlineLength, access);
        if (isInline)
        {
            Native.Bytes(record.Address + (uint)valueOffset, inlineLength).Clear();
            return record;
        }
        ulong block = _heap.Allocate(length);
        _heap.FillZeros(block, start: 0, length, usedEnd: 0);
        record.BlockField = new BlockField(block, length);
        return record;
    }

    /// <summary>A new record with an empty collection, and room for so many packed bytes.</summary>
    public Record Create(ReadOnlySpan<byte> key, KeyType type, uint access, int packedSize = 0)
    {
        Debug.Assert(type != KeyType.String, "A string is no collection.");
        int valueSize = Math.Max(ValueSlot.EmptySize, ValueSlot.PackedSizeFor(packedSize));
        var record = new Record(_heap.Allocate(Record.SizeFor(key.Length, hasDeadline: false, valueSize)));
        int valueOffset = record.Initialize(key, Deadline.None, type, RecordFlags.None, inlineLength: 0, access);
        ValueSlot.WriteEmpty(record.Address + (uint)valueOffset);
        return record;
    }

    /// <summary>
    /// Gives an existing record a new value and deadline, in its own block where that fits without waste. The old value is freed.
    /// </summary>
    public Record Overwrite(Record record, in StringForm form, long deadlineMs)
    {
        FreeValue(record, lazily: true);
        ReadOnlySpan<byte> key = record.Key;
        long size = Record.SizeFor(key.Length, deadlineMs != Deadline.None, ValueSizeOf(form));
        long capacity = _heap.SizeOf(record.Address);
        if (size <= capacity && size >= capacity - (capacity / 4) - 8)
        {
            Write(record, key, form, deadlineMs, record.Access);
            return record;
        }
        var replacement = new Record(_heap.Allocate(size));
        Write(replacement, key, form, deadlineMs, record.Access);
        _heap.Free(record.Address);
        return replacement;
    }

    /// <summary>Sets or removes the deadline: everything behind the deadline field moves as one piece.</summary>
    public Record WithDeadline(Record record, long deadlineMs)
    {
        bool has = deadlineMs != Deadline.None;
        if (has == record.HasDeadline)
        {
            if (has)
            {
                record.OverwriteDeadline(deadlineMs);
            }
            return record;
        }
        int oldStart = RecordHeader.SizeOf + (has ? 0 : sizeof(long));
        int newStart = RecordHeader.SizeOf + (has ? sizeof(long) : 0);
        int tail = record.Size - oldStart;
        Record target = newStart + tail <= _heap.SizeOf(record.Address) ? record : new Record(_heap.Allocate(newStart + tail));
        Native.Bytes(record.Address + (uint)oldStart, tail).CopyTo(Native.Bytes(target.Address + (uint)newStart, tail));
        RecordHeader header = record.Header;
        header.Flags = has ? header.Flags | RecordFlags.HasDeadline : header.Flags & ~RecordFlags.HasDeadline;
        target.Header = header;
        if (has)
        {
            target.OverwriteDeadline(deadlineMs);
        }
        if (target.Address != record.Address)
        {
            _heap.Free(record.Address);
        }
        return target;
    }

    /// <summary>
    /// Makes the string at least <paramref name="length"/> bytes long, filled up with zeros, editable in place and raw.
    /// </summary>
    public Record Grow(Record record, long length)
    {
        long oldLength = record.TextLength;
        long newLength = Math.Max(oldLength, length);
        switch (record.StringEncoding)
        {
            case StringEncoding.Integer:
                Span<byte> scratch = stackalloc byte[Integers.SizeMax];
                record = Overwrite(record, StringForm.OfRaw(record.Text(scratch)), record.DeadlineMs);
                return Grow(record, length);
            case StringEncoding.Inline when newLength <= StringForm.InlineSizeMax:
                record = GrowInline(record, (int)oldLength, (int)newLength);
                break;
            case StringEncoding.Inline:
                record = InlineToBlock(record, newLength);
                break;
            default:
                GrowBlock(record, newLength);
                break;
        }
        record.Header.Flags |= RecordFlags.Raw;
        return record;
    }

    /// <summary>
    /// A record with another key and the same value, deadline and access clock; the old record's block is freed, its value moves.
    /// </summary>
    public Record Rename(Record record, ReadOnlySpan<byte> key)
    {
        Record renamed = CopyShell(record, key);
        _heap.Free(record.Address);
        return renamed;
    }

    /// <summary>A second record with its own copy of the value.</summary>
    public Record Duplicate(Record record, ReadOnlySpan<byte> key)
    {
        Record copy = CopyShell(record, key);
        if (copy.Type != KeyType.String)
        {
            if (copy.Layout == ValueLayout.Root)
            {
                Link link = new(copy.Address);
                var value = new ValueSlot(_values, ref link, copy.ValueOffset);
                value.BecomeRoot(_values.Types.Collection(copy.Type).Duplicate(_values, value.Root));
                return new Record(link.Address);
            }
        }
        else if (copy.StringEncoding == StringEncoding.Block)
        {
            BlockField block = copy.BlockField;
            ulong address = _heap.Allocate(block.Length);
            FreshPages.Copy(TextOf(block), Native.Bytes(address, (int)block.Length));
            copy.BlockField = block with { Address = address };
        }
        return copy;
    }

    /// <summary>Frees the record and its value, a large collection in slices if <paramref name="lazily"/> says so.</summary>
    public void Free(Record record, bool lazily)
    {
        FreeValue(record, lazily);
        _heap.Free(record.Address);
    }

    /// <summary>The heap bytes that the record and its value hold.</summary>
    public long SizeOf(Record record)
    {
        long size = _heap.SizeOf(record.Address);
        if (record.Type != KeyType.String)
        {
            return record.Layout == ValueLayout.Root
                ? size + _values.Types.Collection(record.Type).SizeOf(_values, ValueSlot.RootAt(record.ValueAddress))
                : size;
        }
        return record.StringEncoding == StringEncoding.Block ? size + _heap.SizeOf(record.BlockField.Address) : size;
    }

    /// <summary>The same in a time that does not grow with the value, estimated.</summary>
    public long EstimateOf(Record record) => record.Type != KeyType.String && record.Layout == ValueLayout.Root
        ? _heap.SizeOf(record.Address) + _values.Types.Collection(record.Type).EstimateOf(_values, ValueSlot.RootAt(record.ValueAddress))
        : SizeOf(record);

    private static ReadOnlySpan<byte> TextOf(BlockField block) => Native.Bytes(block.Address, (int)block.Length);

    private static int ValueSizeOf(in StringForm form) => form.Encoding switch
    {
        StringEncoding.Integer => Record.IntegerSizeOf(form.Integer),
        StringEncoding.Inline => form.Bytes.Length,
        _ => Record.BlockFieldSize,
    };

    private void Write(Record record, ReadOnlySpan<byte> key, in StringForm form, long deadlineMs, uint access)
    {
        int inlineLength = form.Encoding == StringEncoding.Block ? 0 : ValueSizeOf(form);
        RecordFlags flags = Record.FlagsOf(form.Encoding) | (form.IsRaw ? RecordFlags.Raw : RecordFlags.None);
        int valueOffset = record.Initialize(key, deadlineMs, KeyType.String, flags, inlineLength, access);
        switch (form.Encoding)
        {
            case StringEncoding.Integer:
                record.Integer = form.Integer;
                break;
            case StringEncoding.Inline:
                form.Bytes.CopyTo(Native.Bytes(record.Address + (uint)valueOffset, inlineLength));
                break;
            default:
                ulong block = form.Block;
                if (block == 0)
                {
                    block = _heap.Allocate(form.Bytes.Length);
                    FreshPages.Copy(form.Bytes, Native.Bytes(block, form.Bytes.Length));
                }
                record.BlockField = new BlockField(block, form.Bytes.Length);
                break;
        }
    }

    private Record CopyShell(Record record, ReadOnlySpan<byte> key)
    {
        int valueSize = record.ValueSize;
        long deadlineMs = record.DeadlineMs;
        var copy = new Record(_heap.Allocate(Record.SizeFor(key.Length, deadlineMs != Deadline.None, valueSize)));
        RecordHeader header = record.Header;
        int valueOffset = copy.Initialize(key, deadlineMs, header.Type, record.ValueFlags, header.InlineLength, record.Access);
        Native.Bytes(record.Address + (uint)record.ValueOffset, valueSize)
            .CopyTo(Native.Bytes(copy.Address + (uint)valueOffset, valueSize));
        return copy;
    }

    private Record GrowInline(Record record, int oldLength, int newLength)
    {
        int valueOffset = record.ValueOffset;
        if (valueOffset + newLength > _heap.SizeOf(record.Address))
        {
            record = new Record(_heap.Resize(record.Address, valueOffset + newLength));
        }
        Native.Bytes(record.Address + (uint)(valueOffset + oldLength), newLength - oldLength).Clear();
        record.Header.InlineLength = newLength;
        return record;
    }

    private Record InlineToBlock(Record record, long newLength)
    {
        Debug.Assert(record.StringEncoding == StringEncoding.Inline, "Only inline values move out.");
        ReadOnlySpan<byte> text = record.Text(default);
        ulong block = _heap.Allocate(WithSpare(newLength));
        text.CopyTo(Native.Bytes(block, text.Length));
        _heap.FillZeros(block, text.Length, newLength, usedEnd: text.Length);

        ReadOnlySpan<byte> key = record.Key;
        long size = Record.SizeFor(key.Length, record.HasDeadline, Record.BlockFieldSize);
        var moved = new Record(_heap.Allocate(size));
        RecordFlags flags = RecordFlags.Raw | Record.FlagsOf(StringEncoding.Block);
        moved.Initialize(key, record.DeadlineMs, KeyType.String, flags, inlineLength: 0, record.Access);
        moved.BlockField = new BlockField(block, newLength);
        _heap.Free(record.Address);
        return moved;
    }

    private void GrowBlock(Record record, long newLength)
    {
        BlockField block = record.BlockField;
        ulong address = block.Address;
        long usedEnd = _heap.SizeOf(address);
        if (_values.Pinned.IsPinned(address))
        {
            address = _heap.Allocate(newLength > block.Length ? WithSpare(newLength) : newLength);
            FreshPages.Copy(TextOf(block), Native.Bytes(address, (int)block.Length));
            _values.Pinned.Free(block.Address);
            usedEnd = block.Length;
        }
        else if (newLength > usedEnd)
        {
            address = _heap.Resize(address, WithSpare(newLength));
        }
        _heap.FillZeros(address, block.Length, newLength, usedEnd);
        record.BlockField = new BlockField(address, newLength);
    }

    private void FreeValue(Record record, bool lazily)
    {
        if (!_pending.IsEmpty && _pending.Keeps(record))
        {
            return;
        }
        if (record.Type != KeyType.String)
        {
            if (record.Layout == ValueLayout.Root)
            {
                FreeRoot(record.Type, ValueSlot.RootAt(record.ValueAddress), lazily);
            }
        }
        else if (record.StringEncoding == StringEncoding.Block)
        {
            _values.Pinned.Free(record.BlockField.Address);
        }
    }

    private void FreeRoot(KeyType type, ulong root, bool lazily)
    {
        if (lazily && _values.Types.Collection(type).CountOf(_values, root) > ValueContext.FreedAtOnceMax)
        {
            _lazyFree.Add(new DetachedValue(_values, type, root));
            return;
        }
        while (_values.Types.Collection(type).ReleaseSome(_values, root, int.MaxValue))
        {
        }
    }

    private static long WithSpare(long length) => length + Math.Min(length, SpareSizeMax);
}
