using Bixbite.Cluster.Document;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Structures.Checks;

namespace Bixbite.Cluster.Routing;

/// <summary>
/// The slot of the keys of a request, or of all requests of a transaction; and of a slot that is open, which keys are here.
/// </summary>
internal ref struct SlotSearch(ClusterState state, CommandContext context)
{
    private ReadOnlySpan<byte> _firstKey;
    private ClusterId _target;

    /// <summary>The slot; -1 as long as there was no key.</summary>
    public int Slot { get; private set; } = -1;

    /// <summary>Why the keys can be served nowhere together.</summary>
    public RouteKind Problem { get; private set; }

    /// <summary>The slot is this node's, and its keys are on their way to another.</summary>
    public bool IsMigrating { get; private set; }

    /// <summary>The slot is another node's, and its keys are on their way here.</summary>
    public bool IsImporting { get; private set; }

    public readonly bool IsOpen => IsMigrating || IsImporting;

    /// <summary>The node to which the slot goes.</summary>
    public readonly ClusterId Target => _target;

    public int MissingCount { get; private set; }

    public int PresentCount { get; private set; }

    /// <summary>Two keys differ.</summary>
    public bool HasSeveralKeys { get; private set; }

    public void Add(ReadOnlySpan<Argument> arguments, List<KeyPosition> keys, bool namesNoKeys)
    {
        foreach (KeyPosition key in keys)
        {
            if (Problem != RouteKind.Here)
            {
                return;
            }
            ReadOnlySpan<byte> bytes = arguments[key.Index].Bytes;
            Add(HashSlot.Of(bytes), bytes, namesNoKeys);
        }
    }

    public void Add(int slot, ReadOnlySpan<byte> key, bool namesNoKeys)
    {
        if (Slot < 0)
        {
            Begin(slot, key);
        }
        else if (slot != Slot)
        {
            Problem = RouteKind.CrossSlot;
        }
        else
        {
            HasSeveralKeys |= !key.SequenceEqual(_firstKey);
        }
        if (Problem == RouteKind.Here && IsOpen && !namesNoKeys)
        {
            Count(key);
        }
    }

    private void Begin(int slot, ReadOnlySpan<byte> key)
    {
        Slot = slot;
        _firstKey = key;
        if (state.View.OwnerOf(slot) is null)
        {
            Problem = RouteKind.NotServed;
        }
        else if (state.Open.IsAny)
        {
            IsMigrating = state.View.IsMine(slot) && state.Open.IsMigrating(slot, out _target);
            IsImporting = !IsMigrating && state.Open.IsImporting(slot);
        }
    }

    private void Count(ReadOnlySpan<byte> key)
    {
        Record record = context.Database.Find(key).Record;
        bool isThere = !record.IsNone && !(record.HasDeadline && record.DeadlineMs <= context.NowMs);
        PresentCount += isThere ? 1 : 0;
        MissingCount += isThere ? 0 : 1;
    }
}
