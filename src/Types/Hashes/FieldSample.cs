using System.Buffers;

namespace Bixbite.Types.Hashes;

/// <summary>Fields at random, from packed hashes and tables.</summary>
internal static class FieldSample
{
    /// <summary>
    /// Where more than a third of a table is wanted, all of it is shuffled; otherwise entries are drawn until they are enough.
    /// </summary>
    private const int DrawnShare = 3;

    internal static void One<TVisitor>(in ValueSlot slot, ref TVisitor visitor)
        where TVisitor : struct, IFieldVisitor, allows ref struct
    {
        if (slot.Layout == ValueLayout.Root)
        {
            using var draws = new Draws(new FieldTable(slot.Context, slot.Root), slot.Context.Random);
            Visit(draws.Next(), ref visitor);
            return;
        }
        var packed = new PackedHash(slot.Packed, slot.Layout);
        packed.VisitAt(packed.Seek(slot.Context.Random.Next(packed.Count)), ref visitor);
    }

    internal static void Repeatedly<TVisitor>(in ValueSlot slot, long count, ref TVisitor visitor)
        where TVisitor : struct, IFieldVisitor, allows ref struct
    {
        Random random = slot.Context.Random;
        if (slot.Layout == ValueLayout.Root)
        {
            using var draws = new Draws(new FieldTable(slot.Context, slot.Root), random);
            for (; count > 0; count--)
            {
                Visit(draws.Next(), ref visitor);
            }
            return;
        }
        var packed = new PackedHash(slot.Packed, slot.Layout);
        int fieldCount = packed.Count;
        int[] offsets = ArrayPool<int>.Shared.Rent(fieldCount);
        packed.CopyOffsets(offsets);
        for (; count > 0; count--)
        {
            packed.VisitAt(offsets[random.Next(fieldCount)], ref visitor);
        }
        ArrayPool<int>.Shared.Return(offsets);
    }

    /// <summary>So many different ones; there must be more.</summary>
    internal static void Distinct<TVisitor>(in ValueSlot slot, int count, ref TVisitor visitor)
        where TVisitor : struct, IFieldVisitor, allows ref struct
    {
        Random random = slot.Context.Random;
        if (slot.Layout != ValueLayout.Root)
        {
            DistinctPacked(new PackedHash(slot.Packed, slot.Layout), random, count, ref visitor);
            return;
        }
        var table = new FieldTable(slot.Context, slot.Root);
        if (table.Count / DrawnShare < count)
        {
            Shuffled(table, random, count, ref visitor);
        }
        else
        {
            Drawn(table, random, count, ref visitor);
        }
    }

    /// <summary>One pass in the order of the fields: each is taken with the share that is still wanted of those to come.</summary>
    private static void DistinctPacked<TVisitor>(in PackedHash packed, Random random, int count, ref TVisitor visitor)
        where TVisitor : struct, IFieldVisitor, allows ref struct
    {
        int left = packed.Count;
        for (int field = packed.First; count > 0; field = packed.Next(field))
        {
            if (random.Next(left--) < count)
            {
                packed.VisitAt(field, ref visitor);
                count--;
            }
        }
    }

    private static void Shuffled<TVisitor>(FieldTable table, Random random, int count, ref TVisitor visitor)
        where TVisitor : struct, IFieldVisitor, allows ref struct
    {
        ulong[] entries = table.RentEntries();
        int fieldCount = (int)table.Count;
        for (int i = 0; i < count; i++)
        {
            int chosen = random.Next(i, fieldCount);
            (entries[i], entries[chosen]) = (entries[chosen], entries[i]);
            Visit(entries[i], ref visitor);
        }
        ArrayPool<ulong>.Shared.Return(entries);
    }

    private static void Drawn<TVisitor>(FieldTable table, Random random, int count, ref TVisitor visitor)
        where TVisitor : struct, IFieldVisitor, allows ref struct
    {
        var drawn = new HashSet<ulong>(count);
        using var draws = new Draws(table, random);
        while (drawn.Count < count)
        {
            ulong entry = draws.Next();
            if (drawn.Add(entry))
            {
                Visit(entry, ref visitor);
            }
        }
    }

    private static void Visit<TVisitor>(ulong entry, ref TVisitor visitor)
        where TVisitor : struct, IFieldVisitor, allows ref struct
    {
        var field = new FieldEntry(entry);
        visitor.Visit(field.Field, field.Value, field.DeadlineMs);
    }

    /// <summary>Draws entries at random, each as likely; where most are hidden, from a list of the others.</summary>
    private ref struct Draws(FieldTable table, Random random)
    {
        private ulong[]? _entries;

        public ulong Next()
        {
            if (_entries is null && table.TryDraw(random) is not 0 and ulong entry)
            {
                return entry;
            }
            _entries ??= table.RentEntries();
            return _entries[random.Next((int)table.Count)];
        }

        public readonly void Dispose()
        {
            if (_entries is not null)
            {
                ArrayPool<ulong>.Shared.Return(_entries);
            }
        }
    }
}
