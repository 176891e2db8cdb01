using System.Diagnostics;
using Bixbite.Structures.Text;
using Bixbite.Types.Saving;

namespace Bixbite.Types.Hashes;

/// <summary>
/// A hash, opened over its place: fields with values, each of which may expire by itself. It begins as a listpack, gets deadlines when
/// the first field is to expire, and becomes a table when it has outgrown the limits; each of these once and for good. Fields that are
/// due are removed by the keyspace, or hidden, before anybody sees them.
/// </summary>
public readonly ref struct HashValue
{
    /// <summary>The most bytes of a listpack, whatever the limits say.</summary>
    private const long PackedSizeMax = 1 << 30;

    private readonly ValueSlot _slot;

    public HashValue(ValueSlot slot) => _slot = slot;

    public long Count => _slot.Layout == ValueLayout.Root ? Table.Count : Packed.Count;

    public bool IsEmpty => Count == 0;

    /// <summary>When the next field expires, or some time before that; or <see cref="FieldDeadlines.None"/>.</summary>
    public long NextDeadlineMs => _slot.Layout == ValueLayout.Root ? Table.NextDeadlineMs : Packed.NextDeadlineMs;

    /// <summary>Fields that are due may still be stored, hidden: they must be removed before they are changed.</summary>
    public bool IsHiding => _slot.Layout == ValueLayout.Root && FieldTable.IsHidingAt(_slot.Root);

    /// <summary>The fields that are stored, hidden ones included.</summary>
    public long StoredCount => _slot.Layout == ValueLayout.Root ? Table.Index.Count : Packed.Count;

    private FieldTable Table => new(_slot.Context, _slot.Root, _slot.Saving as IndexSnapshot<FieldKeys, IHashSink>);

    private PackedHash Packed => new(_slot.Packed, _slot.Layout);

    /// <summary>
    /// The field's value. Where a number is stored, its text is written into <paramref name="scratch"/>, which must hold
    /// <see cref="Integers.SizeMax"/> bytes; otherwise the bytes are the hash's own, valid until its next change.
    /// </summary>
    public bool TryGet(ReadOnlySpan<byte> field, Span<byte> scratch, out ReadOnlySpan<byte> value)
    {
        if (_slot.Layout == ValueLayout.Root)
        {
            bool isFound = Table.TryFind(field, out FieldEntry entry);
            value = isFound ? entry.Value : default;
            return isFound;
        }
        PackedHash packed = Packed;
        int at = packed.Find(field);
        value = at == 0 ? default : packed.ValueAt(at).Text(scratch);
        return at != 0;
    }

    public bool Contains(ReadOnlySpan<byte> field) =>
        _slot.Layout == ValueLayout.Root ? Table.TryFind(field, out _) : Packed.Find(field) != 0;

    /// <summary>
    /// When the field expires, in Unix milliseconds, or <see cref="FieldDeadlines.None"/>; false if there is no such field.
    /// </summary>
    public bool TryGetDeadline(ReadOnlySpan<byte> field, out long deadlineMs)
    {
        if (_slot.Layout == ValueLayout.Root)
        {
            bool isFound = Table.TryFind(field, out FieldEntry entry);
            deadlineMs = isFound ? entry.DeadlineMs : FieldDeadlines.None;
            return isFound;
        }
        PackedHash packed = Packed;
        int at = packed.Find(field);
        deadlineMs = at == 0 ? FieldDeadlines.None : packed.DeadlineMsAt(at);
        return at != 0;
    }

    /// <summary>
    /// To be called before several fields are added, or the first one: chooses the layout at once and makes room in one go.
    /// </summary>
    /// <param name="fieldCount">The fields to come.</param>
    /// <param name="lengthMax">The longest of these fields and values.</param>
    /// <param name="packedSize">The bytes that they take in a listpack.</param>
    public void Expect(int fieldCount, int lengthMax, long packedSize)
    {
        if (_slot.Layout == ValueLayout.Root)
        {
            return;
        }
        ValueLimits limits = _slot.Context.Limits;
        PackedHash packed = Packed;
        int packSize = packed.Pack.Length;
        if (fieldCount > limits.HashEntriesMax || lengthMax > limits.HashValueSizeMax || packSize + packedSize > PackedSizeMax)
        {
            HashConversion.ToTable(_slot);
        }
        else if (packed.Count == 0)
        {
            _slot.Packed.Grow(packSize + (int)packedSize);
        }
    }

    /// <summary>
    /// Gives an empty hash these packed bytes, which are valid, have no field twice and are not the hash's own. More fields than the
    /// limit become a table; how long they are does not matter.
    /// </summary>
    public void Take(ValueLayout layout, ReadOnlySpan<byte> pack)
    {
        Debug.Assert(_slot.Layout != ValueLayout.Root && IsEmpty, "Only an empty hash can be given another content.");
        pack.CopyTo(_slot.BecomePacked(layout, pack.Length).Bytes(pack.Length));
        if (Packed.Count > _slot.Context.Limits.HashEntriesMax)
        {
            HashConversion.ToTable(_slot);
        }
    }

    /// <summary>
    /// Stores a field's value, and unless <paramref name="keepsDeadline"/> says otherwise, the field no longer expires. True if the
    /// field is new. The bytes must not be the hash's own.
    /// </summary>
    public bool Set(ReadOnlySpan<byte> field, ReadOnlySpan<byte> value, bool keepsDeadline = false)
    {
        if (_slot.Layout != ValueLayout.Root)
        {
            if (Math.Max(field.Length, value.Length) <= _slot.Context.Limits.HashValueSizeMax)
            {
                return SetPacked(field, value, keepsDeadline);
            }
            HashConversion.ToTable(_slot);
        }
        return Table.Set(field, value, keepsDeadline);
    }

    /// <summary>Sets when a field expires that is there, or with <see cref="FieldDeadlines.None"/> that it does not.</summary>
    public void SetDeadline(ReadOnlySpan<byte> field, long deadlineMs)
    {
        Debug.Assert(Contains(field), "A deadline is set on a field that exists.");
        if (_slot.Layout == ValueLayout.Listpack)
        {
            if (deadlineMs == FieldDeadlines.None)
            {
                return;
            }
            HashConversion.AddDeadlines(_slot);
        }
        if (_slot.Layout == ValueLayout.Root)
        {
            Table.SetDeadline(field, deadlineMs);
            return;
        }
        PackedHash packed = Packed;
        packed.SetDeadline(packed.Find(field), deadlineMs);
    }

    /// <summary>True if the field was there.</summary>
    public bool Remove(ReadOnlySpan<byte> field)
    {
        if (_slot.Layout == ValueLayout.Root)
        {
            return Table.Remove(field);
        }
        PackedHash packed = Packed;
        int at = packed.Find(field);
        if (at == 0)
        {
            return false;
        }
        packed.Remove(at);
        return true;
    }

    /// <summary>Visits all fields.</summary>
    public void Visit<TVisitor>(ref TVisitor visitor)
        where TVisitor : struct, IFieldVisitor, allows ref struct
    {
        if (_slot.Layout != ValueLayout.Root)
        {
            Packed.Visit(ref visitor);
            return;
        }
        Table.VisitAll(ref visitor);
    }

    /// <summary>
    /// Visits some fields from the cursor on and returns the next cursor; 0 begins and, returned, ends. A packed hash comes at once. Every
    /// field that is there from the first call to the last is visited exactly once, unless the hash becomes a table meanwhile.
    /// </summary>
    public ulong Scan<TVisitor>(ulong cursor, int countHint, ref TVisitor visitor)
        where TVisitor : struct, IFieldVisitor, allows ref struct
    {
        if (_slot.Layout != ValueLayout.Root)
        {
            Packed.Visit(ref visitor);
            return 0;
        }
        var adapter = new EntryVisitor<TVisitor>(visitor, Table.HiddenBeforeMs);
        cursor = Table.Index.Scan(cursor, countHint, ref adapter);
        visitor = adapter.Visitor;
        return cursor;
    }

    /// <summary>Visits one field chosen at random, each about as likely. The hash must not be empty.</summary>
    public void VisitRandom<TVisitor>(ref TVisitor visitor)
        where TVisitor : struct, IFieldVisitor, allows ref struct => FieldSample.One(_slot, ref visitor);

    /// <summary>Visits so many fields chosen at random, the same one perhaps more than once.</summary>
    public void VisitRandomRepeatedly<TVisitor>(long count, ref TVisitor visitor)
        where TVisitor : struct, IFieldVisitor, allows ref struct => FieldSample.Repeatedly(_slot, count, ref visitor);

    /// <summary>Visits so many different fields chosen at random; all there are if they are not more.</summary>
    public void VisitRandomDistinct<TVisitor>(long count, ref TVisitor visitor)
        where TVisitor : struct, IFieldVisitor, allows ref struct
    {
        if (count >= Count)
        {
            Visit(ref visitor);
            return;
        }
        FieldSample.Distinct(_slot, (int)count, ref visitor);
    }

    private bool SetPacked(ReadOnlySpan<byte> field, ReadOnlySpan<byte> value, bool keepsDeadline)
    {
        PackedHash packed = Packed;
        int at = packed.Find(field);
        if (at != 0)
        {
            packed.SetValue(at, value);
            if (packed.HasDeadlines && !keepsDeadline)
            {
                packed.SetDeadline(at, FieldDeadlines.None);
            }
            return false;
        }
        packed.Add(field, value);
        if (packed.Count > _slot.Context.Limits.HashEntriesMax)
        {
            HashConversion.ToTable(_slot);
        }
        return true;
    }
}
