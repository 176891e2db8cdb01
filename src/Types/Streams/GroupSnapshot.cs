using System.Diagnostics;
using Bixbite.Memory;
using Bixbite.Types.Saving;

namespace Bixbite.Types.Streams;

/// <summary>
/// A consumer group as it was when a snapshot began. It is handed over in pieces, while commands deliver, acknowledge and claim: of each
/// entry that is about to change a copy is kept first (<see cref="SavedEntries"/>). A copy without a consumer says that there was no such
/// entry.
/// </summary>
internal sealed class GroupSnapshot
{
    /// <summary>So many entries are handed over at a time.</summary>
    private const int PieceCount = 500;

    private readonly StreamGroup _group;
    private readonly SnapshotMemory _memory;
    private readonly SavedGroup _state;
    private readonly OldEntries _old;
    private readonly List<ConsumerSnapshot> _consumers = [];
    private readonly Dictionary<ulong, ConsumerSnapshot> _byAddress = [];
    private bool _hasBegun;

    /// <summary>The group, if the stream has it no more.</summary>
    private KeptOrphan? _orphan;

    /// <summary>The consumer whose entries come; before the first one those of the group.</summary>
    private int _consumerIndex = -1;

    /// <summary>The next entry that comes has this ID or a greater one.</summary>
    private StreamId _from;

    public GroupSnapshot(StreamGroup group, SnapshotMemory memory)
    {
        _memory = memory;
        _group = group;
        _state = new SavedGroup(group.LastDeliveredId, group.EntriesRead, group.PendingCount);
        _old = new OldEntries(Aside);
        StreamConsumerReader consumers = group.ReadConsumers();
        while (consumers.MoveNext())
        {
            var consumer = new ConsumerSnapshot(consumers.Current, Aside);
            _consumers.Add(consumer);
            _byAddress.Add(consumers.Current.Address, consumer);
        }
    }

    public ulong Address => _group.Address;

    /// <summary>The same group for another snapshot: see <see cref="StreamSnapshot.GroupAt"/>.</summary>
    public GroupSnapshot? Next { get; set; }

    private Heap Aside => _memory.Aside;

    /// <summary>Hands over the next piece; true after the last one.</summary>
    public bool Step(IGroupSink output)
    {
        if (!_hasBegun)
        {
            _hasBegun = true;
            output.Group(_group.Name, _state);
        }
        if (HandOverSome(output))
        {
            return false;
        }
        if (_consumerIndex < 0)
        {
            output.BeginConsumers(_consumers.Count);
        }
        _consumerIndex++;
        _from = StreamId.Min;
        if (_consumerIndex == _consumers.Count)
        {
            return true;
        }
        ConsumerSnapshot consumer = _consumers[_consumerIndex];
        output.Consumer(consumer.Name, consumer.SeenMs, consumer.PendingCount);
        return false;
    }

    /// <summary>To be called before a pending entry of this ID is added, changed, or removed, of the first in the chain.</summary>
    public void BeforeChange(StreamId id)
    {
        for (GroupSnapshot? snapshot = this; snapshot is not null; snapshot = snapshot.Next)
        {
            snapshot.CopyOnce(id);
        }
    }

    /// <summary>To be called before a consumer is freed that has no more entries.</summary>
    public void BeforeFree(StreamConsumer consumer)
    {
        for (GroupSnapshot? snapshot = this; snapshot is not null; snapshot = snapshot.Next)
        {
            if (snapshot._byAddress.Remove(consumer.Address, out ConsumerSnapshot? saved))
            {
                saved.BeforeFree();
            }
        }
    }

    /// <summary>The stream loses the group: it stays until all in the chain have it.</summary>
    public void Keep(ValueContext context)
    {
        ulong address = Address;
        var orphan = new KeptOrphan(context.Saving, GroupBlock.SizeOf(context, address), () => GroupBlock.Release(context, address));
        for (GroupSnapshot? snapshot = this; snapshot is not null; snapshot = snapshot.Next)
        {
            Debug.Assert(snapshot._orphan is null, "A group is removed once.");
            snapshot._orphan = orphan;
            orphan.Hold(snapshot._memory);
        }
    }

    /// <summary>Gives up what it keeps; it is of no use afterwards.</summary>
    public void Release()
    {
        foreach (ConsumerSnapshot consumer in _consumers)
        {
            consumer.Old.Free(withCopies: false);
        }
        _old.Free(withCopies: true);
        _orphan?.LetGo(_memory);
        _orphan = null;
    }

    private void CopyOnce(StreamId id)
    {
        if (_old.Contains(id))
        {
            return;
        }
        ulong copy = Aside.Allocate(PendingBlock.SizeOf);
        ref PendingBlock old = ref Native.At<PendingBlock>(copy);
        old = new PendingBlock { Id = id };
        ulong entry = _group.Pending.Find(id);
        if (entry != 0)
        {
            old = Native.At<PendingBlock>(entry);
            _byAddress[old.Consumer].Old.Add(copy);
        }
        _old.Add(copy);
    }

    /// <summary>Hands over some entries of the group or of the consumer; false if none is left.</summary>
    private bool HandOverSome(IGroupSink output)
    {
        ConsumerSnapshot? consumer = _consumerIndex < 0 ? null : _consumers[_consumerIndex];
        SavedEntries entries = consumer is null
            ? new SavedEntries(_group.Pending.WalkFrom(_from), _old.WalkFrom(_from))
            : consumer.EntriesFrom(_from);
        StreamId last = default;
        for (int count = 0; count < PieceCount; count++)
        {
            if (!entries.MoveNext())
            {
                return false;
            }
            ref readonly PendingBlock entry = ref Native.At<PendingBlock>(entries.Current);
            last = entry.Id;
            HandOver(consumer is null, entries.IsOld, entry, output);
        }
        return last.TryGetNext(out _from);
    }

    private void HandOver(bool isGroups, bool isOld, in PendingBlock entry, IGroupSink output)
    {
        var pending = new SavedPending(entry.Id, entry.DeliveryMs, entry.DeliveryCount);
        if (isGroups && entry.Consumer != 0)
        {
            output.Pending(pending);
        }
        else if (!isGroups && (isOld || !_old.Contains(entry.Id)))
        {
            output.Own(pending);
        }
    }
}
