using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Bixbite.Types;
using Bixbite.Types.Saving;

namespace Bixbite.Keyspace;

/// <summary>
/// The large values of all databases that a snapshot is handing over in pieces, by what a record owns of them. It keeps alive what is
/// removed or replaced meanwhile.
/// </summary>
internal sealed class PendingValues(ValueContext values, LazyFree lazyFree)
{
    private readonly Dictionary<ulong, PendingValue> _byAddress = [];
    private readonly Queue<PendingValue> _waiting = new();

    /// <summary>Memory that the snapshot takes beside the data.</summary>
    public SnapshotMemory Memory => values.Saving;

    /// <summary>None is pending, and none has to be asked about.</summary>
    public bool IsEmpty => _byAddress.Count == 0;

    /// <summary>The pending value of a record; null if it has none.</summary>
    public PendingValue? Of(Record record) => IsEmpty ? null : _byAddress.GetValueOrDefault(record.Owned);

    /// <summary>Notes a value that belongs to a record.</summary>
    public PendingValue Add(Record record, ulong epoch, ISavedValue output)
    {
        IValueSink sink = output.Begin(record);
        ValueSnapshot content = record.Type == KeyType.String
            ? new TextSnapshot(values.Saving.Aside, record.TextBlock, record.TextLength, sink)
            : values.Types.Collection(record.Type).Snapshot(values, record.Owned, epoch, sink);
        var pending = new PendingValue(record.Type, record.Owned, content, output);
        _byAddress.Add(pending.Address, pending);
        Memory.AddValue();
        return pending;
    }

    /// <summary>To be called when the value of a record has moved.</summary>
    public void Move(PendingValue pending, ulong address)
    {
        if (pending.Address == address)
        {
            return;
        }
        Debug.Assert(!pending.IsOrphan, "Nobody moves what nobody has.");
        _byAddress.Remove(pending.Address);
        pending.Address = address;
        _byAddress.Add(address, pending);
        if (pending.Content is TextSnapshot text)
        {
            text.MoveTo(address);
        }
    }

    /// <summary>
    /// To be called before a record's value is freed. A string's block is only pinned, and is freed as always; true for a collection that
    /// is kept, which the caller forgets.
    /// </summary>
    public bool Keeps(Record record)
    {
        if (Of(record) is not { } pending)
        {
            return false;
        }
        Debug.Assert(!pending.IsOrphan, "A value is freed once.");
        pending.IsOrphan = true;
        if (pending.Type == KeyType.String)
        {
            values.Pinned.PinSaved(pending.Address);
            return false;
        }
        pending.KeptBytes = values.Types.Collection(pending.Type).SizeOf(values, pending.Address);
        values.Saving.Keep(pending.KeptBytes);
        return true;
    }

    /// <summary>Lets a value wait until others before it are handed over.</summary>
    public void Enqueue(PendingValue pending) => _waiting.Enqueue(pending);

    /// <summary>The value that has waited longest.</summary>
    public bool TryDequeue([NotNullWhen(true)] out PendingValue? pending) => _waiting.TryDequeue(out pending);

    /// <summary>All of a value has been handed over.</summary>
    public void Remove(PendingValue pending)
    {
        _byAddress.Remove(pending.Address);
        pending.Content.Release();
        Memory.RemoveValue();
        if (!pending.IsOrphan)
        {
            return;
        }
        if (pending.Type == KeyType.String)
        {
            values.Pinned.UnpinSaved(pending.Address);
        }
        else
        {
            values.Saving.Keep(-pending.KeptBytes);
            lazyFree.Add(new DetachedValue(values, pending.Type, pending.Address));
        }
    }

    /// <summary>Nothing is handed over any more.</summary>
    public void Clear()
    {
        _waiting.Clear();
        foreach (PendingValue pending in _byAddress.Values)
        {
            pending.Output.Discard();
            Remove(pending);
        }
    }
}
