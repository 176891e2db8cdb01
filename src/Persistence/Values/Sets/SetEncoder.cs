using Bixbite.Persistence.Rdb.Writing;
using Bixbite.Structures.Packed;
using Bixbite.Types;
using Bixbite.Types.Sets;

namespace Bixbite.Persistence.Values.Sets;

/// <summary>
/// Writes sets: small ones of integers as their packed bytes, others as the number of members and the members. That there is a packed form
/// of others too only newer readers know.
/// </summary>
internal static class SetEncoder
{
    public static void Write(RdbWriter writer, scoped ValueSlot slot)
    {
        if (slot.Layout == ValueLayout.Intset)
        {
            writer.String(Intset.Set(slot.Packed));
            return;
        }
        var set = new SetValue(slot);
        writer.Length((ulong)set.Count);
        SetReader members = set.Read();
        while (members.MoveNext())
        {
            writer.String(members.Member);
        }
    }
}
