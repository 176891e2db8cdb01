using System.Diagnostics;
using Bixbite.Memory;
using Bixbite.Structures.Hashing;
using Bixbite.Structures.Packed;
using Bixbite.Structures.Text;

namespace Bixbite.Types.Sets;

/// <summary>
/// A set for reading, by the address of its value: what commands keep of several sets at once. Good until this set changes or its
/// record moves; what happens to other keys does not matter.
/// </summary>
public readonly struct StoredSet
{
    /// <summary>As many members as <see cref="Walk"/> is best asked for at once: their cache misses overlap.</summary>
    public const int BatchSize = 32;

    private readonly ValueContext _context;
    private readonly ulong _value;

    internal StoredSet(ValueContext context, ulong value)
    {
        _context = context;
        _value = value;
    }

    public long Count => Layout switch
    {
        ValueLayout.Root => Index.Count,
        ValueLayout.Intset => Intset.Count(Pack),
        _ => Listpack.Count(Pack),
    };

    internal ValueLayout Layout => ValueSlot.LayoutAt(_value);

    internal Random Random => _context.Random;

    internal bool IsTable => Layout == ValueLayout.Root;

    internal HashIndex<MemberKeys> Index
    {
        get
        {
            Debug.Assert(IsTable, "Only large sets have an index.");
            return SetRoot.IndexOf(_context, ValueSlot.RootAt(_value));
        }
    }

    internal ReadOnlySpan<byte> Pack => ValueSlot.PackedAt(_value);

    public bool IsSameAs(StoredSet other) => _value == other._value;

    public bool Contains(ReadOnlySpan<byte> member) => Layout switch
    {
        ValueLayout.Root => new MemberTable(_context, ValueSlot.RootAt(_value)).Contains(member),
        ValueLayout.Intset => Integers.TryParse(member, out long integer) && Intset.Contains(Pack, integer),
        _ => FindInListpack(member) != 0,
    };

    /// <summary>As <see cref="Contains(ReadOnlySpan{byte})"/>, for a member of another set.</summary>
    public bool Contains(in StoredText member)
    {
        if (Layout == ValueLayout.Intset)
        {
            return member.TryGetInteger(out long integer) && Intset.Contains(Pack, integer);
        }
        Span<byte> scratch = stackalloc byte[Integers.SizeMax];
        return Contains(member.Text(scratch));
    }

    /// <summary>All members, one after the other.</summary>
    public SetReader Read() => new(this);

    /// <summary>Takes the next few members of a walk through all of them and asks for their cache lines; 0 at the end.</summary>
    public int Walk(ref SetWalk walk, Span<StoredText> members) => Layout switch
    {
        ValueLayout.Root => WalkTable(ref walk, members),
        ValueLayout.Intset => WalkIntset(ref walk, members),
        _ => WalkListpack(ref walk, members),
    };

    /// <summary>
    /// Gives some members from the cursor on to the sink and returns the next cursor: 0 begins and, returned, ends. A packed set is given
    /// in one go. What was promised of <see cref="HashIndex{TKeys}.Scan"/> holds here too.
    /// </summary>
    public ulong Scan<TSink>(ulong cursor, int countHint, ref TSink sink)
        where TSink : struct, IMemberSink, allows ref struct
    {
        if (IsTable)
        {
            var visitor = new ScanVisitor<TSink> { Sink = sink };
            cursor = Index.Scan(cursor, countHint, ref visitor);
            sink = visitor.Sink;
            return cursor;
        }
        CopyTo(ref sink);
        return 0;
    }

    /// <summary>Gives all members to the sink, or as many as it wants.</summary>
    public void CopyTo<TSink>(ref TSink sink)
        where TSink : struct, IMemberSink, allows ref struct
    {
        var walk = default(SetWalk);
        Span<StoredText> members = stackalloc StoredText[BatchSize];
        for (int count = Walk(ref walk, members); count > 0; count = Walk(ref walk, members))
        {
            foreach (ref readonly StoredText member in members[..count])
            {
                if (!sink.Add(member))
                {
                    return;
                }
            }
        }
    }

    /// <summary>The place of a member chosen at random, each exactly as likely, in a set that is not empty.</summary>
    public SetPlace Choose() => Layout switch
    {
        ValueLayout.Root => new SetPlace(Index.RandomPosition(_context.Random)),
        ValueLayout.Intset => new SetPlace(_context.Random.Next(Intset.Count(Pack))),
        _ => new SetPlace(Listpack.Seek(Pack, _context.Random.Next(Listpack.Count(Pack)))),
    };

    public StoredText MemberAt(SetPlace place) => Layout switch
    {
        ValueLayout.Root => MemberOf(Index.EntryAt(place.Position)),
        ValueLayout.Intset => new StoredText(Intset.At(Pack, place.Offset)),
        _ => MemberOf(Pack, place.Offset),
    };

    /// <summary>The entry's offset, 0 if it is not there.</summary>
    internal int FindInListpack(ReadOnlySpan<byte> member)
    {
        ReadOnlySpan<byte> pack = Pack;
        return Listpack.Find(pack, Listpack.First(pack), member, skip: 0);
    }

    private static StoredText MemberOf(ulong block)
    {
        var member = new MemberBlock(block);
        return new StoredText(member.BytesAddress, member.Length);
    }

    private static StoredText MemberOf(ReadOnlySpan<byte> pack, int offset)
    {
        ListpackEntry entry = Listpack.At(pack, offset);
        return entry.IsInteger
            ? new StoredText(entry.Integer)
            : new StoredText(Native.AddressOf(entry.Bytes), entry.Bytes.Length);
    }

    private int WalkTable(ref SetWalk walk, Span<StoredText> members)
    {
        Span<ulong> blocks = stackalloc ulong[BatchSize];
        int count = Index.Walk(ref walk.Index, blocks[..Math.Min(members.Length, BatchSize)]);
        for (int i = 0; i < count; i++)
        {
            members[i] = MemberOf(blocks[i]);
        }
        return count;
    }

    private int WalkIntset(ref SetWalk walk, Span<StoredText> members)
    {
        ReadOnlySpan<byte> pack = Pack;
        int count = Math.Min(members.Length, Intset.Count(pack) - walk.Next);
        for (int i = 0; i < count; i++)
        {
            members[i] = new StoredText(Intset.At(pack, walk.Next + i));
        }
        walk.Next += count;
        return count;
    }

    private int WalkListpack(ref SetWalk walk, Span<StoredText> members)
    {
        if (walk.IsAtEnd)
        {
            return 0;
        }
        ReadOnlySpan<byte> pack = Pack;
        int offset = walk.Next == 0 ? Listpack.First(pack) : walk.Next;
        int count = 0;
        for (; offset != 0 && count < members.Length; offset = Listpack.Next(pack, offset))
        {
            members[count++] = MemberOf(pack, offset);
        }
        walk.Next = offset;
        walk.IsAtEnd = offset == 0;
        return count;
    }

    private ref struct ScanVisitor<TSink> : IEntryVisitor
        where TSink : struct, IMemberSink, allows ref struct
    {
        internal TSink Sink;

        public void Visit(ulong entry) => Sink.Add(MemberOf(entry));
    }
}
