using Bixbite.Persistence.Rdb.Writing;
using Bixbite.Structures.Packed;
using Bixbite.Types;
using Bixbite.Types.SortedSets;

namespace Bixbite.Persistence.Values.SortedSets;

/// <summary>
/// Writes sorted sets: small ones as their listpack, large ones as the number of members, then members and scores from the greatest to
/// the least, as Redis does.
/// </summary>
internal static class SortedSetEncoder
{
    public static void Write(RdbWriter writer, scoped ValueSlot slot)
    {
        if (slot.Layout == ValueLayout.Listpack)
        {
            writer.String(Listpack.Pack(slot.Packed));
            return;
        }
        var set = new SortedSetValue(slot);
        writer.Length((ulong)set.Count);
        SortedSetReader elements = set.Read(set.All, isReversed: true);
        while (elements.MoveNext())
        {
            WriteElement(writer, elements.Member, elements.Score);
        }
    }

    public static void WriteElement(RdbWriter writer, ReadOnlySpan<byte> member, double score)
    {
        writer.String(member);
        writer.Fixed64(BitConverter.DoubleToUInt64Bits(score));
    }
}
