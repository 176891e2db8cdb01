using Bixbite.Memory;
using Bixbite.Persistence.Transfer;
using Bixbite.Platform;

namespace Bixbite.Persistence.Receiving;

/// <summary>
/// A snapshot that comes from another server, on its way to a file: a thread of its own reads the pipe, writes, and syncs at the end, so
/// nobody else waits for the disk. If anything fails, or it is given up, the file is deleted. The pipe has a heap of its own, which goes
/// with whoever is last: its owner, or the thread that a disk has not let go of.
/// <code>
///   connection ── BytePipe ── thread: write, write, ... fsync ── whole: to be loaded | deleted
/// </code>
/// </summary>
public sealed class ReceivedFile : IDisposable
{
    private const int PipeSize = 1 << 20;
    private const int PieceSize = 256 * 1024;

    /// <summary>While the file grows, so many bytes at a time are sent to the disk: the sync at its end is short then.</summary>
    private const long SyncEvery = 8 << 20;

    private const int LookMs = 1000;

    private readonly Heap _heap = new();
    private readonly IDisk _disk;
    private readonly Doorbell _bell = new();
    private readonly Action _ended;
    private volatile string? _problem;
    private volatile bool _isOver;
    private int _leftCount;

    /// <param name="disk">Has the file.</param>
    /// <param name="path">Its temporary name.</param>
    /// <param name="ended">Called by the thread at the end.</param>
    internal ReceivedFile(IDisk disk, string path, Action ended)
    {
        Pipe = new BytePipe(_heap, PipeSize, path);
        _disk = disk;
        _ended = ended;
        Path = path;
        Pipe.Filled = _bell.Ring;
        if (WorkerThread.TryStart("bixbite-receive", Write) is null)
        {
            End(WorkerThread.Refusal);
        }
    }

    /// <summary>Where the bytes go; closed when all have come.</summary>
    public BytePipe Pipe { get; }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>The pipe takes bytes.</summary>
    public bool HasRoom => Pipe.ReadableCount < PipeSize;

    /// <summary>The thread has ended: the file is whole and durable, or there is a <see cref="Problem"/> and no file.</summary>
    public bool IsOver => _isOver;

    /// <summary>Why there is no file; null if there is, or may be.</summary>
    public string? Problem => _problem;

    /// <summary>No more bytes come: there will be no file.</summary>
    public void GiveUp(string problem)
    {
        if (!Pipe.IsClosed)
        {
            Pipe.Close(problem);
        }
    }

    /// <summary>Deletes the file, once it is over.</summary>
    public void Delete()
    {
        if (_problem is null)
        {
            _disk.Delete(Path);
        }
    }

    /// <summary>Nobody uses it any more, but for the thread if that is not over.</summary>
    public void Dispose() => Leave();

    /// <summary>The second of the two who use it takes everything away.</summary>
    private void Leave()
    {
        if (Interlocked.Increment(ref _leftCount) == 2)
        {
            Pipe.Dispose();
            _heap.Dispose();
            _bell.Dispose();
        }
    }

    private void Write()
    {
        Priority.GiveWay();
        string? problem = Checked("open", _disk.Create(Path, out IDiskFile? file));
        bool isCreated = problem is null;
        problem ??= WriteAll(file!);
        problem ??= Checked("fsync", file!.Sync());
        file?.Dispose();
        if (problem is not null && isCreated)
        {
            _disk.Delete(Path);
        }
        End(problem);
    }

    private void End(string? problem)
    {
        _problem = problem;
        if (problem is not null)
        {
            Pipe.Refuse();
        }
        _isOver = true;
        _ended();
        Leave();
    }

    private string? WriteAll(IDiskFile file)
    {
        byte[] piece = new byte[PieceSize];
        long unsyncedSize = 0;
        while (true)
        {
            bool isClosed = Pipe.IsClosed;
            int count = Pipe.Read(piece);
            if (count == 0)
            {
                if (isClosed)
                {
                    return Pipe.Problem;
                }
                _bell.Wait(LookMs);
                continue;
            }
            if (Checked("write", file.Write(piece.AsSpan(0, count))) is { } problem)
            {
                return problem;
            }
            unsyncedSize += count;
            if (unsyncedSize >= SyncEvery)
            {
                unsyncedSize = 0;
                file.StartSync();
            }
        }
    }

    private string? Checked(string call, int result) => result < 0 ? $"{call} of {Path}: {Errno.Text(-result)}" : null;
}
