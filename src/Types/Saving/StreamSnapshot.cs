using Bixbite.Memory;
using Bixbite.Structures.Ordered;
using Bixbite.Structures.Packed;
using Bixbite.Types.Streams;

namespace Bixbite.Types.Saving;

/// <summary>
/// The entries of a stream as they were when a snapshot began. A node that was added or copied since has another block than the one with
/// its ID among those that are to come. What else a stream has, its groups above all, a sink takes before the first change.
/// </summary>
internal sealed class StreamSnapshot : NodeSnapshot
{
    public StreamSnapshot(ValueContext context, ulong root, IValueSink output)
        : this(context, new StreamNodes(context, root), output)
    {
    }

    private StreamSnapshot(ValueContext context, StreamNodes nodes, IValueSink output)
        : base(context, new ulong[nodes.Count], output)
    {
        int index = 0;
        TreeWalk walk = nodes.Tree.Forward(nodes.Tree.First(), nodes.Tree.Count);
        while (walk.MoveNext())
        {
            BlockAt(index++) = walk.Current;
        }
        if (nodes.HasTail)
        {
            BlockAt(index) = nodes.Root.Tail.Address;
        }
    }

    protected override bool IsAwaited(Link link)
    {
        StreamId id = IdBlocks.IdOf(link.Address);
        int first = NextIndex;
        int end = Blocks.Length;
        while (first < end)
        {
            int middle = first + ((end - first) / 2);
            if (IdBlocks.IdOf(Blocks[middle]) < id)
            {
                first = middle + 1;
            }
            else
            {
                end = middle;
            }
        }
        return first < Blocks.Length && Blocks[first] == link.Address;
    }

    protected override ReadOnlySpan<byte> PackAt(int index)
    {
        ulong address = Blocks[index] + StreamNode.HeaderSize;
        return Native.Bytes(address, Listpack.SizeOf(Native.Bytes(address, Listpack.EmptySize)));
    }

    protected override void HandOver(ReadOnlySpan<byte> pack) => Output.StreamNode(IdBlocks.IdOf(Blocks[NextIndex]), pack);

    protected override bool TryBegin(ReadOnlySpan<byte> pack, out Range text) =>
        Output.TryBeginStreamNode(IdBlocks.IdOf(Blocks[NextIndex]), pack, out text);
}
