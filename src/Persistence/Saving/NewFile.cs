using Bixbite.Platform;

namespace Bixbite.Persistence.Saving;

/// <summary>
/// A file that appears whole or not at all: it is written under a temporary name, synced, renamed, and the folder synced. Each step's
/// failure ends the work, and the temporary file is deleted.
/// </summary>
internal sealed class NewFile(IDisk disk, string path, string temporaryPath)
{
    /// <summary>While the file grows, so many bytes at a time are sent to the disk: the sync at its end is short then.</summary>
    private const long SyncEvery = 4 << 20;

    private const string Cancelled = "it was cancelled";

    private volatile bool _hasFailed;

    /// <summary>The file's final name.</summary>
    public string Path { get; } = path;

    /// <summary>The growing file is sent on its way to the disk in parts (rdb-save-incremental-fsync).</summary>
    public bool IsSyncedInParts { get; init; } = true;

    /// <summary>Something went wrong already.</summary>
    public bool HasFailed => _hasFailed;

    /// <summary>
    /// Writes what these blocks hold, unless it turns out at their end that the file is not wanted; null, or what failed and why.
    /// All blocks are taken in any case: who makes them must not wait for ever.
    /// </summary>
    public string? Write(IEnumerable<ReadOnlyMemory<byte>> blocks, Func<bool> isUnwanted)
    {
        string? problem = WriteTemporary(blocks, isUnwanted);
        if (problem is null && isUnwanted())
        {
            problem = Cancelled;
        }
        if (problem is null && disk.Rename(temporaryPath, Path) is < 0 and var renamed)
        {
            problem = Problem("rename", renamed);
        }
        if (problem is not null)
        {
            disk.Delete(temporaryPath);
            return problem;
        }
        int synced = disk.SyncFolder(Paths.FolderOf(Path));
        return synced < 0 ? Problem("fsync of the folder", synced) : null;
    }

    private string? WriteTemporary(IEnumerable<ReadOnlyMemory<byte>> blocks, Func<bool> isUnwanted)
    {
        int result = disk.Create(temporaryPath, out IDiskFile? file);
        using (file)
        {
            string? problem = Checked("open", result);
            long unsynced = 0;
            foreach (ReadOnlyMemory<byte> block in blocks)
            {
                if (problem is not null)
                {
                    continue;
                }
                problem = isUnwanted() ? Cancelled : Checked("write", file!.Write(block.Span));
                unsynced += block.Length;
                if (problem is null && IsSyncedInParts && unsynced >= SyncEvery)
                {
                    unsynced = 0;
                    file!.StartSync();
                }
            }
            problem ??= isUnwanted() ? Cancelled : null;
            return problem ?? Checked("fsync", file!.Sync());
        }
    }

    private string? Checked(string call, int result)
    {
        if (result >= 0)
        {
            return null;
        }
        _hasFailed = true;
        return Problem(call, result);
    }

    private string Problem(string call, int result) => $"{call} of {temporaryPath}: {Errno.Text(-result)}";
}
