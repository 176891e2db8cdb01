using Bixbite.Keyspace;
using Bixbite.Persistence.Transfer;
using Bixbite.Platform;

namespace Bixbite.Persistence.Loading;

/// <summary>
/// Loads an RDB file whose bytes arrive in a pipe while it is read: so many as were announced, or up to a mark that follows the file. Where
/// the reader needs bytes that are not there yet, within a value as well, the slice is over; so values may be of any size, and nothing is
/// kept but what the reader has not read yet.
/// <code>
///   sender --> BytePipe --> reader, on a thread that runs only while a slice does
/// </code>
/// </summary>
internal sealed class RdbStreamLoader : ILoader
{
    private readonly BytePipe _pipe;
    private readonly RdbLoader _reader;
    private readonly SlicedThread _work;
    private Func<bool> _isPaused = static () => false;
    private bool _isCancelled;

    /// <param name="pipe">Read by this loader alone, until it is over.</param>
    /// <param name="length">Bytes of the file, or <see cref="ILoadSource.UnknownLength"/>.</param>
    /// <param name="databases">Get the keys.</param>
    /// <param name="clock">Tells what was used when.</param>
    /// <param name="options">How it is loaded, and with which mark it must end.</param>
    public RdbStreamLoader(BytePipe pipe, long length, Databases databases, AccessClock clock, RdbLoadOptions options)
    {
        _pipe = pipe;
        _reader = new RdbLoader(new Source(this, length), databases, clock, options with { IsAlone = true });
        _work = new SlicedThread(Load, "bixbite-load");
    }

    public long BytesTotal => _reader.BytesTotal;

    public long BytesRead => _reader.BytesRead;

    public LoadFacts Facts => _reader.Facts;

    public string? Problem => _work.HasThread ? ReadProblem : WorkerThread.Refusal;

    public bool IsStarved { get; private set; }

    public bool Run(Func<bool> isPaused)
    {
        _isPaused = isPaused;
        IsStarved = false;
        _work.Resume();
        return _work.IsOver;
    }

    /// <summary>Gives up the rest of the stream and tells the sender.</summary>
    public void Dispose()
    {
        _isCancelled = true;
        while (!_work.IsOver)
        {
            _work.Resume();
        }
        _work.Dispose();
        _pipe.Refuse();
    }

    private string? ReadProblem => _reader.Problem is { } problem && _pipe.Problem is { } reason
        ? $"{problem}: the sender has stopped, {reason}"
        : _reader.Problem;

    private void Load()
    {
        while (!_isCancelled && !_reader.Run(() => _isPaused()))
        {
            _work.Yield();
        }
    }

    private int Read(Span<byte> target)
    {
        if (_isPaused())
        {
            _work.Yield();
        }
        while (!_isCancelled)
        {
            bool isClosed = _pipe.IsClosed;
            if (_pipe.Read(target) is > 0 and var count)
            {
                return count;
            }
            if (isClosed)
            {
                return _pipe.Problem is null ? 0 : -Errno.ECONNRESET;
            }
            IsStarved = true;
            _work.Yield();
        }
        return -Errno.ECANCELED;
    }

    private sealed class Source(RdbStreamLoader loader, long length) : ILoadSource
    {
        private long _readCount;

        public string Name => loader._pipe.Name;

        public long Length => length;

        public bool IsLengthSure => false;

        public int Read(Span<byte> target)
        {
            int count = (int)Math.Min(target.Length, length - _readCount);
            int result = count == 0 ? 0 : loader.Read(target[..count]);
            _readCount += Math.Max(result, 0);
            return result;
        }

        public void Dispose()
        {
        }
    }
}
