using System.Globalization;
using Bixbite.Logging;
using Bixbite.Platform;

namespace Bixbite.Persistence.Aof;

/// <summary>
/// The folder of the append only log and what lies in it: the manifest and the files it names.
/// <code>
///   dir/appendonly.aof                          the log of Redis before 7: moved into the folder as its first base
///   dir/appendonlydir/appendonly.aof.manifest
///                     appendonly.aof.1.base.rdb
///                     appendonly.aof.1.incr.aof
///                     appendonly.aof.lock       locked by the server that writes the log
///                     temp-...                  not finished, of no meaning
/// </code>
/// </summary>
/// <param name="disk">Where it lies.</param>
/// <param name="path">Its absolute path (dir and appenddirname).</param>
/// <param name="appendFileName">What the names of the files begin with (appendfilename).</param>
public sealed class AofDirectory(IDisk disk, string path, string appendFileName) : IDisposable
{
    /// <summary>The suffix, after the log's name, of the file that is locked for the log.</summary>
    public const string LockSuffix = ".lock";

    private const int LockAttemptMs = 10;

    private IDisposable? _hold;
    private bool _isHeld;

    private const int ManifestSizeMax = 64 << 20;

    public IDisk Disk { get; } = disk;

    public string FolderPath { get; } = path;

    public string ManifestPath => PathOf(AofManifest.NameFor(appendFileName));

    /// <summary>The name of a file before it is in force.</summary>
    public static string TemporaryNameFor(string name) => "temp-" + name;

    public string PathOf(string name) => Path.Combine(FolderPath, name);

    /// <summary>
    /// Makes the folder if there is none, and takes the log in it for this server: two that write one log destroy it, while logs of other
    /// names may lie beside it. Null, or what failed. One who has just been killed may have it for a moment still, so there is patience.
    /// </summary>
    public string? Take(int patienceMs = 0)
    {
        int result = Disk.CreateFolder(FolderPath);
        int holderId = 0;
        if (result >= 0 && !_isHeld)
        {
            result = Disk.Lock(PathOf(appendFileName + LockSuffix), out _hold, out holderId);
            for (int waitedMs = 0; result == -Errno.EAGAIN && waitedMs < patienceMs; waitedMs += LockAttemptMs)
            {
                Thread.Sleep(LockAttemptMs);
                result = Disk.Lock(PathOf(appendFileName + LockSuffix), out _hold, out holderId);
            }
            _isHeld = result >= 0;
        }
        return result switch
        {
            >= 0 => null,
            -Errno.EAGAIN => InUse(FolderPath, holderId),
            _ => $"Can't open or create append-only dir {FolderPath}: {Errno.Text(-result)}",
        };
    }

    /// <summary>The error for a log that another process has.</summary>
    public static string InUse(string folderPath, int holderId) =>
        $"another server{(holderId > 0 ? string.Create(CultureInfo.InvariantCulture, $" (process {holderId})") : "")} "
        + $"writes its append only log in {folderPath}: stop it, or give this one another dir, appenddirname or appendfilename";

    /// <summary>Others may take the log.</summary>
    public void Dispose()
    {
        _hold?.Dispose();
        _hold = null;
        _isHeld = false;
    }

    /// <summary>Whether a file is the whole log of an older release, with whatever it begins.</summary>
    public bool IsOldStyle(AofFile file) => file.Name == appendFileName;

    /// <summary>
    /// The manifest, after an old log was moved into the folder if there is one; empty if there is no log. Otherwise null, and what is
    /// wrong.
    /// </summary>
    public AofManifest? Open(ServerLog log, out string? problem)
    {
        AofManifest? manifest = ReadManifest(out problem);
        if (manifest is { Increments: [.., var last] }
            && !Disk.Exists(PathOf(last.Name))
            && Disk.Exists(PathOf(TemporaryNameFor(last.Name))))
        {
            problem = MoveIn(last);
            if (problem is not null)
            {
                return null;
            }
        }
        string oldPath = Path.Combine(Paths.FolderOf(FolderPath), appendFileName);
        if (manifest is null || !IsOldLogWanted(manifest, oldPath))
        {
            return manifest;
        }
        manifest = AofManifest.OfSingleFile(appendFileName);
        problem = MoveIn(manifest, oldPath);
        if (problem is not null)
        {
            return null;
        }
        log.Write(
            LogLevel.Notice, $"Successfully migrated an old-style AOF file ({oldPath}) into the AOF directory ({FolderPath}).");
        return manifest;
    }

    /// <summary>
    /// Makes a manifest the one in force; null, or what failed. Then the old one is in force, unless the new one
    /// <paramref name="isInPlace"/>: in that case only the sync of the folder failed, and after a crash it may be either.
    /// </summary>
    public string? Write(AofManifest manifest, out bool isInPlace)
    {
        string temporaryPath = PathOf(AofManifest.TemporaryNameFor(appendFileName));
        int result = Disk.Create(temporaryPath, out IDiskFile? file);
        using (file)
        {
            if (result >= 0)
            {
                result = file!.Write(manifest.Format());
            }
            if (result >= 0)
            {
                result = file!.Sync();
            }
        }
        if (result >= 0)
        {
            result = Disk.Rename(temporaryPath, ManifestPath);
        }
        isInPlace = result >= 0;
        if (isInPlace)
        {
            result = Disk.SyncFolder(FolderPath);
        }
        else
        {
            Disk.Delete(temporaryPath);
        }
        return result < 0 ? $"writing the AOF manifest {ManifestPath} failed: {Errno.Text(-result)}" : null;
    }

    /// <summary>
    /// Gives an increment the name under which the manifest names it already; null, or what failed. A server that is stopped before does so
    /// at its next start.
    /// </summary>
    internal string? MoveIn(AofFile increment)
    {
        int result = Disk.Rename(PathOf(TemporaryNameFor(increment.Name)), PathOf(increment.Name));
        if (result >= 0)
        {
            result = Disk.SyncFolder(FolderPath);
        }
        return result < 0 ? $"renaming {TemporaryNameFor(increment.Name)} to {PathOf(increment.Name)} failed: {Errno.Text(-result)}" : null;
    }

    /// <summary>A file's size in bytes, or a negative errno value.</summary>
    public long SizeOf(AofFile file)
    {
        int result = Disk.Open(PathOf(file.Name), out IDiskFile? open);
        using (open)
        {
            return result < 0 ? result : open!.Length;
        }
    }

    private AofManifest? ReadManifest(out string? problem)
    {
        int result = Disk.Open(ManifestPath, out IDiskFile? file);
        using (file)
        {
            if (result == -Errno.ENOENT)
            {
                problem = FindOrphan("is missing");
                return problem is null ? new AofManifest() : null;
            }
            if (result < 0)
            {
                problem = $"the AOF manifest {ManifestPath} cannot be opened: {Errno.Text(-result)}";
                return null;
            }
            byte[] text = GC.AllocateUninitializedArray<byte>((int)Math.Min(file!.Length, ManifestSizeMax));
            int size = 0;
            for (int count = 1; count > 0 && size < text.Length; size += count)
            {
                count = file.Read(text.AsSpan(size));
                if (count < 0)
                {
                    problem = $"the AOF manifest {ManifestPath} cannot be read: {Errno.Text(-count)}";
                    return null;
                }
            }
            if (!AofManifest.TryParse(text.AsSpan(0, size), out AofManifest? manifest, out string? mistake))
            {
                problem = $"the AOF manifest {ManifestPath} is broken: {mistake}";
                return null;
            }
            problem = manifest.IsEmpty ? FindOrphan("names no file") : FindMisnamed(manifest);
            return problem is null ? manifest : null;
        }
    }

    /// <summary>
    /// Without files in a manifest there is no log; but an increment with something in it means that there was one. A base alone, or an
    /// empty increment, is what a first start leaves that was stopped before it wrote the manifest.
    /// </summary>
    private string? FindOrphan(string whatOfManifest)
    {
        foreach (string name in Disk.List(FolderPath))
        {
            bool isIncrement = name.StartsWith(appendFileName + ".", StringComparison.Ordinal)
                && name.EndsWith(".incr.aof", StringComparison.Ordinal);
            if (isIncrement && SizeOf(new AofFile(name, 1, AofFileKind.Increment)) > 0)
            {
                return $"the AOF manifest {ManifestPath} {whatOfManifest}, but {name} is there, with data: "
                    + "restore the manifest, or move the files of the log away to start without their data";
            }
        }
        return null;
    }

    /// <summary>Finds a file that is named as history but must not be deleted, or as a base but is empty.</summary>
    private string? FindMisnamed(AofManifest manifest)
    {
        if (manifest.History.FirstOrDefault(file => file.Name == AofManifest.NameFor(appendFileName)) is not null)
        {
            return $"the AOF manifest {ManifestPath} names itself as a file to be deleted";
        }
        return manifest.Base is { } file && file.Name.EndsWith(".rdb", StringComparison.Ordinal) && SizeOf(file) == 0
            ? $"the append log file {PathOf(file.Name)} is empty, which no RDB file is: restore it, or name another one in the manifest"
            : null;
    }

    /// <summary>Also when moving it in was begun before: the manifest is there already, the file not yet.</summary>
    private bool IsOldLogWanted(AofManifest manifest, string oldPath)
    {
        bool isHalfMoved = manifest is { Base: { } file, Increments.Count: 0 } && IsOldStyle(file) && !Disk.Exists(PathOf(file.Name));
        return (manifest.IsEmpty || isHalfMoved) && Disk.Exists(oldPath);
    }

    private string? MoveIn(AofManifest manifest, string oldPath)
    {
        int result = Disk.CreateFolder(FolderPath);
        if (result < 0)
        {
            return $"Can't open or create append-only dir {FolderPath}: {Errno.Text(-result)}";
        }
        if (Write(manifest, out _) is { } problem)
        {
            return problem;
        }
        result = Disk.Rename(oldPath, PathOf(appendFileName));
        if (result >= 0)
        {
            result = Disk.SyncFolder(FolderPath);
        }
        return result < 0
            ? $"Error trying to move the old AOF file {oldPath} into dir {FolderPath}: {Errno.Text(-result)}"
            : null;
    }
}
