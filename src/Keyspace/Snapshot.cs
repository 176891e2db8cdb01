using System.Diagnostics;
using Bixbite.Types;
using Bixbite.Types.Saving;

namespace Bixbite.Keyspace;

/// <summary>
/// The content of all databases as of one moment, handed to a sink in slices while commands go on changing it. Nothing is copied as a
/// whole: who is about to change a key hands over first what the key's segment of the index held.
/// <code>
///   first walk:   index segments   | 1 | 1 | 1 | 0 | 1 | 0 | 0 | 0 |      1: visited in this epoch, by its number in the segment's lane
///                                        walk --^    ^-- a command came before the walk
///                 a visit hands over the small records and marks the large ones as awaited
///   second walk:  hands over what is awaited, each value in pieces; a command that is about to change one makes it pending first
/// </code>
/// So a visit is bounded whatever the values are, and while a value goes out in pieces no small records come in between. A pending value
/// (<see cref="PendingValues"/>) is looked up by every change: see <see cref="Types.Saving.ValueSnapshot"/> for how it stays what it was.
/// A database that is flushed meanwhile leaves its old content to the snapshot, which gives it up for freeing at the end; databases that
/// are swapped keep the numbers they had.
/// <para>
/// Several snapshots may be under way: each has a lane (<see cref="SnapshotMemory"/>), in which segments and records keep what it has
/// visited and what it awaits, its own walks, pending values and end; who is about to change a key tells them all. See
/// <see cref="Databases.BeginSnapshot"/>.
/// </para>
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
    private readonly ISnapshotSink _sink;
    private readonly SnapshotMemory _memory;
    private readonly bool _isByKey;

    /// <summary>The memory is to be given back at the end.</summary>
    private readonly bool _ownsMemory;
    private readonly List<SnapshotPart> _parts = [];

    /// <summary>Whole values that had to be taken while another one went out in pieces.</summary>
    private readonly Queue<ISavedValue> _aside = new();

    /// <summary>Pending values that wait until others before them are handed over.</summary>
    private readonly Queue<PendingValue> _waiting = new();

    private int _firstWalk;
    private int _secondWalk;
    private long _awaitedCount;
    private PendingValue? _current;

    /// <param name="sink">Takes the records.</param>
    /// <param name="pending">The values of all snapshots that go out in pieces.</param>
    /// <param name="memory">Of the caller; none for the snapshot to take one and give it back.</param>
    /// <param name="isByKey">A step takes one key only.</param>
    internal Snapshot(ISnapshotSink sink, PendingValues pending, SnapshotMemory? memory, bool isByKey)
    {
        _sink = sink;
        _pending = pending;
        _ownsMemory = memory is null;
        _memory = memory ?? pending.Memories.Take();
        _memory.Begin();
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
            _memory.NotePeak();
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
            End(isWhole: false);
        }
    }

    /// <summary>Makes a database a part of it, before <paramref name="others"/> that other snapshots have.</summary>
    internal SnapshotPart Add(Database database, SnapshotPart? others)
    {
        var part = new SnapshotPart(this, database.Number, database.Index, _memory.Epoch) { Next = others };
        _parts.Add(part);
        KeyCount += database.Count;
        return part;
    }

    /// <summary>A record that is visited for the first time.</summary>
    internal void Visit(int database, Record record)
    {
        Debug.Assert(!IsOver, "Nothing is taken after the end.");
        bool isAwaited = _isByKey || IsLarge(record);
        record.Header.SetAwaitedBy(_memory.Lane, isAwaited);
        if (isAwaited)
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
        Debug.Assert(_current is null && IsAwaited(record), "One value at a time.");
        NoteTaken(record);
        if (IsWhole(record))
        {
            _sink.Take(database, record);
            return _isByKey ? 0 : Math.Max(sizeLeft - (record.Type == KeyType.String ? record.TextLength : StepSize), 0);
        }
        Begin(_pending.Add(record, _memory, _sink.Open(database, record)));
        return 0;
    }

    /// <summary>It has visited the record and not taken it.</summary>
    internal bool IsAwaited(Record record) => record.Header.IsAwaitedBy(_memory.Lane);

    /// <summary>To be called before a record is changed that was visited.</summary>
    internal void BeforeChange(int database, Record record)
    {
        if (!IsAwaited(record))
        {
            return;
        }
        NoteTaken(record);
        if (!IsWhole(record))
        {
            _waiting.Enqueue(_pending.Add(record, _memory, _sink.Open(database, record)));
        }
        else if (_current is null)
        {
            _sink.Take(database, record);
        }
        else
        {
            ISavedValue aside = _sink.Open(database, record);
            aside.Take(record);
            _aside.Enqueue(aside);
        }
    }

    /// <summary>A database was flushed that the snapshot is still to have.</summary>
    internal void Keep(KeptOrphan content) => content.Hold(_memory);

    private static bool IsLarge(Record record) =>
        record.Owned != 0 && (record.Type != KeyType.String || record.TextLength > SmallSizeMax);

    private static bool IsWhole(Record record) => record.Type == KeyType.String
        ? record.TextLength <= WholeSizeMax
        : record.Owned == 0;

    private void NoteTaken(Record record)
    {
        record.Header.SetAwaitedBy(_memory.Lane, isAwaited: false);
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
        else if (_waiting.TryDequeue(out PendingValue? pending))
        {
            Begin(pending);
        }
        else if (_awaitedCount > 0)
        {
            _secondWalk += _parts[_secondWalk].TakeNext(StepSize) ? 1 : 0;
        }
        else
        {
            End(isWhole: true);
        }
    }

    private void End(bool isWhole)
    {
        IsOver = true;
        DiscardPending();
        while (_aside.TryDequeue(out ISavedValue? aside))
        {
            aside.Discard();
        }
        foreach (SnapshotPart part in _parts)
        {
            part.Leftover?.LetGo(_memory);
        }
        _parts.Clear();
        _memory.End(isWhole);
        if (_ownsMemory)
        {
            _pending.Memories.Return(_memory);
        }
    }

    private void DiscardPending()
    {
        if (_current is not null)
        {
            _waiting.Enqueue(_current);
            _current = null;
        }
        while (_waiting.TryDequeue(out PendingValue? pending))
        {
            pending.Output.Discard();
            _pending.Remove(pending);
        }
    }
}
