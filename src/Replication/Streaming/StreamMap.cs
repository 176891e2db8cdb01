using System.Runtime.InteropServices;
using Bixbite.Persistence.Aof;
using Bixbite.Platform;

namespace Bixbite.Replication.Streaming;

/// <summary>
/// Which bytes of a stream lie in the append only log's files: both get the same requests, but each has bytes of its own. Belongs to the
/// <see cref="StreamLog"/>, under the execution lock.
/// <code>
///   stream   | SELECT SET a SET b | PING | SET c SET d ... | PUBLISH | SET e |
///   log      | SELECT SET a SET b | SET c SET d | #TS | ...
///   runs     | in the log, at 0   | own  | in the log ...  | own     | ...   |        a position and a place each: 16 bytes
/// </code>
/// A run is in the log, or the stream's own and kept here, or in memory alone. What follows one another in both is one run, so a run ends
/// where one of the two has something that the other has not. What only memory had is gone when memory begins after it, and with it all
/// that lies before: nobody could go on beyond it.
/// </summary>
internal sealed class StreamMap : IAofWatcher, IDisposable
{
    /// <summary>With more than this it forgets the older half of what nobody reads now, and then does not grow any more.</summary>
    internal const int SizeMax = 8 << 20;

    private const int PieceCountMax = 4096;
    private const int SlackMin = 64;

    private readonly AofPlaces _places;
    private readonly LoggedFiles _files;
    private readonly OwnBytes _own = new();
    private readonly List<Run> _runs = [new Run(0, Run.InMemory)];

    /// <summary>The runs before this one are forgotten.</summary>
    private int _first;

    /// <summary>From where memory begins, all runs before this one are whole in files, or here.</summary>
    private int _open;

    private long _end;
    private long _memoryStart;
    private long _neededStart = long.MaxValue;

    /// <summary>Everything before this position is of use only to those who read there now.</summary>
    private long _goneEnd;

    private long _seenRequestCount;

    /// <param name="disk">Has the log's files.</param>
    /// <param name="places">Tells where they are, and where the log's bytes are in them.</param>
    /// <param name="position">Of the stream's next byte.</param>
    public StreamMap(IDisk disk, AofPlaces places, long position)
    {
        _places = places;
        _files = new LoggedFiles(disk);
        _seenRequestCount = places.RequestCount;
        _end = position;
        Start = position;
        places.Watcher = this;
    }

    /// <summary>From here on everything is in files, or here, or still in memory, for those who read there.</summary>
    public long Start { get; private set; }

    /// <summary>Whoever comes back finds everything from here on.</summary>
    public long ReturnStart => Math.Max(Start, _goneEnd);

    /// <summary>Bytes of memory. Any thread.</summary>
    public long Size => ((long)_runs.Capacity * Marshal.SizeOf<Run>()) + _own.Capacity;

    /// <summary>Bytes of files that the log does not need any more.</summary>
    public long HeldSize => _files.ReplacedSize;

    /// <summary>Of what memory has, everything before this position is in files, or here, too.</summary>
    public long CoveredEnd
    {
        get
        {
            if (_memoryStart < Start)
            {
                return _memoryStart;
            }
            while (_open < _runs.Count - 1 && ReadableEnd(_open) == EndOf(_open))
            {
                _open++;
            }
            return Math.Max(_memoryStart, ReadableEnd(_open));
        }
    }

    private long CountedSize => ((long)(_runs.Count - _first) * Marshal.SizeOf<Run>()) + _own.Count;

    /// <summary>A request, and the SELECT in front of it if there is one; the log has got it just before if it is for the log.</summary>
    public void AddRequest(ReadOnlySpan<byte> select, ReadOnlySpan<byte> request, bool isForLog)
    {
        bool isLogged = _places.RequestCount != _seenRequestCount;
        _seenRequestCount = _places.RequestCount;
        if (!isLogged && isForLog)
        {
            AddUnknown(select.Length + request.Length);
            return;
        }
        if (!isLogged)
        {
            AddOwn(select);
            AddOwn(request);
            return;
        }
        // Where both have a SELECT it is the same one, and right in front of the request.
        int sharedSize = select.Length == _places.SelectSize ? select.Length : 0;
        AddOwn(select[sharedSize..]);
        AddLogged(sharedSize + request.Length, _places.RequestStart - sharedSize);
    }

    /// <summary>The next bytes are the stream's own.</summary>
    public void AddOwn(ReadOnlySpan<byte> bytes)
    {
        bool isKept = _runs[^1].Place != Run.InMemory && bytes.Length <= OwnBytes.PieceSizeMax && !bytes.IsEmpty && !IsFull();
        Add(bytes.Length, isKept ? Run.OwnPlace(_own.Add(bytes)) : Run.InMemory);
    }

    /// <summary>The next bytes are in memory alone.</summary>
    public void AddUnknown(int size) => Add(size, Run.InMemory);

    /// <summary>More of the latest request.</summary>
    public void Continue(ReadOnlySpan<byte> bytes)
    {
        if (_runs[^1].IsOwn)
        {
            AddOwn(bytes);
        }
        else
        {
            _end += bytes.Length;
        }
    }

    /// <summary>Memory begins here now, and nobody reads anything before <paramref name="neededStart"/> elsewhere.</summary>
    public void NoteMemory(long memoryStart, long neededStart)
    {
        if (memoryStart == _memoryStart && neededStart == _neededStart)
        {
            return;
        }
        for (int i = IndexOf(_memoryStart); i < _runs.Count && _runs[i].Start < memoryStart; i++)
        {
            _goneEnd = _runs[i].Place == Run.InMemory ? Math.Max(_goneEnd, Math.Min(EndOf(i), memoryStart)) : _goneEnd;
        }
        _memoryStart = memoryStart;
        _neededStart = neededStart;
        _open = Math.Max(_open, IndexOf(memoryStart));
        BeginAt(_goneEnd);
        Forget(SlackMin);
    }

    /// <summary>The byte at a position is not in memory alone.</summary>
    public bool Has(long at) => at >= Start && at < _end && _runs[IndexOf(at)].Place != Run.InMemory;

    /// <summary>The places of what follows a position, as much as is written; null if nothing of it is. To be released.</summary>
    public StreamPlan? Plan(long from)
    {
        StreamPlan plan = new();
        int index = IndexOf(from);
        while (from >= Start && index < _runs.Count && plan.PieceCount < PieceCountMax)
        {
            from = AddPieces(plan, index, from);
            index = from < EndOf(index) ? int.MaxValue : index + 1;
        }
        return plan.PieceCount == 0 ? null : plan;
    }

    /// <summary>The byte at a position could not be read: nobody else is to try.</summary>
    public void NoteUnreadable(long at) => _goneEnd = Math.Max(_goneEnd, Math.Min(at + 1, _end));

    void IAofWatcher.Begun(in AofPlace file) => _files.Begin(file);

    void IAofWatcher.Ended() => _files.End();

    void IAofWatcher.Lost(long end)
    {
        _files.Lose(end);
        _runs.Clear();
        _runs.Add(new Run(0, Run.InMemory));
        _own.Forget(_own.End);
        _first = 0;
        _open = 0;
        Start = _end;
    }

    void IAofWatcher.Replaced(long place)
    {
        _files.ReplacedEnd = place;
        _goneEnd = Math.Max(_goneEnd, PositionOf(place));
        BeginAt(_goneEnd);
        Forget(SlackMin);
    }

    public void Dispose()
    {
        if (_places.Watcher == this)
        {
            _places.Watcher = null;
        }
        _files.Dispose();
    }

    private void AddLogged(int size, long place) => Add(size, _files.Has(place) ? place : Run.InMemory);

    private void Add(int size, long place)
    {
        if (size == 0)
        {
            return;
        }
        if (!_runs[^1].IsFollowedBy(place, _end))
        {
            place = place != Run.InMemory && IsFull() ? Run.InMemory : place;
            if (!_runs[^1].IsFollowedBy(place, _end))
            {
                _runs.Add(new Run(_end, place));
            }
        }
        _end += size;
    }

    private bool IsFull()
    {
        while (CountedSize >= SizeMax)
        {
            long start = Start;
            BeginAt(_runs[_first + ((_runs.Count - _first) / 2)].Start);
            Forget(slack: 0);
            if (Start == start)
            {
                return true;
            }
        }
        return false;
    }

    private void BeginAt(long position) => Start = Math.Max(Start, Math.Min(position, _neededStart));

    /// <summary>Adds the pieces of a run from a position on, as far as they can be read; returns the position behind them.</summary>
    private long AddPieces(StreamPlan plan, int index, long from)
    {
        Run run = _runs[index];
        long end = ReadableEnd(index);
        while (from < end)
        {
            long size = end - from;
            if (run.IsOwn)
            {
                plan.Add(_own.Copy(run.OwnOffset + (from - run.Start), (int)size));
            }
            else
            {
                long place = run.Place + (from - run.Start);
                LoggedFile file = _files.Find(place, out long fileEnd);
                size = Math.Min(size, fileEnd - place);
                plan.Add(file, place - file.Start, size);
            }
            from += size;
        }
        return from;
    }

    /// <summary>The position before which a run is in files, or here.</summary>
    private long ReadableEnd(int index)
    {
        Run run = _runs[index];
        return run.IsOwn ? EndOf(index)
            : run.Place == Run.InMemory ? run.Start
            : Math.Clamp(run.Start + (_places.WrittenEnd - run.Place), run.Start, EndOf(index));
    }

    /// <summary>The position in the stream of the first byte that the log has at this place or later.</summary>
    private long PositionOf(long place)
    {
        for (int i = _runs.Count - 1; i >= _first; i--)
        {
            if (_runs[i].IsLogged && _runs[i].Place <= place)
            {
                return Math.Min(_runs[i].Start + (place - _runs[i].Place), EndOf(i));
            }
        }
        return Start;
    }

    /// <summary>Forgets the runs before the start, once there are more than this, and the files that only they need.</summary>
    private void Forget(int slack)
    {
        int before = _first;
        while (_first < _runs.Count - 1 && _runs[_first + 1].Start <= Start)
        {
            _first++;
        }
        _open = Math.Max(_open, _first);
        if (_first != before || _files.ReplacedSize > 0)
        {
            int logged = _runs.FindIndex(_first, static run => run.IsLogged);
            _files.RetireBefore(logged < 0 ? LoggedFiles.Nowhere : PlaceOf(_runs[logged]));
        }
        if (_first > slack && _first >= _runs.Count / 2)
        {
            _runs.RemoveRange(0, _first);
            _open -= _first;
            _first = 0;
            int own = _runs.FindIndex(static run => run.IsOwn);
            _own.Forget(own < 0 ? _own.End : _runs[own].OwnOffset);
        }
    }

    /// <summary>Where the log has what is left of a run.</summary>
    private long PlaceOf(Run run) => run.Place + Math.Max(Start - run.Start, 0);

    private int IndexOf(long at)
    {
        int low = _first;
        int high = _runs.Count - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            if (_runs[middle].Start <= at)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }
        return low;
    }

    private long EndOf(int index) => index + 1 < _runs.Count ? _runs[index + 1].Start : _end;

    /// <summary>Bytes that follow one another, from a position of the stream up to the next run.</summary>
    private readonly record struct Run(long Start, long Place)
    {
        public const long InMemory = -1;

        public bool IsLogged => Place >= 0;

        public bool IsOwn => Place < InMemory;

        public long OwnOffset => InMemory - 1 - Place;

        public static long OwnPlace(long offset) => InMemory - 1 - offset;

        public bool IsFollowedBy(long place, long end) => place switch
        {
            InMemory => Place == InMemory,
            > InMemory => IsLogged && place - Place == end - Start,
            _ => IsOwn && Place - place == end - Start,
        };
    }
}
