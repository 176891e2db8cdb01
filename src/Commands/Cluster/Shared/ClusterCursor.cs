using Bixbite.Structures.Checks;
using Bixbite.Structures.Text;

namespace Bixbite.Commands.Cluster.Shared;

/// <summary>
/// A cursor of CLUSTERSCAN: <c>order-{tag}-position</c>. The tag leads clients to the node that has its slot. The position is one in the
/// order of the keys of that node's database; where the order is another one, or 0, the slot begins anew.
/// </summary>
internal readonly ref struct ClusterCursor(ReadOnlySpan<byte> order, int slot, ReadOnlySpan<byte> position)
{
    /// <summary>No cursor is longer that is written here.</summary>
    public const int SizeMax = OrderSize + 4 + SlotTags.SizeMax + Integers.SizeMax;

    private const int OrderSize = 6;

    private readonly ReadOnlySpan<byte> _order = order;
    private readonly ReadOnlySpan<byte> _position = position;

    public int Slot { get; } = slot;

    /// <summary>The position in this order; 0 where the cursor speaks of another.</summary>
    public ulong PositionIn(ulong order)
    {
        Span<byte> name = stackalloc byte[OrderSize];
        WriteOrder(order, name);
        return _order.SequenceEqual(name) && Integers.TryParseCursor(_position, out ulong position) ? position : 0;
    }

    public static bool TryParse(ReadOnlySpan<byte> text, out ClusterCursor cursor)
    {
        cursor = default;
        int orderEnd = text.IndexOf("-{"u8);
        if (orderEnd < 1)
        {
            return false;
        }
        ReadOnlySpan<byte> tag = text[(orderEnd + 2)..];
        int tagEnd = tag.IndexOf((byte)'}');
        ReadOnlySpan<byte> position = tagEnd < 1 ? default : tag[(tagEnd + 1)..];
        if (position.Length < 2 || position[0] != '-' || position[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9') >= 0)
        {
            return false;
        }
        cursor = new ClusterCursor(text[..orderEnd], HashSlot.Of(tag[..tagEnd]), position[1..]);
        return true;
    }

    /// <summary>The cursor of a position in an order. Returns its size.</summary>
    public static int Write(ulong order, int slot, ulong position, SlotTags tags, Span<byte> target)
    {
        WriteOrder(order, target);
        return OrderSize + WriteRest(slot, position, tags, target[OrderSize..]);
    }

    /// <summary>The cursor of the beginning of a slot, wherever that is. Returns its size.</summary>
    public static int WriteBeginning(int slot, SlotTags tags, Span<byte> target)
    {
        target[0] = (byte)'0';
        return 1 + WriteRest(slot, 0, tags, target[1..]);
    }

    private static int WriteRest(int slot, ulong position, SlotTags tags, Span<byte> target)
    {
        target[0] = (byte)'-';
        target[1] = (byte)'{';
        int size = 2 + tags.Write(slot, target[2..]);
        target[size++] = (byte)'}';
        target[size++] = (byte)'-';
        return size + Integers.Format(position, target[size..]);
    }

    private static void WriteOrder(ulong order, Span<byte> target)
    {
        foreach (ref byte digit in target[..OrderSize])
        {
            digit = SlotTags.Letters[(int)(order % (ulong)SlotTags.Letters.Length)];
            order /= (ulong)SlotTags.Letters.Length;
        }
    }
}
