using Bixbite.Memory;
using Bixbite.Structures.Packed;
using Bixbite.Types.Saving;

namespace Bixbite.Types.Streams;

/// <summary>
/// The entries of a stream as they were when a snapshot began (<see cref="NodeSnapshot"/>). Then come its groups, each in pieces
/// (<see cref="GroupSnapshot"/>). What else a stream has a sink takes before the first change.
/// </summary>
internal sealed class StreamSnapshot : NodeSnapshot
{
    /// <summary>The groups that are to come, by their addresses.</summary>
    private readonly Dictionary<ulong, GroupSnapshot> _byAddress = [];
    private readonly Queue<GroupSnapshot> _groups = new();
    private readonly IStreamSink _output;
    private IGroupSink? _groupSink;

    public StreamSnapshot(ValueContext context, ulong root, SnapshotMemory memory, IStreamSink output)
        : this(context, root, new StreamNodes(context, root), memory, output)
    {
    }

    private StreamSnapshot(ValueContext context, ulong root, StreamNodes nodes, SnapshotMemory memory, IStreamSink output)
        : base(context, memory, nodes.Tree.NewImage(), first: 0, nodes.Root.Tail.Address, output)
    {
        _output = output;
        var groups = new StreamGroupReader(context, new NamedBlockTree(context, root + StreamRoot.GroupsOffset), saving: null);
        while (groups.MoveNext())
        {
            var group = new GroupSnapshot(groups.Current, memory);
            _groups.Enqueue(group);
            _byAddress.Add(group.Address, group);
        }
    }

    public override bool Step()
    {
        if (_groupSink is null)
        {
            if (base.Step())
            {
                _groupSink = _output.EndStreamNodes();
            }
        }
        else if (_groups.TryPeek(out GroupSnapshot? group) && group.Step(_groupSink))
        {
            _groups.Dequeue();
            _byAddress.Remove(group.Address);
            group.Release();
        }
        return _groupSink is not null && _groups.Count == 0;
    }

    public override void Release()
    {
        base.Release();
        while (_groups.TryDequeue(out GroupSnapshot? group))
        {
            group.Release();
        }
        _byAddress.Clear();
    }

    /// <summary>The group at this address for all snapshots to which it is still to come, as a chain; null if there is none.</summary>
    internal GroupSnapshot? GroupAt(ulong address)
    {
        GroupSnapshot? first = null;
        for (StreamSnapshot? snapshot = this; snapshot is not null; snapshot = snapshot.Next as StreamSnapshot)
        {
            if (snapshot._byAddress.TryGetValue(address, out GroupSnapshot? group))
            {
                group.Next = first;
                first = group;
            }
        }
        return first;
    }

    protected override ReadOnlySpan<byte> PackAt(ulong block)
    {
        ulong address = block + StreamNode.HeaderSize;
        return Native.Bytes(address, Listpack.SizeOf(Native.Bytes(address, Listpack.EmptySize)));
    }

    protected override void HandOver(ulong block, ReadOnlySpan<byte> pack) => _output.StreamNode(IdBlocks.IdOf(block), pack);

    protected override bool TryBegin(ulong block, ReadOnlySpan<byte> pack, out Range text) =>
        _output.TryBeginStreamNode(IdBlocks.IdOf(block), pack, out text);
}
