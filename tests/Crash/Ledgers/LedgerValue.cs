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

    private readonly ValueSlot _slot = slot;

    public long Count => _slot.Layout == ValueLayout.Root ? LedgerRoot.CountOf(_slot.Root) : Listpack.Count(Listpack.Pack(_slot.Packed));

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_slot.Layout != ValueLayout.Root && (Count == PackedCountMax || bytes.Length > PackedLengthMax))
        {
            Convert();
        }
        if (_slot.Layout == ValueLayout.Root)
        {
            LedgerRoot.Append(_slot.Context, _slot.Root, bytes);
        }
        else
        {
            Listpack.Append(_slot.Packed, bytes);
        }
    }

    public void Visit(Action<byte[]> visit)
    {
        if (_slot.Layout == ValueLayout.Root)
        {
            for (ulong entry = LedgerRoot.FirstOf(_slot.Root); entry != 0; entry = LedgerRoot.NextOf(entry))
            {
                visit(LedgerRoot.BytesOf(entry).ToArray());
            }
            return;
        }

        Span<byte> digits = stackalloc byte[Integers.SizeMax];
        ReadOnlySpan<byte> pack = Listpack.Pack(_slot.Packed);
        for (int offset = Listpack.First(pack); offset != 0; offset = Listpack.Next(pack, offset))
        {
            visit(Listpack.At(pack, offset).Text(digits).ToArray());
        }
    }

    private void Convert()
    {
        ulong root = LedgerRoot.Create(_slot.Context);
        ValueContext context = _slot.Context;
        Visit(bytes => LedgerRoot.Append(context, root, bytes));
        _slot.BecomeRoot(root);
    }
}
