using System.Diagnostics;
using Bixbite.Memory;
using Bixbite.Structures.Ordered;

namespace Bixbite.Types.Streams;

/// <summary>
/// A consumer group of a stream: up to where entries were delivered, who consumes, and which entries are pending, delivered but not
/// acknowledged. See <see cref="GroupBlock"/> for the layout.
/// </summary>
public readonly struct StreamGroup
{
    /// <summary>In the place of <see cref="EntriesRead"/> where nobody knows.</summary>
    public const long EntriesReadUnknown = -1;

    private readonly ValueContext _context;

    /// <summary>To be told of each pending entry before it changes; null if nobody wants to know.</summary>
    private readonly GroupSnapshot? _saving;

    internal StreamGroup(ValueContext context, ulong address, GroupSnapshot? saving = null)
    {
        _context = context;
        _saving = saving;
        Address = address;
    }

    internal ulong Address { get; }

    /// <summary>Where the name lies; valid as long as the group.</summary>
    public ReadOnlySpan<byte> Name => NamedBlockTree.NameOf(Address);

    public StreamId LastDeliveredId
    {
        get => Block.LastDeliveredId;
        set => Block.LastDeliveredId = value;
    }

    /// <summary>How many entries lie up to <see cref="LastDeliveredId"/>, or <see cref="EntriesReadUnknown"/>.</summary>
    public long EntriesRead
    {
        get => Block.EntriesRead;
        set => Block.EntriesRead = value;
    }

    public long PendingCount => Pending.Count;

    /// <summary>The ID of the first pending entry; 0-0 if there is none.</summary>
    public StreamId FirstPendingId => Pending.FirstId;

    /// <summary>The ID of the last pending entry; 0-0 if there is none.</summary>
    public StreamId LastPendingId => Pending.LastId;

    public long ConsumerCount => Consumers.Count;

    internal PendingTree Pending => new(_context.Heap, Address + GroupBlock.PendingOffset);

    private NamedBlockTree Consumers => new(_context, Address + GroupBlock.ConsumersOffset);

    private ref GroupBlock Block => ref Native.At<GroupBlock>(Address);

    /// <summary>The consumers in the order of their names.</summary>
    public StreamConsumerReader ReadConsumers() => new(_context, Consumers, _saving);

    public bool TryFindConsumer(ReadOnlySpan<byte> name, out StreamConsumer consumer)
    {
        ulong found = Consumers.Find(name);
        consumer = new StreamConsumer(_context, found, _saving);
        return found != 0;
    }

    /// <summary>Adds a consumer that was seen now and never active; false if there is one of this name, which is then given.</summary>
    public bool TryCreateConsumer(ReadOnlySpan<byte> name, long nowMs, out StreamConsumer consumer)
    {
        if (TryFindConsumer(name, out consumer))
        {
            return false;
        }
        consumer = new StreamConsumer(_context, ConsumerBlock.Create(_context.Heap, name), _saving);
        consumer.SeenMs = nowMs;
        consumer.ActiveMs = StreamConsumer.NeverActive;
        Consumers.Add(consumer.Address);
        return true;
    }

    /// <summary>Removes a consumer and its pending entries; returns how many these were.</summary>
    public long RemoveConsumer(StreamConsumer consumer)
    {
        long count = consumer.PendingCount;
        TreeWalk entries = consumer.Pending.Walk();
        while (entries.MoveNext())
        {
            _saving?.BeforeChange(IdBlocks.IdOf(entries.Current));
            Pending.Remove(entries.Current);
            _context.Heap.Free(entries.Current);
        }
        _saving?.BeforeFree(consumer);
        Consumers.Remove(consumer.Address);
        ConsumerBlock.Free(_context.Heap, consumer.Address);
        return count;
    }

    public bool TryFindPending(StreamId id, out PendingEntry entry)
    {
        ulong found = Pending.Find(id);
        entry = new PendingEntry(_context, found, _saving);
        return found != 0;
    }

    /// <summary>Notes that an entry was delivered to a consumer; it must not be pending in the group yet.</summary>
    public PendingEntry AddPending(StreamId id, StreamConsumer consumer, long deliveryMs, long deliveryCount)
    {
        _saving?.BeforeChange(id);
        ulong entry = PendingBlock.Create(_context.Heap, id, deliveryMs, deliveryCount);
        Native.At<PendingBlock>(entry).Consumer = consumer.Address;
        Pending.Add(entry);
        consumer.Pending.Add(entry);
        return new PendingEntry(_context, entry, _saving);
    }

    /// <summary>An entry is no longer pending; false if it was not.</summary>
    public bool Acknowledge(StreamId id)
    {
        bool isPending = TryFindPending(id, out PendingEntry entry);
        if (isPending)
        {
            Remove(entry);
        }
        return isPending;
    }

    /// <summary>A pending entry becomes another consumer's; its time and count of deliveries stay.</summary>
    public void Claim(PendingEntry entry, StreamConsumer consumer)
    {
        if (entry.Consumer.Is(consumer))
        {
            return;
        }
        _saving?.BeforeChange(entry.Id);
        entry.Consumer.Pending.Remove(entry.Address);
        Native.At<PendingBlock>(entry.Address).Consumer = consumer.Address;
        consumer.Pending.Add(entry.Address);
    }

    /// <summary>
    /// The group's pending entries with IDs from <paramref name="from"/> up to <paramref name="to"/>, both included. The one that is shown
    /// may be acknowledged or claimed meanwhile.
    /// </summary>
    public PendingReader ReadPending(StreamId from, StreamId to) => new(_context, _saving, Pending, from, to);

    /// <summary>All pending entries in order, faster, for as long as nothing changes.</summary>
    public PendingWalk WalkPending() => new(_context, Pending);

    /// <summary>
    /// Adds a pending entry that is no consumer's yet, for building groups from what was stored; false if it is there already.
    /// <see cref="TryAdopt"/> must give it to one.
    /// </summary>
    public bool TryAddUnowned(StreamId id, long deliveryMs, long deliveryCount)
    {
        if (Pending.Find(id) != 0)
        {
            return false;
        }
        Pending.Add(PendingBlock.Create(_context.Heap, id, deliveryMs, deliveryCount));
        return true;
    }

    /// <summary>Gives a consumer a pending entry; false if it is not pending, or somebody's already.</summary>
    public bool TryAdopt(StreamId id, StreamConsumer consumer)
    {
        ulong entry = Pending.Find(id);
        if (entry == 0 || Native.At<PendingBlock>(entry).Consumer != 0)
        {
            return false;
        }
        Native.At<PendingBlock>(entry).Consumer = consumer.Address;
        consumer.Pending.Add(entry);
        return true;
    }

    private void Remove(PendingEntry entry)
    {
        Debug.Assert(Pending.Find(entry.Id) == entry.Address, "The entry is the group's.");
        _saving?.BeforeChange(entry.Id);
        entry.Consumer.Pending.Remove(entry.Address);
        Pending.Remove(entry.Address);
        _context.Heap.Free(entry.Address);
    }
}
