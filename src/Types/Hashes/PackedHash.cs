using System.Buffers;
using System.Diagnostics;
using Bixbite.Structures.Packed;
using Bixbite.Structures.Text;

namespace Bixbite.Types.Hashes;

/// <summary>
/// A small hash: a listpack in which fields and values alternate, and where fields expire, each value is followed by its deadline. The
/// layouts are those of Redis.
/// <code>
///   Listpack                 field, value, field, value, ...                          the oldest first
///   ListpackWithDeadlines    field, value, deadline in Unix ms, field, ...            the soonest first, those without (0) at the end
/// </code>
/// A field is meant by the offset of its entry, valid until the next change.
/// </summary>
internal readonly ref struct PackedHash
{
    private const int PairSize = 2;
    private const int TripleSize = 3;

    /// <summary>The number that a listpack stores for "does not expire".</summary>
    private const long NoDeadline = 0;

    private const int StackSizeMax = 512;

    private readonly BlockTail _tail;
    private readonly int _stride;

    internal PackedHash(BlockTail tail, ValueLayout layout)
    {
        Debug.Assert(layout is ValueLayout.Listpack or ValueLayout.ListpackWithDeadlines, "A packed hash is a listpack.");
        _tail = tail;
        _stride = layout == ValueLayout.Listpack ? PairSize : TripleSize;
    }

    internal ReadOnlySpan<byte> Pack => _tail.Bytes(Listpack.SizeOf(_tail.Bytes(Listpack.EmptySize)));

    internal int Count => Listpack.Count(Pack) / _stride;

    internal bool HasDeadlines => _stride == TripleSize;

    /// <summary>When the next field expires, or <see cref="FieldDeadlines.None"/>.</summary>
    internal long NextDeadlineMs => HasDeadlines ? NextDeadlineMsIn(Pack) : FieldDeadlines.None;

    /// <summary>When the next field of a listpack with deadlines expires, or <see cref="FieldDeadlines.None"/>.</summary>
    internal static long NextDeadlineMsIn(ReadOnlySpan<byte> pack)
    {
        int first = Listpack.First(pack);
        return first == 0 ? FieldDeadlines.None : ToDeadline(pack, Listpack.Skip(pack, first, PairSize));
    }

    /// <summary>When the last field expires that is there, or <see cref="FieldDeadlines.None"/> if one does not or there is none.</summary>
    internal long LatestDeadlineMs
    {
        get
        {
            ReadOnlySpan<byte> pack = Pack;
            int last = Listpack.Last(pack);
            return HasDeadlines && last != 0 ? ToDeadline(pack, last) : FieldDeadlines.None;
        }
    }

    /// <summary>The field's offset, 0 if it is not there.</summary>
    internal int Find(ReadOnlySpan<byte> field)
    {
        ReadOnlySpan<byte> pack = Pack;
        return Listpack.Find(pack, Listpack.First(pack), field, _stride - 1);
    }

    internal ListpackEntry ValueAt(int field)
    {
        ReadOnlySpan<byte> pack = Pack;
        return Listpack.At(pack, Listpack.Next(pack, field));
    }

    internal long DeadlineMsAt(int field) => HasDeadlines ? ToDeadline(Pack, Listpack.Skip(Pack, field, PairSize)) : FieldDeadlines.None;

    /// <summary>The first field's offset, 0 if there is none.</summary>
    internal int First => Listpack.First(Pack);

    /// <summary>The next field's offset, 0 at the end.</summary>
    internal int Next(int field) => Listpack.Skip(Pack, field, _stride);

    /// <summary>The offset of the field with this index.</summary>
    internal int Seek(int index) => Listpack.Seek(Pack, index * _stride);

    /// <summary>Writes the offsets of all fields.</summary>
    internal void CopyOffsets(Span<int> offsets)
    {
        int count = 0;
        for (int field = First; field != 0; field = Next(field))
        {
            offsets[count++] = field;
        }
    }

    internal void Visit<TVisitor>(ref TVisitor visitor)
        where TVisitor : struct, IFieldVisitor, allows ref struct
    {
        for (int field = First; field != 0; field = Next(field))
        {
            VisitAt(field, ref visitor);
        }
    }

    internal void VisitAt<TVisitor>(int field, ref TVisitor visitor)
        where TVisitor : struct, IFieldVisitor, allows ref struct
    {
        ReadOnlySpan<byte> pack = Pack;
        int value = Listpack.Next(pack, field);
        Span<byte> fieldScratch = stackalloc byte[Integers.SizeMax];
        Span<byte> valueScratch = stackalloc byte[Integers.SizeMax];
        visitor.Visit(
            Listpack.At(pack, field).Text(fieldScratch),
            Listpack.At(pack, value).Text(valueScratch),
            HasDeadlines ? ToDeadline(pack, Listpack.Next(pack, value)) : FieldDeadlines.None);
    }

    /// <summary>Adds a field that is not there, without deadline.</summary>
    internal void Add(ReadOnlySpan<byte> field, ReadOnlySpan<byte> value)
    {
        Listpack.AppendPair(_tail, field, value);
        if (HasDeadlines)
        {
            Listpack.Append(_tail, NoDeadline);
        }
    }

    /// <summary>Overwrites the value; the field's offset stays.</summary>
    internal void SetValue(int field, ReadOnlySpan<byte> value) => Listpack.Replace(_tail, Listpack.Next(Pack, field), value);

    internal void Remove(int field) => Listpack.Remove(_tail, field, _stride);

    /// <summary>Removes up to so many fields whose time was before <paramref name="nowMs"/>, and returns how many.</summary>
    internal int RemoveDue<TDue>(long nowMs, int countMax, TDue told)
        where TDue : struct, IDueFields
    {
        Debug.Assert(HasDeadlines, "Without deadlines nothing is due.");
        ReadOnlySpan<byte> pack = Pack;
        int first = Listpack.First(pack);
        int count = 0;
        Span<byte> scratch = stackalloc byte[Integers.SizeMax];
        for (int field = first; field != 0 && count < countMax; field = Listpack.Skip(pack, field, TripleSize))
        {
            if (ToDeadline(pack, Listpack.Skip(pack, field, PairSize)) >= nowMs)
            {
                break;
            }
            told.Remove(Listpack.At(pack, field).Text(scratch));
            count++;
        }
        if (count > 0)
        {
            Listpack.Remove(_tail, first, count * TripleSize);
        }
        return count;
    }

    /// <summary>Gives a field another deadline, or none, and with it its place in the order.</summary>
    internal void SetDeadline(int field, long deadlineMs)
    {
        Debug.Assert(HasDeadlines, "The listpack has no deadlines.");
        if (DeadlineMsAt(field) == deadlineMs)
        {
            return;
        }
        Listpack.Replace(_tail, Listpack.Skip(Pack, field, PairSize), deadlineMs == FieldDeadlines.None ? NoDeadline : deadlineMs);
        Move(field, PlaceFor(field, deadlineMs));
    }

    /// <summary>The offset that a field with this deadline belongs before: behind those that expire no later.</summary>
    private int PlaceFor(int field, long deadlineMs)
    {
        ReadOnlySpan<byte> pack = Pack;
        int end = pack.Length - sizeof(byte);
        if (deadlineMs == FieldDeadlines.None)
        {
            return end;
        }
        for (int other = Listpack.First(pack); other != 0; other = Listpack.Skip(pack, other, TripleSize))
        {
            if (other != field && ToDeadline(pack, Listpack.Skip(pack, other, PairSize)) > deadlineMs)
            {
                return other;
            }
        }
        return end;
    }

    /// <summary>Moves a field with what belongs to it before another offset. Entries mean the same wherever they stand.</summary>
    private void Move(int field, int target)
    {
        Span<byte> pack = _tail.Bytes(Pack.Length);
        int end = Listpack.Skip(pack, field, TripleSize);
        int size = (end == 0 ? pack.Length - sizeof(byte) : end) - field;
        byte[]? rented = size > StackSizeMax ? ArrayPool<byte>.Shared.Rent(size) : null;
        Span<byte> moved = rented is null ? stackalloc byte[StackSizeMax] : rented;
        moved = moved[..size];
        pack.Slice(field, size).CopyTo(moved);
        if (target > field)
        {
            pack[(field + size)..target].CopyTo(pack[field..]);
            moved.CopyTo(pack[(target - size)..]);
        }
        else
        {
            pack[target..field].CopyTo(pack[(target + size)..]);
            moved.CopyTo(pack[target..]);
        }
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static long ToDeadline(ReadOnlySpan<byte> pack, int offset)
    {
        long deadlineMs = Listpack.At(pack, offset).Integer;
        return deadlineMs == NoDeadline ? FieldDeadlines.None : deadlineMs;
    }
}
