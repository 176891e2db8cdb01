using Bixbite.Logging;
using Bixbite.Platform;

namespace Bixbite.Persistence.Aof;

/// <summary>
/// The files of the log in force, and how their set changes. The manifest is the commit point: a new file means nothing before it names the
/// file, and an old one is deleted only when it no longer does. Whoever calls is alone in it; all methods wait for the disk.
/// <code>
///   rewrite:   base 1, incr 1                      in force
///              base 1, incr 1, incr 2              incr 2 is created, then named; the log goes on there
///              base 2 ............ incr 2          base 2 is written, then named; base 1 and incr 1 are history
///              base 2, incr 2                      the history is deleted, then forgotten
/// </code>
/// </summary>
internal sealed class AofFiles(AofDirectory folder, AofSettings settings, ServerLog log) : IDisposable
{
    private bool _isKnown;

    /// <summary>The manifest in place would survive a crash. Otherwise no file may be deleted: the one before may come back.</summary>
    private bool _isCertain = true;

    /// <summary>The manifest in place.</summary>
    public AofManifest Manifest { get; private set; } = new();

    /// <summary>Puts the loaded manifest in force.</summary>
    public void Take(AofManifest manifest)
    {
        Manifest = manifest;
        _isKnown = true;
    }

    /// <summary>Makes the folder if there is none and takes it; null, or what failed. It does not wait for the disk.</summary>
    public string? TakeFolder() => folder.Take();

    /// <summary>Lets go of the folder.</summary>
    public void Dispose() => folder.Dispose();

    /// <summary>Makes the folder if there is none, takes it, and knows what lies in it; null, or what failed.</summary>
    public string? Open()
    {
        string? failure = TakeFolder() ?? ProblemOf(folder.Disk.SyncFolder(Paths.FolderOf(folder.FolderPath)));
        if (failure is not null)
        {
            return failure;
        }
        if (_isKnown)
        {
            return null;
        }
        if (folder.Open(log, out string? problem) is { } manifest)
        {
            Take(manifest);
        }
        return problem;
    }

    /// <summary>The last increment, for writing at its end; a new one if there is none.</summary>
    public OpenIncrement OpenLast()
    {
        if (Manifest.Increments.Count == 0)
        {
            return AddIncrement(isNamed: true);
        }
        AofFile file = Manifest.Increments[^1];
        string path = folder.PathOf(file.Name);
        int result = folder.Disk.Append(path, out IDiskFile? open);
        return result < 0 ? Failed("open", path, result) : new OpenIncrement(open, path, open!.Length, null);
    }

    /// <summary>
    /// A new, empty increment. The manifest names it at once, or not before <see cref="Commit"/>: while the log is being switched on, there
    /// may be an old one that must not be continued. Until then it has a name that says that it does not count.
    /// </summary>
    public OpenIncrement AddIncrement(bool isNamed)
    {
        AofManifest next = Manifest.Copy();
        string name = next.AddIncrement(settings.FileName.Value).Name;
        string path = folder.PathOf(isNamed ? name : AofDirectory.TemporaryNameFor(name));
        int result = folder.Disk.Create(path, out IDiskFile? created);
        created?.Dispose();
        if (result < 0)
        {
            return Failed("create", path, result);
        }
        if (isNamed && Put(next) is { } problem)
        {
            return new OpenIncrement(null, path, 0, problem);
        }
        result = folder.Disk.Append(path, out IDiskFile? open);
        return result < 0 ? Failed("open", path, result) : new OpenIncrement(open, path, 0, null);
    }

    /// <summary>An increment that was never named is not wanted.</summary>
    public void Delete(string path) => folder.Disk.Delete(path);

    /// <summary>The path that the next base will have.</summary>
    public string NextBasePath(bool isRdb) => folder.PathOf(Manifest.Copy().AddBase(settings.FileName.Value, isRdb).Name);

    /// <summary>Where the next base is written before it has its name.</summary>
    public string TemporaryPath => folder.PathOf("temp-rewriteaof.aof");

    /// <summary>
    /// The next base, which is written and durable, is in force from here on, and only <paramref name="kept"/> of the increments; null, or
    /// what failed, and the files before are in force.
    /// </summary>
    public string? Commit(bool isRdb, KeptIncrement kept)
    {
        AofManifest next = Manifest.Copy();
        string path = folder.PathOf(next.AddBase(settings.FileName.Value, isRdb).Name);
        AofFile? named = kept == KeptIncrement.Unnamed ? next.AddIncrement(settings.FileName.Value) : null;
        next.RetireIncrements(keepsLast: kept != KeptIncrement.None);
        if (Put(next) is { } problem)
        {
            if (!ReferenceEquals(Manifest, next))
            {
                folder.Disk.Delete(path);
            }
            return problem;
        }
        if (named is not null && folder.MoveIn(named) is { } unmoved)
        {
            return unmoved;
        }
        DeleteHistory();
        return null;
    }

    /// <summary>Deletes files that were replaced; what cannot be deleted now is tried again next time.</summary>
    public void DeleteHistory()
    {
        if (Manifest.History.Count == 0 || settings.Rewrite.KeepsHistory.Value)
        {
            return;
        }
        if (!_isCertain && folder.Disk.SyncFolder(folder.FolderPath) < 0)
        {
            return;
        }
        _isCertain = true;
        bool isGone = true;
        foreach (AofFile file in Manifest.History)
        {
            int result = folder.Disk.Delete(folder.PathOf(file.Name));
            isGone &= result >= 0 || result == -Errno.ENOENT;
        }
        if (isGone)
        {
            AofManifest next = Manifest.Copy();
            next.ForgetHistory();
            Put(next);
        }
    }

    /// <summary>Where the last increment is; empty without one.</summary>
    public string LastIncrementPath => Manifest.Increments.Count == 0 ? "" : folder.PathOf(Manifest.Increments[^1].Name);

    /// <summary>Bytes of all files but the last increment.</summary>
    public long SizeBeforeLast()
    {
        long size = Manifest.Base is { } first ? Math.Max(folder.SizeOf(first), 0) : 0;
        foreach (AofFile file in Manifest.Increments.SkipLast(1))
        {
            size += Math.Max(folder.SizeOf(file), 0);
        }
        return size;
    }

    private string? Put(AofManifest next)
    {
        string? problem = folder.Write(next, out bool isInPlace);
        if (isInPlace)
        {
            Manifest = next;
        }
        _isCertain = problem is null;
        return problem;
    }

    private string? ProblemOf(int result) =>
        result < 0 ? $"Can't open or create append-only dir {folder.FolderPath}: {Errno.Text(-result)}" : null;

    private static OpenIncrement Failed(string call, string path, int result) =>
        new(null, path, 0, $"{call} of the AOF file {path}: {Errno.Text(-result)}");
}

/// <summary>Which increment goes on when a new base takes the place of the old files.</summary>
internal enum KeptIncrement
{
    /// <summary>None: the log is not being written.</summary>
    None,

    /// <summary>The last one that the manifest names.</summary>
    Last,

    /// <summary>One that it does not name yet.</summary>
    Unnamed,
}

/// <summary>An increment that is open for writing at its end, or why there is none.</summary>
internal sealed record OpenIncrement(IDiskFile? File, string Path, long Size, string? Problem);
