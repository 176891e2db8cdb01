using System.Buffers;
using System.Diagnostics;
using System.Numerics;
using System.Runtime.InteropServices;
using Bixbite.Structures.Packed;
using Bixbite.Structures.Text;

namespace Bixbite.Types.Sets;

/// <summary>
/// A listpack's entries in a hash table, for as long as many members are looked up in it: to find one by walking would cost as much as
/// to enter all of them here.
/// <code>
///   slot    | fingerprint: 32 | offset of the entry: 32 |        0 = empty; at most half of the slots are in use
/// </code>
/// The fingerprint is made of a text's length, first and last bytes, or of the integer that the text reads as. That is weak, but a
/// listpack is small. Valid until the listpack changes; the slots are rented and must be given back.
/// </summary>
internal struct ListpackTable
{
    private const ulong FirstFactor = 0x9E3779B97F4A7C15;
    private const ulong LastFactor = 0xC2B2AE3D27D4EB4F;

    private ulong[]? _slots;
    private int _mask;

    public readonly bool IsBuilt => _slots is not null;

    public void Build(ReadOnlySpan<byte> pack)
    {
        Release();
        int slotCount = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(Listpack.Count(pack), 1) * 2);
        _slots = ArrayPool<ulong>.Shared.Rent(slotCount);
        _slots.AsSpan(0, slotCount).Clear();
        _mask = slotCount - 1;
        for (int offset = Listpack.First(pack); offset != 0; offset = Listpack.Next(pack, offset))
        {
            ListpackEntry entry = Listpack.At(pack, offset);
            uint fingerprint = entry.IsInteger ? FingerprintOf(entry.Integer) : FingerprintOf(entry.Bytes);
            int index = (int)fingerprint & _mask;
            while (_slots[index] != 0)
            {
                index = (index + 1) & _mask;
            }
            _slots[index] = ((ulong)fingerprint << 32) | (uint)offset;
        }
    }

    public readonly bool Contains(ReadOnlySpan<byte> pack, StoredText member)
    {
        Debug.Assert(_slots is not null, "The table is built first.");
        uint fingerprint = member.IsInteger ? FingerprintOf(member.Integer) : FingerprintOf(member.Bytes);
        for (int index = (int)fingerprint & _mask; _slots[index] != 0; index = (index + 1) & _mask)
        {
            if ((uint)(_slots[index] >> 32) == fingerprint && AreEqual(Listpack.At(pack, (int)_slots[index]), member))
            {
                return true;
            }
        }
        return false;
    }

    public void Release()
    {
        if (_slots is not null)
        {
            ArrayPool<ulong>.Shared.Return(_slots);
            _slots = null;
        }
    }

    private static bool AreEqual(ListpackEntry entry, StoredText member)
    {
        if (!entry.IsInteger && !member.IsInteger)
        {
            return entry.Bytes.SequenceEqual(member.Bytes);
        }
        return entry.TryGetInteger(out long left) && member.TryGetInteger(out long right) && left == right;
    }

    private static uint FingerprintOf(long integer) => (uint)(((ulong)integer * FirstFactor) >> 32);

    private static uint FingerprintOf(ReadOnlySpan<byte> text)
    {
        if (Integers.TryParse(text, out long integer))
        {
            return FingerprintOf(integer);
        }
        ulong first;
        ulong last;
        if (text.Length >= sizeof(ulong))
        {
            first = MemoryMarshal.Read<ulong>(text);
            last = MemoryMarshal.Read<ulong>(text[^sizeof(ulong)..]);
        }
        else if (text.Length >= sizeof(uint))
        {
            first = MemoryMarshal.Read<uint>(text);
            last = MemoryMarshal.Read<uint>(text[^sizeof(uint)..]);
        }
        else
        {
            first = text.IsEmpty ? 0u : text[0];
            last = text.IsEmpty ? 0u : (uint)(text[text.Length / 2] << 8) | text[^1];
        }
        ulong mixed = ((first + (ulong)text.Length) * FirstFactor) ^ (BitOperations.RotateLeft(last, 29) * LastFactor);
        return (uint)((mixed * FirstFactor) >> 32);
    }
}
