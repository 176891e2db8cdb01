using Bixbite.Platform;
using Bixbite.Wire.Harness;

namespace Bixbite.Crash.Disk;

/// <summary>
/// A disk in memory that can stop at any operation and then shows what a real one might: what was synced is there; of the rest, anything
/// from nothing to all, torn at any byte, in blocks out of order, under old names or new ones. Every choice follows from a seed. Operations
/// that change something are numbered from 1. Any thread.
/// </summary>
internal sealed class SimulatedDisk : IDisk
{
    private readonly Lock _gate = new();
    private readonly List<DiskOperation> _operations = [];
    private readonly NameJournal _journal = new();
    private readonly StoredFolder _root;
    private int _crashNumber = int.MaxValue;
    private volatile bool _isCrashed;

    public SimulatedDisk()
        : this(StoredFolder.With([]))
    {
    }

    private SimulatedDisk(StoredFolder root) => _root = root;

    /// <summary>The one folder that is there from the start; all paths lie in it.</summary>
    public static string Root => Environment.CurrentDirectory;

    public DiskFaults Faults { get; } = new();

    /// <summary>The machine stopped: nothing works any more.</summary>
    public bool IsCrashed => _isCrashed;

    /// <summary>Bytes of all files together.</summary>
    public long UsedBytes
    {
        get
        {
            lock (_gate)
            {
                return SizeOf(_root);
            }
        }
    }

    /// <summary>What was done so far.</summary>
    public IReadOnlyList<DiskOperation> Operations
    {
        get
        {
            lock (_gate)
            {
                return [.. _operations];
            }
        }
    }

    /// <summary>Waits for operations of a kind after the first ones, so many as <paramref name="since"/> says.</summary>
    public void Await(DiskAction action, int since, int count = 1) => Patience.Until(
        () => Operations.Skip(since).Count(operation => operation.Action == action) >= count, $"there are no {count} of {action}");

    /// <summary>The machine stops in the middle of the operation with that number.</summary>
    public void CrashAt(int number) => _crashNumber = number;

    /// <summary>The machine stops in the middle of the next operation but so many.</summary>
    public void CrashAfter(int count)
    {
        lock (_gate)
        {
            _crashNumber = _operations.Count + count + 1;
        }
    }

    /// <summary>The machine stops now, between two operations.</summary>
    public void Crash()
    {
        lock (_gate)
        {
            _isCrashed = true;
        }
    }

    /// <summary>That operation fails with this error, once.</summary>
    public void FailAt(int number, int errno) => Faults.ErrnoOf = operation => operation.Number == number ? errno : 0;

    /// <summary>The disk as the machine finds it when it starts again.</summary>
    public SimulatedDisk Survivor(int seed)
    {
        lock (_gate)
        {
            return new SimulatedDisk(_journal.Surviving(_root, new Random(seed)));
        }
    }

    /// <summary>A disk with the same content, all of it durable.</summary>
    public SimulatedDisk Copy()
    {
        lock (_gate)
        {
            return new SimulatedDisk(CopyOf(_root));
        }
    }

    /// <summary>A file's content as programs see it, or null.</summary>
    public byte[]? Content(string path)
    {
        lock (_gate)
        {
            return Find(path)?.Now.ToArray();
        }
    }

    /// <summary>The paths and sizes of all files, for people.</summary>
    public IReadOnlyList<string> Names()
    {
        lock (_gate)
        {
            return [.. NamesIn(_root, "")];
        }
    }

    /// <summary>A file that is there from the start, in a folder that is.</summary>
    public void Put(string path, byte[] content)
    {
        lock (_gate)
        {
            (StoredFolder folder, string name) = Place(path)!.Value;
            StoredFile file = new(new StoredBytes(content));
            folder.Now[name] = file;
            folder.Durable[name] = file;
        }
    }

    public int Create(string path, out IDiskFile? file)
    {
        SimulatedFile? opened = null;
        int result = Do(DiskAction.Create, path, place => opened = OpenForWriting(place, isEmptied: true));
        file = result < 0 ? null : opened;
        return result;
    }

    public int Append(string path, out IDiskFile? file)
    {
        SimulatedFile? opened = null;
        int result = Do(DiskAction.Append, path, place => opened = OpenForWriting(place, isEmptied: false));
        file = result < 0 ? null : opened;
        return result;
    }

    public int Open(string path, out IDiskFile? file)
    {
        lock (_gate)
        {
            file = null;
            if (_isCrashed)
            {
                return -Errno.EIO;
            }
            if (Find(path) is not { } found)
            {
                return -Errno.ENOENT;
            }
            file = new SimulatedFile(this, found, Relative(path));
            return 0;
        }
    }

    public int Rename(string path, string newPath)
    {
        lock (_gate)
        {
            if (Find(path) is not { } file || Place(newPath) is not var (folder, name))
            {
                return _isCrashed ? -Errno.EIO : -Errno.ENOENT;
            }
            return Do(
                DiskAction.Rename,
                $"{Relative(path)} to {Relative(newPath)}",
                () =>
                {
                    (StoredFolder oldFolder, string oldName) = Place(path)!.Value;
                    _journal.Do(new NameChange(oldFolder, oldName, null), new NameChange(folder, name, file));
                });
        }
    }

    public int Delete(string path)
    {
        lock (_gate)
        {
            if (Find(path) is null)
            {
                return _isCrashed ? -Errno.EIO : -Errno.ENOENT;
            }
            return Do(DiskAction.Delete, path, place => _journal.Do(new NameChange(place.Folder, place.Name, null)));
        }
    }

    public int CreateFolder(string path)
    {
        lock (_gate)
        {
            if (!_isCrashed && FindFolder(path) is not null)
            {
                return 0;
            }
            return Do(
                DiskAction.CreateFolder, path, place => _journal.Do(new NameChange(place.Folder, place.Name, new StoredFolder())));
        }
    }

    public int SyncFolder(string path)
    {
        lock (_gate)
        {
            if (FindFolder(path) is not { } folder)
            {
                return _isCrashed ? -Errno.EIO : -Errno.ENOENT;
            }
            return Do(DiskAction.SyncFolder, Relative(path), () => _journal.Sync(folder));
        }
    }

    public bool Exists(string path)
    {
        lock (_gate)
        {
            return !_isCrashed && Find(path) is not null;
        }
    }

    public IReadOnlyList<string> List(string folder)
    {
        lock (_gate)
        {
            return _isCrashed || FindFolder(folder) is not { } found
                ? []
                : [.. found.Now.Where(entry => entry.Value is StoredFile).Select(entry => entry.Key).Order(StringComparer.Ordinal)];
        }
    }

    internal int Read(StoredFile file, long position, Span<byte> target)
    {
        lock (_gate)
        {
            return _isCrashed ? -Errno.EIO : file.Now.Read(position, target);
        }
    }

    /// <summary>Writes what finds room; the result is 0 only if that is all.</summary>
    internal int Write(StoredFile file, string path, long position, ReadOnlySpan<byte> bytes)
    {
        DiskFaults.Rest();
        Faults.WriteGate.Wait();
        lock (_gate)
        {
            long room = Math.Max(Faults.CapacityBytes - SizeOf(_root), 0);
            StoredBytes fitting = new(bytes[..(int)Math.Min(room, bytes.Length)]);
            int result = Do(DiskAction.Write, path, () => file.Write(position, fitting), bytes.Length);
            return result == 0 && fitting.Length < bytes.Length ? -Errno.ENOSPC : result;
        }
    }

    internal int Truncate(StoredFile file, string path, long length)
    {
        lock (_gate)
        {
            return Do(DiskAction.Truncate, path, () => file.Truncate(length), length);
        }
    }

    internal int Sync(StoredFile file, string path)
    {
        int count;
        int result;
        lock (_gate)
        {
            count = file.ChangeCount;
            result = Do(DiskAction.Sync, path, () => { });
        }

        DiskFaults.Rest();
        Thread.Sleep(Faults.SyncMs);
        Faults.SyncGate.Wait();
        lock (_gate)
        {
            if (_isCrashed)
            {
                return -Errno.EIO;
            }
            if (result < 0)
            {
                file.Forget(Math.Min(count, file.ChangeCount));
            }
            else if (!Faults.IsLying)
            {
                file.Settle(Math.Min(count, file.ChangeCount));
            }
            return result;
        }
    }

    private static string Relative(string path) => Path.GetRelativePath(Root, Path.GetFullPath(path));

    private static long SizeOf(StoredFolder folder) =>
        folder.Now.Values.Sum(entry => entry is StoredFile file ? file.Length : SizeOf((StoredFolder)entry));

    private static IEnumerable<string> NamesIn(StoredFolder folder, string path) => folder.Now.SelectMany(
        entry => entry.Value is StoredFolder within ? NamesIn(within, $"{path}{entry.Key}/")
            : [$"{path}{entry.Key} ({((StoredFile)entry.Value).Length})"]);

    private static StoredFolder CopyOf(StoredFolder folder) => StoredFolder.With(folder.Now.ToDictionary(
        entry => entry.Key,
        entry => entry.Value is StoredFile file ? (object)new StoredFile(file.Now) : CopyOf((StoredFolder)entry.Value)));

    private int Do(DiskAction action, string path, Action<(StoredFolder Folder, string Name)> effect)
    {
        lock (_gate)
        {
            return Place(path) is { } place ? Do(action, Relative(path), () => effect(place)) : _isCrashed ? -Errno.EIO : -Errno.ENOENT;
        }
    }

    /// <summary>
    /// Counts an operation and lets it happen, unless it is to fail. The one at which the machine stops fails too and may have happened,
    /// but a sync has not.
    /// </summary>
    private int Do(DiskAction action, string path, Action effect, long size = 0)
    {
        if (_isCrashed)
        {
            return -Errno.EIO;
        }
        DiskOperation operation = new(_operations.Count + 1, action, path, size);
        _operations.Add(operation);
        bool isLast = operation.Number >= _crashNumber;
        if (!isLast && Faults.ErrnoOf(operation) is > 0 and var errno)
        {
            return -errno;
        }
        if (!isLast || !operation.IsSync)
        {
            effect();
        }
        _isCrashed = isLast;
        return isLast ? -Errno.EIO : 0;
    }

    private SimulatedFile OpenForWriting((StoredFolder Folder, string Name) place, bool isEmptied)
    {
        if (!place.Folder.Now.TryGetValue(place.Name, out object? entry))
        {
            entry = new StoredFile(new StoredBytes([]));
            _journal.Do(new NameChange(place.Folder, place.Name, entry));
        }

        StoredFile file = (StoredFile)entry;
        if (isEmptied && file.Length > 0)
        {
            file.Truncate(0);
        }
        return new SimulatedFile(this, file, place.Name) { IsAppending = !isEmptied };
    }

    private StoredFile? Find(string path) => Place(path) is var (folder, name) ? folder.Now.GetValueOrDefault(name) as StoredFile : null;

    private StoredFolder? FindFolder(string path)
    {
        if (Relative(path) == ".")
        {
            return _root;
        }
        return Place(path) is var (folder, name) ? folder.Now.GetValueOrDefault(name) as StoredFolder : null;
    }

    /// <summary>The folder in which a path's last name stands or would stand; null if there is none.</summary>
    private (StoredFolder Folder, string Name)? Place(string path)
    {
        string[] names = Relative(path).Split('/');
        Assert.NotEqual("..", names[0]);
        StoredFolder folder = _root;
        foreach (string name in names[..^1])
        {
            if (folder.Now.GetValueOrDefault(name) is not StoredFolder next)
            {
                return null;
            }
            folder = next;
        }

        return (folder, names[^1]);
    }
}
