using Bixbite.Structures.Hashing;

namespace Bixbite.Keyspace;

/// <summary>
/// What one database held when a snapshot began: its index, whatever database owns it now, and how far the walk has come.
/// </summary>
internal sealed class SnapshotPart(Snapshot snapshot, int number, HashIndex<RecordKeys> index, ulong epoch)
{
    private ulong _cursor;

    /// <summary>The content to be freed at the end, if the database was flushed meanwhile.</summary>
    public DetachedContent? Leftover { get; set; }

    /// <summary>The snapshot needs the index still.</summary>
    public bool IsLive => !snapshot.IsOver;

    /// <summary>Hands over the next segment; true after the last one.</summary>
    public bool VisitNext()
    {
        var visitor = new Visitor(snapshot, number);
        _cursor = index.VisitSegmentOnce(_cursor, epoch, ref visitor);
        return _cursor == 0;
    }

    /// <summary>Hands over the segment to which a key with this hash belongs, before it changes.</summary>
    public void BeforeChange(ulong hash)
    {
        var visitor = new Visitor(snapshot, number);
        index.VisitOnce(hash, epoch, ref visitor);
    }

    private readonly struct Visitor(Snapshot snapshot, int number) : IEntryVisitor
    {
        public void Visit(ulong entry) => snapshot.Take(number, new Record(entry));
    }
}
