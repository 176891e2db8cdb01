using Bixbite.Persistence.Rdb;
using Bixbite.Persistence.Rdb.Writing;
using Bixbite.Structures.Packed;
using Bixbite.Types;
using Bixbite.Types.Lists;

namespace Bixbite.Persistence.Values.Lists;

/// <summary>Writes lists: the number of nodes, then each node's listpack as it is.</summary>
internal static class ListEncoder
{
    public static void Write(RdbWriter writer, scoped ValueSlot slot)
    {
        var list = new ListValue(slot);
        writer.Length(CountNodes(list));
        ListNodeReader nodes = list.Nodes();
        while (nodes.MoveNext())
        {
            if (Listpack.First(nodes.Current) != 0)
            {
                WriteNode(writer, nodes.Current);
            }
        }
    }

    public static void WriteNode(RdbWriter writer, ReadOnlySpan<byte> pack)
    {
        writer.Length(RdbFormat.PackedNode);
        writer.String(pack);
    }

    private static ulong CountNodes(ListValue list)
    {
        ulong count = 0;
        ListNodeReader nodes = list.Nodes();
        while (nodes.MoveNext())
        {
            count += Listpack.First(nodes.Current) != 0 ? 1UL : 0;
        }
        return count;
    }
}
