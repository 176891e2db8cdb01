using Bixbite.Platform;

namespace Bixbite.Unit.Replication.Streaming;

/// <summary>A disk in memory for temporary files, any thread: it fails, cuts readings short, and loses what a test wants.</summary>
internal sealed class ScratchDisk : IDisk
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Content> _names = [];
    private readonly List<Content> _contents = [];
    private int _openCount;
    private int _callCount;

    /// <summary>From which call on all fail, counted from the next one; later than ever if none does.</summary>
    public int FailsIn
    {
        set
        {
            lock (_gate)
            {
                FailingCall = value == int.MaxValue ? value : _callCount + value;
            }
        }
    }

    /// <summary>Reading never fails.</summary>
    public bool CanRead { get; set; }

    /// <summary>So many calls fail then.</summary>
    public int FailureCount { get; set; } = int.MaxValue;

    /// <summary>Calls take until this is open.</summary>
    public ManualResetEventSlim Gate { get; } = new(initialState: true);

    /// <summary>Files that were opened and are not closed.</summary>
    public int OpenCount => Volatile.Read(ref _openCount);

    /// <summary>Names that are there.</summary>
    public int NameCount
    {
        get
        {
            lock (_gate)
            {
                return _names.Count;
            }
        }
    }

    private int FailingCall { get; set; } = int.MaxValue;

    /// <summary>Somebody cuts all files off.</summary>
    public void CutAll()
    {
        lock (_gate)
        {
            _contents.ForEach(static content => content.Bytes.SetLength(content.Bytes.Length / 2));
        }
    }

    /// <summary>A file has this content from now on.</summary>
    public void Put(string path, ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            _names[path].Bytes.SetLength(0);
            _names[path].Bytes.Write(bytes);
        }
    }

    public int Create(string path, out IDiskFile? file)
    {
        lock (_gate)
        {
            file = null;
            if (Fails())
            {
                return -Errno.ENOSPC;
            }
            Content content = new();
            _contents.Add(content);
            _names[path] = content;
            file = Opened(content);
            return 0;
        }
    }

    public int Open(string path, out IDiskFile? file)
    {
        lock (_gate)
        {
            file = Fails() ? null : Opened(_names[path]);
            return file is null ? -Errno.EMFILE : 0;
        }
    }

    public int Delete(string path)
    {
        lock (_gate)
        {
            _names.Remove(path);
            return 0;
        }
    }

    public int Append(string path, out IDiskFile? file) => throw new NotSupportedException();

    public int Rename(string path, string newPath) => throw new NotSupportedException();

    public int CreateFolder(string path) => throw new NotSupportedException();

    public int SyncFolder(string path) => throw new NotSupportedException();

    public bool Exists(string path) => throw new NotSupportedException();

    public IReadOnlyList<string> List(string folder) => throw new NotSupportedException();

    private OpenFile Opened(Content content)
    {
        Interlocked.Increment(ref _openCount);
        return new OpenFile(this, content);
    }

    private bool Fails()
    {
        int call = ++_callCount;
        return call >= FailingCall && call - FailingCall < FailureCount;
    }

    private sealed class Content
    {
        public MemoryStream Bytes { get; } = new();
    }

    private sealed class OpenFile(ScratchDisk disk, Content content) : IDiskFile
    {
        public long Length => content.Bytes.Length;

        public int Read(Span<byte> target) => throw new NotSupportedException();

        public int Read(long offset, Span<byte> target)
        {
            disk.Gate.Wait();
            lock (disk._gate)
            {
                if (!disk.CanRead && disk.Fails())
                {
                    return -Errno.EIO;
                }
                content.Bytes.Position = Math.Min(offset, content.Bytes.Length);
                return content.Bytes.Read(target[..((target.Length + 1) / 2)]);
            }
        }

        public int Write(ReadOnlySpan<byte> bytes)
        {
            disk.Gate.Wait();
            lock (disk._gate)
            {
                bool fails = disk.Fails();
                content.Bytes.Position = content.Bytes.Length;
                content.Bytes.Write(fails ? bytes[..(bytes.Length / 2)] : bytes);
                return fails ? -Errno.ENOSPC : 0;
            }
        }

        public int Sync() => throw new NotSupportedException();

        public void StartSync() => throw new NotSupportedException();

        public int Truncate(long length) => throw new NotSupportedException();

        public void Dispose() => Interlocked.Decrement(ref disk._openCount);
    }
}
