using Bixbite.Memory;
using Bixbite.Structures.Packed;
using Bixbite.Types.Saving;

namespace Bixbite.Types.Lists;

/// <summary>
/// A large list as it was when a snapshot began: see <see cref="NodeSnapshot"/>. The head's listpack begins where it began then.
/// </summary>
internal sealed class ListSnapshot : NodeSnapshot
{
    private readonly IListSink _output;
    private readonly ulong _head;
    private readonly int _headStart;

    public ListSnapshot(ValueContext context, ulong root, SnapshotMemory memory, IListSink output)
        : this(context, Native.At<ListRoot>(root), new NodeChain(context, root), memory, output)
    {
    }

    private ListSnapshot(ValueContext context, in ListRoot list, NodeChain chain, SnapshotMemory memory, IListSink output)
        : base(context, memory, chain.Tree.NewImage(), list.Head.Address, list.Tail.Address, output)
    {
        _output = output;
        _head = list.Head.Address;
        _headStart = list.HeadStart;
    }

    protected override ReadOnlySpan<byte> PackAt(ulong block)
    {
        ulong address = block + (uint)(block == _head ? _headStart : 0);
        return Native.Bytes(address, Listpack.SizeOf(Native.Bytes(address, Listpack.EmptySize)));
    }

    protected override void HandOver(ulong block, ReadOnlySpan<byte> pack) => _output.Node(pack);

    protected override bool TryBegin(ulong block, ReadOnlySpan<byte> pack, out Range text) => _output.TryBeginNode(pack, out text);
}
