using Bixbite.Persistence.Rdb;
using Bixbite.Persistence.Rdb.Reading;
using Bixbite.Structures.Packed;
using Bixbite.Structures.Text;
using Bixbite.Types;
using Bixbite.Types.Lists;

namespace Bixbite.Persistence.Values.Lists;

/// <summary>Reads lists: elements one by one, a ziplist, or nodes that are ziplists, listpacks or single elements.</summary>
internal static class ListDecoder
{
    public static bool TryRead(RdbType type, ref RdbReader reader, scoped ValueSlot slot)
    {
        var list = new ListValue(slot);
        return type switch
        {
            RdbType.List => ReadElements(ref reader, list),
            RdbType.ListZiplist => AppendZiplist(reader.Text(), list),
            RdbType.ListOfZiplists => ReadZiplists(ref reader, list),
            _ => ReadNodes(ref reader, list),
        };
    }

    private static bool ReadElements(ref RdbReader reader, scoped ListValue list)
    {
        for (ulong left = reader.Length(); left > 0; left--)
        {
            ReadOnlySpan<byte> element = reader.Text();
            if (reader.HasFailed)
            {
                return false;
            }
            list.Append(element);
        }
        return true;
    }

    private static bool ReadZiplists(ref RdbReader reader, scoped ListValue list)
    {
        for (ulong left = reader.Length(); left > 0; left--)
        {
            ReadOnlySpan<byte> ziplist = reader.Text();
            if (reader.HasFailed || !AppendZiplist(ziplist, list))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>Nodes without elements are left out.</summary>
    private static bool ReadNodes(ref RdbReader reader, scoped ListValue list)
    {
        for (ulong left = reader.Length(); left > 0; left--)
        {
            ulong kind = reader.Length();
            ReadOnlySpan<byte> node = reader.Text();
            if (reader.HasFailed || node.IsEmpty)
            {
                return false;
            }
            if (kind == RdbFormat.PlainNode)
            {
                list.Append(node);
            }
            else if (kind == RdbFormat.PackedNode && Listpack.IsValid(node, out _))
            {
                list.AppendNode(node);
            }
            else
            {
                return false;
            }
        }
        return true;
    }

    private static bool AppendZiplist(scoped ReadOnlySpan<byte> ziplist, scoped ListValue list)
    {
        Span<byte> digits = stackalloc byte[Integers.SizeMax];
        var entries = new ZiplistReader(ziplist);
        while (entries.MoveNext())
        {
            list.Append(entries.Text(digits));
        }
        return entries.IsSound;
    }
}
