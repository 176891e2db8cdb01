using System.Diagnostics;

namespace Bixbite.Keyspace;

/// <summary>
/// The content of all databases as of one moment, handed to a sink in slices while commands go on changing it. Nothing is copied: a
/// change first hands over all that its segment of the index held, some hundred records, unless that has happened already.
/// <code>
///   index segments   | 1 | 1 | 1 | 0 | 1 | 0 | 0 | 0 |      1: in this epoch's snapshot already
///                            walk --^    ^-- a command came before the walk
/// </code>
/// A database that is flushed meanwhile leaves its old content to the snapshot, which gives it up for freeing at the end; databases that
/// are swapped keep the numbers they had. One snapshot at a time; see <see cref="Databases.BeginSnapshot"/>.
/// </summary>
public sealed class Snapshot
{
    private readonly LazyFree _lazyFree;
    private readonly ISnapshotSink _sink;
    private readonly List<SnapshotPart> _parts = [];
    private int _current;

    internal Snapshot(ISnapshotSink sink, LazyFree lazyFree)
    {
        _sink = sink;
        _lazyFree = lazyFree;
    }

    /// <summary>Keys that the databases held when it began.</summary>
    public long KeyCount { get; private set; }

    /// <summary>Keys handed to the sink so far.</summary>
    public long TakenCount { get; private set; }

    /// <summary>All has been handed over, or it was cancelled.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Goes on until all is handed over or <paramref name="isPaused"/> says so; true when all is.</summary>
    public bool Run(Func<bool> isPaused)
    {
        while (!IsOver)
        {
            if (_parts[_current].VisitNext() && ++_current == _parts.Count)
            {
                End();
            }
            if (isPaused())
            {
                break;
            }
        }
        return IsOver;
    }

    /// <summary>Ends it early; what was not handed over is not any more.</summary>
    public void Cancel()
    {
        if (!IsOver)
        {
            End();
        }
    }

    internal SnapshotPart Add(Database database, ulong epoch)
    {
        var part = new SnapshotPart(this, database.Number, database.Index, epoch);
        _parts.Add(part);
        KeyCount += database.Count;
        return part;
    }

    internal void Take(int database, Record record)
    {
        Debug.Assert(!IsOver, "Nothing is taken after the end.");
        TakenCount++;
        _sink.Take(database, record);
    }

    private void End()
    {
        IsOver = true;
        foreach (SnapshotPart part in _parts)
        {
            if (part.Leftover is { } leftover)
            {
                _lazyFree.Add(leftover);
            }
        }
        _parts.Clear();
    }
}
