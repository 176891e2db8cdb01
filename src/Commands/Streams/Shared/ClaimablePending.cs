using System.Runtime.InteropServices;
using Bixbite.Types.Streams;

namespace Bixbite.Commands.Streams.Shared;

/// <summary>The pending entries of a group that were not delivered for some time and still exist, those that wait longest first.</summary>
internal sealed class ClaimablePending
{
    private readonly List<(long DeliveryMs, StreamId Id)> _entries = [];

    public int Count => _entries.Count;

    public StreamId this[int index] => _entries[index].Id;

    public void Clear() => _entries.Clear();

    /// <summary>Finds them; no more than so many where the count is not 0.</summary>
    public void Find(StreamValue stream, StreamGroup group, long nowMs, long minIdleMs, long countMax)
    {
        PendingWalk pending = group.WalkPending();
        while (pending.MoveNext())
        {
            PendingEntry entry = pending.Current;
            if (nowMs - entry.DeliveryMs >= minIdleMs && stream.Contains(entry.Id))
            {
                _entries.Add((entry.DeliveryMs, entry.Id));
            }
        }
        CollectionsMarshal.AsSpan(_entries).Sort();
        if (countMax != 0 && _entries.Count > countMax)
        {
            _entries.RemoveRange((int)countMax, _entries.Count - (int)countMax);
        }
    }
}
