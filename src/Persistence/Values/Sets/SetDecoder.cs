using Bixbite.Persistence.Rdb;
using Bixbite.Persistence.Rdb.Reading;
using Bixbite.Structures.Packed;
using Bixbite.Types;
using Bixbite.Types.Sets;

namespace Bixbite.Persistence.Values.Sets;

/// <summary>Reads sets: members one by one, an intset or a listpack. No member may be there twice.</summary>
internal static class SetDecoder
{
    public static bool TryRead(RdbType type, ref RdbReader reader, scoped ValueSlot slot)
    {
        var set = new SetValue(slot);
        if (type == RdbType.Set)
        {
            return ReadMembers(ref reader, set);
        }
        ReadOnlySpan<byte> packed = reader.Text();
        if (type == RdbType.SetIntset)
        {
            if (!Intset.IsValid(packed))
            {
                return false;
            }
            set.Take(ValueLayout.Intset, packed);
            return true;
        }
        if (!Listpack.IsValid(packed, out int count))
        {
            return false;
        }
        if (count == 0)
        {
            return true;
        }
        if (!DistinctEntries.AreIn(packed, count, stride: 1, slot.Context.Seed))
        {
            return false;
        }
        set.Take(ValueLayout.Listpack, packed);
        return true;
    }

    private static bool ReadMembers(ref RdbReader reader, scoped SetValue set)
    {
        ulong count = reader.Length();
        long expectedCount = (long)Math.Min(count, long.MaxValue);
        for (ulong left = count; left > 0; left--)
        {
            ReadOnlySpan<byte> member = reader.Text();
            if (reader.HasFailed)
            {
                return false;
            }
            bool isNew = left == count ? set.AddFirstOf(member, expectedCount) : set.Add(member);
            if (!isNew)
            {
                return false;
            }
        }
        return true;
    }
}
