using Bixbite.Structures.Packed;
using Bixbite.Types;
using Bixbite.Types.Sets;

namespace Bixbite.Persistence.Rdb.Writing;

/// <summary>Writes sets: small ones as their packed bytes, large ones as the number of members and the members.</summary>
internal static class SetEncoder
{
    public static RdbType TypeOf(scoped ValueSlot slot) => slot.Layout switch
    {
        ValueLayout.Intset => RdbType.SetIntset,
        ValueLayout.Listpack => RdbType.SetListpack,
        _ => RdbType.Set,
    };

    public static void Write(RdbWriter writer, scoped ValueSlot slot)
    {
        switch (slot.Layout)
        {
            case ValueLayout.Intset:
                writer.String(Intset.Set(slot.Packed));
                break;
            case ValueLayout.Listpack:
                writer.String(Listpack.Pack(slot.Packed));
                break;
            default:
                WriteMembers(writer, new SetValue(slot));
                break;
        }
    }

    private static void WriteMembers(RdbWriter writer, SetValue set)
    {
        writer.Length((ulong)set.Count);
        SetReader members = set.Read();
        while (members.MoveNext())
        {
            writer.String(members.Member);
        }
    }
}
