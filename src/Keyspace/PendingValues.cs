using System.Diagnostics;
using System.Runtime.InteropServices;
using Bixbite.Types;
using Bixbite.Types.Saving;

namespace Bixbite.Keyspace;

/// <summary>
/// The large values of all databases that snapshots are handing over in pieces, by what a record owns of them. It keeps alive what is
/// removed or replaced meanwhile.
/// <code>
///   address --> pending for snapshot 7 --> pending for snapshot 5 --> ...
/// </code>
/// </summary>
internal sealed class PendingValues(ValueContext values, LazyFree lazyFree)
{
    private readonly Dictionary<ulong, PendingValue> _byAddress = [];

    /// <summary>None is pending, and none has to be asked about.</summary>
    public bool IsEmpty => _byAddress.Count == 0;

    /// <summary>The memories of the snapshots.</summary>
    public SnapshotMemories Memories => values.Saving;

    /// <summary>The pending value of a record, the first of a chain; null if it has none.</summary>
    public PendingValue? Of(Record record) => IsEmpty ? null : _byAddress.GetValueOrDefault(record.Owned);

    /// <summary>Notes a value that belongs to a record, for one more snapshot.</summary>
    public PendingValue Add(Record record, SnapshotMemory memory, ISavedValue output)
    {
        IValueSink sink = output.Begin(record);
        ValueSnapshot content = record.Type == KeyType.String
            ? new TextSnapshot(memory.Aside, record.TextBlock, record.TextLength, sink)
            : values.Types.Collection(record.Type).Snapshot(values, record.Owned, memory, sink);
        var pending = new PendingValue(record.Type, record.Owned, memory, content, output);
        ref PendingValue? first = ref CollectionsMarshal.GetValueRefOrAddDefault(_byAddress, pending.Address, out _);
        pending.Next = first;
        first = pending;
        memory.AddValue();
        return pending;
    }

    /// <summary>To be called when the value of a record has moved; with the first of the chain.</summary>
    public void Move(PendingValue pending, ulong address)
    {
        if (pending.Address == address)
        {
            return;
        }
        _byAddress.Remove(pending.Address);
        _byAddress.Add(address, pending);
        for (PendingValue? moved = pending; moved is not null; moved = moved.Next)
        {
            Debug.Assert(!moved.IsOrphan, "Nobody moves what nobody has.");
            moved.Address = address;
            if (moved.Content is TextSnapshot text)
            {
                text.MoveTo(address);
            }
        }
    }

    /// <summary>
    /// To be called before a record's value is freed. A string's block is only pinned, and is freed as always; true for a collection that
    /// is kept, which the caller forgets.
    /// </summary>
    public bool Keeps(Record record)
    {
        if (Of(record) is not { } first)
        {
            return false;
        }
        KeptOrphan? kept = first.Type == KeyType.String ? null : Orphan(first);
        for (PendingValue? pending = first; pending is not null; pending = pending.Next)
        {
            Debug.Assert(!pending.IsOrphan, "A value is freed once.");
            pending.IsOrphan = true;
            pending.Kept = kept;
            if (kept is null)
            {
                values.Pinned.PinSaved(pending.Address, pending.Memory.Lane);
            }
            kept?.Hold(pending.Memory);
        }
        return kept is not null;
    }

    /// <summary>One snapshot has all of a value, or wants it no more.</summary>
    public void Remove(PendingValue pending)
    {
        Unchain(pending);
        pending.Content.Release();
        pending.Memory.RemoveValue();
        if (pending.Kept is { } kept)
        {
            kept.LetGo(pending.Memory);
        }
        else if (pending.IsOrphan)
        {
            values.Pinned.UnpinSaved(pending.Address, pending.Memory.Lane);
        }
    }

    private KeptOrphan Orphan(PendingValue pending)
    {
        KeyType type = pending.Type;
        ulong root = pending.Address;
        long bytes = values.Types.Collection(type).SizeOf(values, root);
        return new KeptOrphan(values.Saving, bytes, () => lazyFree.Add(new DetachedValue(values, type, root)));
    }

    private void Unchain(PendingValue pending)
    {
        PendingValue first = _byAddress[pending.Address];
        if (first != pending)
        {
            while (first.Next != pending)
            {
                first = first.Next!;
            }
            first.Next = pending.Next;
        }
        else if (pending.Next is { } next)
        {
            _byAddress[pending.Address] = next;
        }
        else
        {
            _byAddress.Remove(pending.Address);
        }
        pending.Next = null;
    }
}
