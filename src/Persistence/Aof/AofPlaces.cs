namespace Bixbite.Persistence.Aof;

/// <summary>
/// Tells where the bytes of the log that is being written come to lie, for one who reads them again. Positions are the log's. Under the
/// execution lock.
/// <code>
///   log      | ............ increment 1 | increment 2 .......... written | in the buffer |
///   files    | From, Start: before what was there already      WrittenEnd ^
/// </code>
/// </summary>
public sealed class AofPlaces
{
    private AofPlace? _file;

    /// <summary>Told of the file that is being written, and of all that happens from then on; null if nobody is.</summary>
    public IAofWatcher? Watcher
    {
        get;
        set
        {
            field = value;
            if (_file is { } file)
            {
                value?.Begun(file);
            }
        }
    }

    /// <summary>Everything before this position is in files, but for what was lost. It falls only when something is lost.</summary>
    public long WrittenEnd { get; internal set; }

    /// <summary>Where the latest request begins that replicas get as well.</summary>
    public long RequestStart { get; private set; }

    /// <summary>Bytes of the SELECT that was put in front of it.</summary>
    public int SelectSize { get; private set; }

    /// <summary>Requests that were appended, and that replicas get as well.</summary>
    public long RequestCount { get; private set; }

    internal void NoteRequest(long start, int selectSize)
    {
        RequestStart = start;
        SelectSize = selectSize;
        RequestCount++;
    }

    /// <summary>Everything that is appended from now on belongs to this file.</summary>
    internal void Begin(AofPlace file)
    {
        _file = file;
        Watcher?.Begun(file);
    }

    /// <summary>Nothing more is appended to the file.</summary>
    internal void End()
    {
        _file = null;
        Watcher?.Ended();
    }

    /// <summary>The file has another name by now.</summary>
    internal void Rename(string path) => _file = _file is { } file ? file with { Path = path } : null;

    /// <summary>Some of what was appended before this position is in no file for certain.</summary>
    internal void NoteLost(long end) => Watcher?.Lost(end);

    /// <summary>The files before this position were replaced, and may be deleted.</summary>
    internal void NoteReplaced(long position) => Watcher?.Replaced(position);
}

/// <summary>A file of the log.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="From">The position from which on the log is in it.</param>
/// <param name="Start">The position of its first byte: earlier, where there was something in it already.</param>
public readonly record struct AofPlace(string Path, long From, long Start);

/// <summary>Reads the log's files again. Under the execution lock.</summary>
public interface IAofWatcher
{
    /// <summary>Everything that is appended from now on belongs to this file.</summary>
    public void Begun(in AofPlace file);

    /// <summary>Nothing more is appended to the latest file, and another may never begin.</summary>
    public void Ended();

    /// <summary>Some of what was appended before this position is in no file for certain.</summary>
    public void Lost(long end);

    /// <summary>The files before this position were replaced.</summary>
    public void Replaced(long position);
}
