using Bixbite.Memory;
using Bixbite.Structures.Packed;
using Bixbite.Types.Saving;

namespace Bixbite.Types.Lists;

/// <summary>
/// A large list as it was when a snapshot began. The tag of a node's link says where to look for its block among those that are to come,
/// plus one; 0 is one that was added since. A block that is there under another address was copied. Tags of earlier snapshots are
/// overwritten.
/// </summary>
internal sealed class ListSnapshot : NodeSnapshot
{
    private const int TagMax = (1 << Link.TagBits) - 1;

    private readonly IListSink _output;
    private readonly int _headStart;

    /// <summary>As many blocks share a tag.</summary>
    private readonly int _share;

    public ListSnapshot(ValueContext context, ulong root, IListSink output)
        : this(context, new NodeChain(context, root), output)
    {
    }

    private ListSnapshot(ValueContext context, NodeChain chain, IListSink output)
        : base(context, new ulong[chain.NodeCount], output)
    {
        _output = output;
        _headStart = chain.HeadStart;
        _share = (Blocks.Length / TagMax) + 1;
        int index = 0;
        for (NodePlace place = chain.First; place.Exists; place = chain.Next(place))
        {
            ref Link link = ref chain.LinkAt(place);
            BlockAt(index) = link.Address;
            link = new Link(link.Address, (uint)(index / _share) + 1);
            index++;
        }
    }

    protected override bool IsAwaited(Link link)
    {
        if (link.Tag == 0)
        {
            return false;
        }
        int first = ((int)link.Tag - 1) * _share;
        int end = Math.Min(first + _share, Blocks.Length);
        first = Math.Max(first, NextIndex);
        return first < end && Blocks[first..end].Contains(link.Address);
    }

    protected override ReadOnlySpan<byte> PackAt(int index)
    {
        ulong address = Blocks[index] + (uint)(index == 0 ? _headStart : 0);
        return Native.Bytes(address, Listpack.SizeOf(Native.Bytes(address, Listpack.EmptySize)));
    }

    protected override void HandOver(ReadOnlySpan<byte> pack) => _output.Node(pack);

    protected override bool TryBegin(ReadOnlySpan<byte> pack, out Range text) => _output.TryBeginNode(pack, out text);
}
