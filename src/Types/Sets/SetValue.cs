using System.Buffers;
using System.Diagnostics;
using Bixbite.Structures.Packed;
using Bixbite.Structures.Text;
using Bixbite.Types.Saving;

namespace Bixbite.Types.Sets;

/// <summary>
/// A set: different byte strings in no order. It is laid out in one of three ways, and never goes back to an earlier one:
/// <code>
///   Intset     integers alone, few                      set-max-intset-entries
///      | a member that is no integer    \
///   Listpack   few and short members     \  too many    set-max-listpack-entries, set-max-listpack-value
///      | too many, or a long one         |
///   Root       an index of one block per member: SetRoot
/// </code>
/// The rules are those of Redis, so OBJECT ENCODING answers the same. A view, opened over the key's slot; valid until the next insertion
/// or removal of a key.
/// </summary>
public readonly ref struct SetValue
{
    /// <summary>An intset has no more than so many integers, whatever the setting says.</summary>
    private const long IntsetCountMax = 1 << 30;

    private readonly ValueSlot _slot;

    public SetValue(ValueSlot slot) => _slot = slot;

    public long Count => Stored.Count;

    public bool IsEmpty => Count == 0;

    /// <summary>The set for reading, to be kept while other sets are looked at. Good until this one changes.</summary>
    public StoredSet Stored => new(_slot.Context, _slot.Address);

    private ValueLimits Limits => _slot.Context.Limits;

    private MemberTable Table => new(_slot.Context, _slot.Root, _slot.Saving as IndexSnapshot<MemberKeys, ISetSink>);

    public bool Contains(ReadOnlySpan<byte> member) => Stored.Contains(member);

    /// <inheritdoc cref="StoredSet.Read"/>
    public SetReader Read() => Stored.Read();

    /// <summary>Adds a member, which must not lie in this set itself, and tells whether it is new.</summary>
    public bool Add(ReadOnlySpan<byte> member) => _slot.Layout switch
    {
        ValueLayout.Root => Table.Add(member),
        ValueLayout.Listpack when IsEmpty => AddFirstOf(member, 1),
        _ => AddToPacked(member),
    };

    /// <summary>
    /// As <see cref="Add(ReadOnlySpan{byte})"/>, for the first of so many members that will be added: the layout is chosen for all of them.
    /// </summary>
    public bool AddFirstOf(ReadOnlySpan<byte> member, long memberCount)
    {
        ValueLayout layout = _slot.Layout;
        if (layout == ValueLayout.Root)
        {
            return Table.Add(member);
        }
        if (layout == ValueLayout.Listpack && IsEmpty && memberCount <= Limits.SetIntsetEntriesMax && Integers.TryParse(member, out long _))
        {
            layout = ValueLayout.Intset;
            Intset.WriteEmpty(_slot.BecomePacked(layout, Intset.EmptySize).Bytes(Intset.EmptySize));
        }
        if (memberCount > (layout == ValueLayout.Intset ? Limits.SetIntsetEntriesMax : Limits.SetEntriesMax))
        {
            BecomeTable();
            return Table.Add(member);
        }
        return AddToPacked(member);
    }

    /// <summary>Adds a member of another set and tells whether it is new.</summary>
    public bool Add(in StoredText member)
    {
        if (member.IsInteger && _slot.Layout == ValueLayout.Intset)
        {
            return AddToIntset(member.Integer);
        }
        Span<byte> scratch = stackalloc byte[Integers.SizeMax];
        return Add(member.Text(scratch));
    }

    /// <summary>
    /// Gives an empty set these packed bytes, which are valid, have no member twice and are not the set's own. More members than the
    /// limit become a table; how long they are does not matter.
    /// </summary>
    public void Take(ValueLayout layout, ReadOnlySpan<byte> packed)
    {
        Debug.Assert(layout != ValueLayout.Root && _slot.Layout != ValueLayout.Root && IsEmpty, "Only an empty set is filled at once.");
        packed.CopyTo(_slot.BecomePacked(layout, packed.Length).Bytes(packed.Length));
        if (Count > (layout == ValueLayout.Intset ? Limits.SetIntsetEntriesMax : Limits.SetEntriesMax))
        {
            BecomeTable();
        }
    }

    /// <summary>Removes a member and tells whether it was there.</summary>
    public bool Remove(ReadOnlySpan<byte> member)
    {
        switch (_slot.Layout)
        {
            case ValueLayout.Root:
                return Table.Remove(member);
            case ValueLayout.Intset:
                return Integers.TryParse(member, out long integer) && Intset.Remove(_slot.Packed, integer);
            default:
                int offset = Stored.FindInListpack(member);
                if (offset == 0)
                {
                    return false;
                }
                Listpack.Remove(_slot.Packed, offset, 1);
                return true;
        }
    }

    /// <summary>Removes a member of another set and tells whether it was there.</summary>
    public bool Remove(in StoredText member)
    {
        Span<byte> scratch = stackalloc byte[Integers.SizeMax];
        return Remove(member.Text(scratch));
    }

    /// <summary>Removes the member at this place.</summary>
    public void RemoveAt(SetPlace place)
    {
        switch (_slot.Layout)
        {
            case ValueLayout.Root:
                Table.RemoveAt(place.Position);
                break;
            case ValueLayout.Intset:
                Intset.RemoveAt(_slot.Packed, place.Offset, 1);
                break;
            default:
                Listpack.Remove(_slot.Packed, place.Offset, 1);
                break;
        }
    }

    private bool AddToPacked(ReadOnlySpan<byte> member)
    {
        if (_slot.Layout == ValueLayout.Listpack)
        {
            return AddToListpack(member);
        }
        if (Integers.TryParse(member, out long integer))
        {
            return AddToIntset(integer);
        }
        if (FitsListpackWith(member))
        {
            BecomeListpack();
            Listpack.Append(_slot.Packed, member);
        }
        else
        {
            BecomeTable();
            Table.Insert(member);
        }
        return true;
    }

    private bool AddToIntset(long integer)
    {
        if (!Intset.Insert(_slot.Packed, integer))
        {
            return false;
        }
        if (Count > Math.Min(Limits.SetIntsetEntriesMax, IntsetCountMax))
        {
            BecomeTable();
        }
        return true;
    }

    private bool AddToListpack(ReadOnlySpan<byte> member)
    {
        if (Stored.FindInListpack(member) != 0)
        {
            return false;
        }
        ReadOnlySpan<byte> pack = Listpack.Pack(_slot.Packed);
        if (Listpack.Count(pack) < Limits.SetEntriesMax
            && member.Length <= Limits.SetValueSizeMax
            && Listpack.IsSafeToAdd(pack, member.Length))
        {
            Listpack.Append(_slot.Packed, member);
        }
        else
        {
            BecomeTable();
            Table.Insert(member);
        }
        return true;
    }

    /// <summary>Whether the integers of this intset and one more member may be a listpack.</summary>
    private bool FitsListpackWith(ReadOnlySpan<byte> member)
    {
        ReadOnlySpan<byte> set = Intset.Set(_slot.Packed);
        int count = Intset.Count(set);
        if (count == 0)
        {
            return Limits.SetEntriesMax > 0 && member.Length <= Limits.SetValueSizeMax;
        }
        long least = Intset.At(set, 0);
        long greatest = Intset.At(set, count - 1);
        long entrySizeMax = Math.Max(Listpack.EntrySizeOf(least), Listpack.EntrySizeOf(greatest));
        return count < Limits.SetEntriesMax
            && member.Length <= Limits.SetValueSizeMax
            && Math.Max(Integers.SizeOf(least), Integers.SizeOf(greatest)) <= Limits.SetValueSizeMax
            && (entrySizeMax * count) + member.Length <= Listpack.SizeMax;
    }

    private void BecomeListpack()
    {
        Debug.Assert(_slot.Layout == ValueLayout.Intset, "Only an intset becomes a listpack.");
        ReadOnlySpan<byte> set = Intset.Set(_slot.Packed);
        int count = Intset.Count(set);
        long[] integers = ArrayPool<long>.Shared.Rent(count);
        int size = Listpack.EmptySize;
        for (int i = 0; i < count; i++)
        {
            integers[i] = Intset.At(set, i);
            size += Listpack.EntrySizeOf(integers[i]);
        }
        Listpack.WriteEmpty(_slot.BecomePacked(ValueLayout.Listpack, size).Bytes(Listpack.EmptySize));
        foreach (long integer in integers.AsSpan(0, count))
        {
            Listpack.Append(_slot.Packed, integer);
        }
        ArrayPool<long>.Shared.Return(integers);
    }

    private void BecomeTable()
    {
        ulong root = SetRoot.Create(_slot.Context);
        var table = new MemberTable(_slot.Context, root);
        SetReader reader = Stored.Read();
        while (reader.MoveNext())
        {
            table.Insert(reader.Member);
        }
        _slot.BecomeRoot(root);
    }
}
