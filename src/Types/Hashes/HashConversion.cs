using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;
using Bixbite.Structures.Packed;

namespace Bixbite.Types.Hashes;

/// <summary>The ways from one layout of a hash to the next: listpack, listpack with deadlines, root. There is no way back.</summary>
internal static class HashConversion
{
    private const int CountOffset = sizeof(int);
    private const int HeaderSize = sizeof(int) + sizeof(ushort);

    /// <summary>The integer 0 as a listpack entry: "does not expire".</summary>
    private static ReadOnlySpan<byte> NoDeadlineEntry => [0x00, 0x01];

    /// <summary>Puts a deadline, none, behind every value of a listpack.</summary>
    internal static void AddDeadlines(in ValueSlot slot)
    {
        Debug.Assert(slot.Layout == ValueLayout.Listpack, "The listpack has deadlines already.");
        ReadOnlySpan<byte> pack = new PackedHash(slot.Packed, ValueLayout.Listpack).Pack;
        int fieldCount = Listpack.Count(pack) / 2;
        byte[] copy = ArrayPool<byte>.Shared.Rent(pack.Length);
        pack.CopyTo(copy);
        pack = copy.AsSpan(0, pack.Length);

        int size = pack.Length + (fieldCount * NoDeadlineEntry.Length);
        Span<byte> target = slot.BecomePacked(ValueLayout.ListpackWithDeadlines, size).Bytes(size);
        int end = HeaderSize;
        for (int field = Listpack.First(pack); field != 0;)
        {
            int next = Listpack.Next(pack, Listpack.Next(pack, field));
            ReadOnlySpan<byte> pair = pack[field..(next == 0 ? pack.Length - sizeof(byte) : next)];
            pair.CopyTo(target[end..]);
            end += pair.Length;
            NoDeadlineEntry.CopyTo(target[end..]);
            end += NoDeadlineEntry.Length;
            field = next;
        }
        target[end] = byte.MaxValue;
        Debug.Assert(end + sizeof(byte) == size, "The size is known beforehand.");
        BinaryPrimitives.WriteInt32LittleEndian(target, size);
        BinaryPrimitives.WriteUInt16LittleEndian(target[CountOffset..], (ushort)Math.Min(fieldCount * 3, ushort.MaxValue));
        ArrayPool<byte>.Shared.Return(copy);
    }

    /// <summary>Moves the fields of a packed hash into a table.</summary>
    internal static void ToTable(in ValueSlot slot)
    {
        var packed = new PackedHash(slot.Packed, slot.Layout);
        ulong root = HashRoot.Create(slot.Context);
        var inserter = new Inserter(slot.Context, root);
        packed.Visit(ref inserter);
        slot.BecomeRoot(root);
    }

    private readonly struct Inserter(ValueContext context, ulong root) : IFieldVisitor
    {
        private readonly FieldTable _table = new(context, root);

        public void Visit(scoped ReadOnlySpan<byte> field, scoped ReadOnlySpan<byte> value, long deadlineMs) =>
            _table.Insert(FieldEntry.Create(context.Heap, field, value, deadlineMs));
    }
}
