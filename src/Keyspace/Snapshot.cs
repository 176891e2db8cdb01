using System.Diagnostics;
using Bixbite.Types;

namespace Bixbite.Keyspace;

/// <summary>
/// The content of all databases as of one moment, handed to a sink in slices while commands go on changing it. Nothing is copied as a
/// whole: who is about to change a key hands over first what the key's segment of the index held.
/// <code>
///   first walk:   index segments   | 1 | 1 | 1 | 0 | 1 | 0 | 0 | 0 |      1: visited in this epoch
///                                        walk --^    ^-- a command came before the walk
///                 a visit hands over the small records and marks the large ones as awaited
///   second walk:  hands over what is awaited, each value in pieces; a command that is about to change one makes it pending first
/// </code>
/// So a visit is bounded whatever the values are, and while a value goes out in pieces no small records come in between. A pending value
/// (<see cref="PendingValues"/>) is looked up by every change: see <see cref="Types.Saving.ValueSnapshot"/> for how it stays what it was.
/// A database that is flushed meanwhile leaves its old content to the snapshot, which gives it up for freeing at the end; databases that
/// are swapped keep the numbers they had. One snapshot at a time; see <see cref="Databases.BeginSnapshot"/>.
/// </summary>
public sealed class Snapshot
{
    /// <summary>Strings of more bytes are awaited, and so are all collections that are no packed bytes.</summary>
    private const long SmallSizeMax = 4 * 1024;

    /// <summary>Strings of more bytes go out in pieces.</summary>
    private const long WholeSizeMax = 16 * 1024;

    /// <summary>Bytes of awaited records that one step hands over.</summary>
    private const long StepSize = 256 * 1024;

    private readonly PendingValues _pending;
    private readonly LazyFree _lazyFree;
    private readonly ISnapshotSink _sink;
    private readonly ulong _epoch;
    private readonly bool _isByKey;
    private readonly List<SnapshotPart> _parts = [];

    /// <summary>Whole values that had to be taken while another one went out in pieces.</summary>
    private readonly Queue<ISavedValue> _aside = new();

    private int _firstWalk;
    private int _secondWalk;
    private long _awaitedCount;
    private PendingValue? _current;

    internal Snapshot(ISnapshotSink sink, PendingValues pending, LazyFree lazyFree, ulong epoch, bool isByKey)
    {
        _sink = sink;
        _pending = pending;
        _pending.Memory.Begin();
        _lazyFree = lazyFree;
        _epoch = epoch;
        _isByKey = isByKey;
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
            Step();
            _pending.Memory.NotePeak();
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

    internal SnapshotPart Add(Database database)
    {
        var part = new SnapshotPart(this, database.Number, database.Index, _epoch);
        _parts.Add(part);
        KeyCount += database.Count;
        return part;
    }

    /// <summary>A record that is visited for the first time.</summary>
    internal void Visit(int database, Record record)
    {
        Debug.Assert(!IsOver, "Nothing is taken after the end.");
        record.IsAwaited = _isByKey || IsLarge(record);
        if (record.IsAwaited)
        {
            _awaitedCount++;
        }
        else
        {
            TakenCount++;
            _sink.Take(database, record);
        }
    }

    /// <summary>
    /// A record that the second walk has come to, with so many bytes left for this step; those left after it, 0 if the step is over.
    /// </summary>
    internal long TakeAwaited(int database, Record record, long sizeLeft)
    {
        Debug.Assert(_current is null && record.IsAwaited, "One value at a time.");
        NoteTaken(record);
        if (IsWhole(record))
        {
            _sink.Take(database, record);
            return _isByKey ? 0 : Math.Max(sizeLeft - (record.Type == KeyType.String ? record.TextLength : StepSize), 0);
        }
        Begin(_pending.Add(record, _epoch, _sink.Open(database, record)));
        return 0;
    }

    /// <summary>To be called before a record is changed that was visited; its value, if that is pending from now on.</summary>
    internal PendingValue? BeforeChange(int database, Record record)
    {
        if (!record.IsAwaited)
        {
            return _pending.Of(record);
        }
        NoteTaken(record);
        if (!IsWhole(record))
        {
            PendingValue pending = _pending.Add(record, _epoch, _sink.Open(database, record));
            _pending.Enqueue(pending);
            return pending;
        }
        if (_current is null)
        {
            _sink.Take(database, record);
        }
        else
        {
            ISavedValue aside = _sink.Open(database, record);
            aside.Take(record);
            _aside.Enqueue(aside);
        }
        return null;
    }

    private static bool IsLarge(Record record) =>
        record.Owned != 0 && (record.Type != KeyType.String || record.TextLength > SmallSizeMax);

    private static bool IsWhole(Record record) => record.Type == KeyType.String
        ? record.TextLength <= WholeSizeMax
        : record.Owned == 0;

    private void NoteTaken(Record record)
    {
        record.IsAwaited = false;
        _awaitedCount--;
        TakenCount++;
    }

    private void Begin(PendingValue pending)
    {
        _current = pending;
        pending.Output.Attach();
    }

    private void Step()
    {
        if (_current is { } current)
        {
            if (current.Content.Step())
            {
                current.Output.Close();
                _pending.Remove(current);
                _current = null;
            }
        }
        else if (_firstWalk < _parts.Count)
        {
            _firstWalk += _parts[_firstWalk].VisitNext() ? 1 : 0;
        }
        else if (_aside.TryDequeue(out ISavedValue? aside))
        {
            aside.Attach();
            aside.Close();
        }
        else if (_pending.TryDequeue(out PendingValue? pending))
        {
            Begin(pending);
        }
        else if (_awaitedCount > 0)
        {
            _secondWalk += _parts[_secondWalk].TakeNext(StepSize) ? 1 : 0;
        }
        else
        {
            End();
        }
    }

    private void End()
    {
        IsOver = true;
        _current = null;
        while (_aside.TryDequeue(out ISavedValue? aside))
        {
            aside.Discard();
        }
        _pending.Clear();
        foreach (SnapshotPart part in _parts)
        {
            if (part.Leftover is { } leftover)
            {
                _pending.Memory.Keep(-leftover.KeptBytes);
                _lazyFree.Add(leftover);
            }
        }
        _parts.Clear();
        _pending.Memory.End();
    }
}
