using Bixbite.Structures.Hashing;

namespace Bixbite.Keyspace;

/// <summary>
/// The content of one database when a snapshot began: its index, whatever database owns it now, and how far the walks have come.
/// </summary>
internal sealed class SnapshotPart(Snapshot snapshot, int number, HashIndex<RecordKeys> index, ulong epoch)
{
    private ulong _firstCursor;
    private ulong _secondCursor;

    /// <summary>The content to be freed at the end, if the database was flushed meanwhile.</summary>
    public DetachedContent? Leftover { get; set; }

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

    /// <summary>
    /// To be called before a key changes: visits the segment to which it belongs. Its value, if that is pending.
    /// </summary>
    public PendingValue? BeforeChange(in KeyRef at)
    {
        var visitor = new Visitor(snapshot, number);
        index.VisitOnce(at.Hash, epoch, ref visitor);
        return at.Exists ? snapshot.BeforeChange(number, at.Record) : null;
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
            if (!record.IsAwaited)
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
