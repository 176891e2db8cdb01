using Bixbite.Memory;
using Bixbite.Structures.Packed;
using Bixbite.Structures.Text;
using Bixbite.Types;

namespace Bixbite.Crash.Ledgers;

/// <summary>A ledger: byte strings in the order in which they were added. A small one is a listpack.</summary>
internal readonly ref struct LedgerValue(ValueSlot slot)
{
    private const int PackedCountMax = 8;
    private const int PackedLengthMax = 64;

    private readonly ValueSlot slot = slot;

    public long Count => slot.Layout == ValueLayout.Root ? LedgerRoot.CountOf(slot.Root) : Listpack.Count(Listpack.Pack(slot.Packed));

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (slot.Layout != ValueLayout.Root && (Count == PackedCountMax || bytes.Length > PackedLengthMax))
            Convert();
        if (slot.Layout == ValueLayout.Root)
            LedgerRoot.Append(slot.Context, slot.Root, bytes);
        else
            Listpack.Append(slot.Packed, bytes);
    }

    public void Visit(Action<byte[]> visit)
    {
        if (slot.Layout == ValueLayout.Root)
        {
            for (ulong entry = LedgerRoot.FirstOf(slot.Root); entry != 0; entry = LedgerRoot.NextOf(entry))
                visit(LedgerRoot.BytesOf(entry).ToArray());
            return;
        }

        Span<byte> digits = stackalloc byte[Integers.SizeMax];
        ReadOnlySpan<byte> pack = Listpack.Pack(slot.Packed);
        for (int offset = Listpack.First(pack); offset != 0; offset = Listpack.Next(pack, offset))
            visit(Listpack.At(pack, offset).Text(digits).ToArray());
    }

    private void Convert()
    {
        ulong root = LedgerRoot.Create(slot.Context);
        ValueContext context = slot.Context;
        Visit(bytes => LedgerRoot.Append(context, root, bytes));
        slot.BecomeRoot(root);
    }
}
