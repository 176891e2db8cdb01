namespace Bixbite.Crash.Disk;

/// <summary>What changes a disk, and so is a moment at which a machine may stop.</summary>
internal enum DiskAction
{
    Create,
    Append,
    Write,
    Truncate,
    Sync,
    Rename,
    Delete,
    CreateFolder,
    SyncFolder,
}

/// <summary>One operation, numbered from 1 in the order in which the disk took them.</summary>
internal readonly record struct DiskOperation(int Number, DiskAction Action, string Path, long Size)
{
    public bool IsSync => Action is DiskAction.Sync or DiskAction.SyncFolder;

    public override string ToString() => $"{Number} {Action} {Path}{(Size > 0 ? $" ({Size} bytes)" : "")}";
}
