using Bixbite.Memory;
using Bixbite.Structures.Ordered;
using Bixbite.Structures.Packed;
using Bixbite.Types.Saving;

namespace Bixbite.Types.Streams;

/// <summary>
/// The entries of a stream as they were when a snapshot began. A node that was added or copied since has another block than the one with
/// its ID among those that are to come. Then come its groups, each in pieces (<see cref="GroupSnapshot"/>). What else a stream has a sink
/// takes before the first change.
/// </summary>
internal sealed class StreamSnapshot : NodeSnapshot
{
    /// <summary>The groups that are to come, by their addresses.</summary>
    private readonly Dictionary<ulong, GroupSnapshot> _byAddress = [];
    private readonly Queue<GroupSnapshot> _groups = new();
    private readonly IStreamSink _output;
    private IGroupSink? _groupSink;

    public StreamSnapshot(ValueContext context, ulong root, IStreamSink output)
        : this(context, root, new StreamNodes(context, root), output)
    {
    }

    private StreamSnapshot(ValueContext context, ulong root, StreamNodes nodes, IStreamSink output)
        : base(context, new ulong[nodes.Count], output)
    {
        _output = output;
        var groups = new StreamGroupReader(context, new NamedBlockTree(context, root + StreamRoot.GroupsOffset), saving: null);
        while (groups.MoveNext())
        {
            var group = new GroupSnapshot(context, groups.Current);
            _groups.Enqueue(group);
            _byAddress.Add(group.Address, group);
        }
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

    /// <summary>The group at this address, if it is to come still.</summary>
    internal GroupSnapshot? GroupAt(ulong address) => _byAddress.GetValueOrDefault(address);

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

    protected override void HandOver(ReadOnlySpan<byte> pack) => _output.StreamNode(IdBlocks.IdOf(Blocks[NextIndex]), pack);

    protected override bool TryBegin(ReadOnlySpan<byte> pack, out Range text) =>
        _output.TryBeginStreamNode(IdBlocks.IdOf(Blocks[NextIndex]), pack, out text);
}
