using Bixbite.Platform;

namespace Bixbite.Persistence.Saving;

/// <summary>
/// A file that appears whole or not at all: it is written under a temporary name, synced, renamed, and the folder synced. Each step's
/// failure ends the work, and the temporary file is deleted.
/// </summary>
internal sealed class NewFile(IDisk disk, string path, string temporaryPath) : ISnapshotTarget
{
    /// <summary>While the file grows, so many bytes at a time are sent to the disk: the sync at its end is short then.</summary>
    private const long SyncEvery = 4 << 20;

    private IDiskFile? _file;
    private long _unsyncedSize;
    private bool _isRenamed;
    private volatile bool _hasFailed;
    private volatile bool _isInterrupted;

    /// <summary>The file's final name.</summary>
    public string Name { get; } = path;

    /// <summary>The growing file is sent on its way to the disk in parts (rdb-save-incremental-fsync).</summary>
    public bool IsSyncedInParts { get; init; } = true;

    public bool IsFile => true;

    public bool HasFailed => _hasFailed;

    public string? Open() => Checked("open", disk.Create(temporaryPath, out _file));

    public string? Write(ReadOnlySpan<byte> piece)
    {
        if (_isInterrupted)
        {
            return ISnapshotTarget.Cancelled;
        }
        if (Checked("write", _file!.Write(piece)) is { } problem)
        {
            return problem;
        }
        _unsyncedSize += piece.Length;
        if (IsSyncedInParts && _unsyncedSize >= SyncEvery)
        {
            _unsyncedSize = 0;
            _file.StartSync();
        }
        return null;
    }

    public string? Complete()
    {
        string? problem = _isInterrupted ? ISnapshotTarget.Cancelled : Checked("fsync", _file!.Sync());
        Close();
        problem ??= _isInterrupted ? ISnapshotTarget.Cancelled : Renamed();
        if (problem is not null)
        {
            return problem;
        }
        int synced = disk.SyncFolder(Paths.FolderOf(Name));
        return synced < 0 ? Problem("fsync of the folder", synced) : null;
    }

    public void Discard(string problem)
    {
        Close();
        if (!_isRenamed)
        {
            disk.Delete(temporaryPath);
        }
    }

    public void Interrupt() => _isInterrupted = true;

    public void Dispose() => Close();

    private void Close()
    {
        _file?.Dispose();
        _file = null;
    }

    private string? Renamed()
    {
        int result = disk.Rename(temporaryPath, Name);
        _isRenamed = result >= 0;
        return _isRenamed ? null : Problem("rename", result);
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
