using Bixbite.Persistence.Aof;
using Bixbite.Platform;

namespace Bixbite.Replication.Streaming;

/// <summary>
/// The append only log's files, open for reading from the moment on at which they are begun: they can be read as long as somebody does,
/// whatever becomes of their names. Places are the log's positions. Belongs to the <see cref="StreamMap"/>, under the execution lock.
/// </summary>
internal sealed class LoggedFiles(IDisk disk) : IDisposable
{
    /// <summary>A place that is after all that anybody looks for.</summary>
    public const long Nowhere = long.MaxValue - 1;

    private readonly List<LoggedFile> _files = [];
    private bool _isBlind = true;
    private long _lostEnd;

    /// <summary>The log does not need the files any more that end here or before.</summary>
    public long ReplacedEnd { private get; set; } = long.MinValue;

    /// <summary>Bytes of those files that are kept all the same.</summary>
    public long ReplacedSize => _files.Count > 1 && _files[1].From <= ReplacedEnd ? ReplacedEnd - _files[0].Start : 0;

    /// <summary>A request that is appended at this place comes to lie in a file that can be read.</summary>
    public bool Has(long place) => !_isBlind && place >= _lostEnd;

    /// <summary>Everything that is appended from now on belongs to this file; if it cannot be opened, that is in no file.</summary>
    public void Begin(in AofPlace file)
    {
        _isBlind = disk.Open(file.Path, out IDiskFile? opened) < 0;
        if (!_isBlind)
        {
            _files.Add(new LoggedFile(opened!, file.From, file.Start));
        }
    }

    /// <summary>Nothing more is appended to the latest file.</summary>
    public void End() => _isBlind = true;

    /// <summary>Nothing that was appended before this place is certain.</summary>
    public void Lose(long end)
    {
        _lostEnd = end;
        _files.ForEach(file => file.LostEnd = end);
        RetireBefore(Nowhere);
    }

    /// <summary>The file that has a place, and where the next one begins.</summary>
    public LoggedFile Find(long place, out long end)
    {
        int index = _files.FindLastIndex(file => file.From <= place);
        end = index + 1 < _files.Count ? _files[index + 1].From : long.MaxValue;
        return _files[index];
    }

    /// <summary>Nobody will look for a place before this one; the file to which the log is written stays.</summary>
    public void RetireBefore(long place)
    {
        int count = 0;
        while (count < _files.Count && EndOf(count) <= place)
        {
            _files[count++].Retire();
        }
        _files.RemoveRange(0, count);
    }

    public void Dispose()
    {
        _files.ForEach(static file => file.Retire());
        _files.Clear();
    }

    /// <summary>The place where a file ends, or later; the latest does not end as long as it is written.</summary>
    private long EndOf(int index) => index + 1 < _files.Count ? _files[index + 1].From : _isBlind ? Nowhere : long.MaxValue;
}

/// <summary>
/// A file of the log that is open for reading, until it is given up and no plan needs it. Under the execution lock, but for what is said.
/// </summary>
internal sealed class LoggedFile(IDiskFile file, long from, long start)
{
    private long _lostEnd = long.MinValue;
    private int _planCount;
    private bool _isRetired;

    /// <summary>The log's position from which on it is in this file.</summary>
    public long From => from;

    /// <summary>The log's position of the first byte.</summary>
    public long Start => start;

    /// <summary>Nothing that was appended before this position is certain.</summary>
    public long LostEnd
    {
        set => Volatile.Write(ref _lostEnd, value);
    }

    /// <summary>Reads some bytes from an offset on; null, or what failed. By the thread.</summary>
    public string? Read(long offset, Span<byte> target, out int count)
    {
        count = file.Read(offset, target);
        return count < 0 ? $"read of a file of the append only log: {Errno.Text(-count)}"
            : count == 0 ? "a file of the append only log is shorter than it was written"
            : start + offset < Volatile.Read(ref _lostEnd) ? "the disk has not kept what was written to the append only log"
            : null;
    }

    public void Hold() => _planCount++;

    public void Release()
    {
        _planCount--;
        Close();
    }

    public void Retire()
    {
        _isRetired = true;
        Close();
    }

    /// <summary>Closing the last descriptor of a file without a name frees its blocks, which takes long where it is large.</summary>
    private void Close()
    {
        if (_isRetired && _planCount == 0)
        {
            Task.Run(file.Dispose);
        }
    }
}
