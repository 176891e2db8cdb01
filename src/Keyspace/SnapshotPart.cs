using Bixbite.Structures.Hashing;
using Bixbite.Types.Saving;

namespace Bixbite.Keyspace;

/// <summary>
/// The content of one database when a snapshot began: its index, whatever database owns it now, and how far the walks have come. The parts
/// of several snapshots with the same index are a chain, which whoever owns the index has.
/// </summary>
internal sealed class SnapshotPart(Snapshot snapshot, int number, HashIndex<RecordKeys> index, VisitEpoch epoch)
{
    private ulong _firstCursor;
    private ulong _secondCursor;

    /// <summary>The part of another snapshot.</summary>
    public SnapshotPart? Next { get; set; }

    /// <summary>The content that is kept to the end, if the database was flushed meanwhile.</summary>
    public KeptOrphan? Leftover { get; private set; }

    /// <summary>The snapshot needs the index still.</summary>
    public bool IsLive => !snapshot.IsOver;

    /// <summary>About what part of all data so many keys are, by how many there were when the snapshot began.</summary>
    public double ShareOf(long keyCount) => Math.Min((double)keyCount / Math.Max(snapshot.KeyCount, 1), 1);

    /// <summary>Visits the next segment's records for the first time; true after the last one.</summary>
    public bool VisitNext()
    {
        var visitor = new Visitor(snapshot, number);
        _firstCursor = index.VisitSegmentOnce(_firstCursor, epoch, ref visitor);
        return _firstCursor == 0;
    }

    /// <summary>Hands over about so many bytes of awaited records in the next segment; true after the last one.</summary>
    public bool TakeNext(long size)
    {
        var visitor = new AwaitedVisitor(snapshot, number, size);
        ulong next = index.VisitSegment(_secondCursor, ref visitor);
        if (visitor.IsSegmentDone)
        {
            _secondCursor = next;
        }
        return visitor.IsSegmentDone && next == 0;
    }

    /// <summary>The chain without parts that no snapshot needs any more.</summary>
    public static SnapshotPart? Live(SnapshotPart? first)
    {
        while (first is { IsLive: false })
        {
            first = first.Next;
        }
        if (first is not null)
        {
            first.Next = Live(first.Next);
        }
        return first;
    }

    /// <summary>The database was flushed: the content lives until the snapshot is over.</summary>
    public void Keep(KeptOrphan content)
    {
        Leftover = content;
        snapshot.Keep(content);
    }

    /// <summary>To be called before a key changes: visits the segment to which it belongs, and hands over what the key holds.</summary>
    public void BeforeChange(in KeyRef at)
    {
        var visitor = new Visitor(snapshot, number);
        index.VisitOnce(at.Hash, epoch, ref visitor);
        if (at.Exists)
        {
            snapshot.BeforeChange(number, at.Record);
        }
    }

    private readonly struct Visitor(Snapshot snapshot, int number) : IEntryVisitor
    {
        public void Visit(ulong entry) => snapshot.Visit(number, new Record(entry));
    }

    private struct AwaitedVisitor(Snapshot snapshot, int number, long sizeLeft) : IEntryVisitor
    {
        private long _sizeLeft = sizeLeft;

        public bool IsSegmentDone { get; private set; } = true;

        public void Visit(ulong entry)
        {
            var record = new Record(entry);
            if (!snapshot.IsAwaited(record))
            {
                return;
            }
            if (_sizeLeft == 0)
            {
                IsSegmentDone = false;
                return;
            }
            _sizeLeft = snapshot.TakeAwaited(number, record, _sizeLeft);
        }
    }
}
