using System.Globalization;
using Bixbite.Platform;

namespace Bixbite.Crash.Disk;

/// <summary>How a disk misbehaves, until it is told otherwise.</summary>
internal sealed class DiskFaults
{
    /// <summary><c>BIXBITE_SLOW_DISK</c>: every write and every sync takes up to so many milliseconds; 0 as usual.</summary>
    private static readonly int s_slownessMs =
        Environment.GetEnvironmentVariable("BIXBITE_SLOW_DISK") is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : 0;

    /// <summary>Bytes of all files together that find room; a write beyond them is cut short and fails with ENOSPC.</summary>
    public long CapacityBytes { get; set; } = long.MaxValue;

    /// <summary>While it is shut, a sync of a file takes longer and longer.</summary>
    public ManualResetEventSlim SyncGate { get; } = new(initialState: true);

    /// <summary>While it is shut, a write to a file takes longer and longer.</summary>
    public ManualResetEventSlim WriteGate { get; } = new(initialState: true);

    /// <summary>A sync takes at least so many milliseconds.</summary>
    public int SyncMs { get; set; }

    /// <summary>Syncs seem to succeed and do nothing.</summary>
    public bool IsLying { get; set; }

    /// <summary>The error number with which an operation fails, or 0.</summary>
    public Func<DiskOperation, int> ErrnoOf { get; set; } = _ => 0;

    public void MakeReadOnly() => ErrnoOf = _ => Errno.EROFS;

    /// <summary>Data written since the last good sync is lost, though reading still shows it.</summary>
    public void FailSyncs() => ErrnoOf = operation => operation.IsSync ? Errno.EIO : 0;

    /// <summary>Everything is well again.</summary>
    public void Heal()
    {
        CapacityBytes = long.MaxValue;
        SyncMs = 0;
        SyncGate.Set();
        WriteGate.Set();
        ErrnoOf = _ => 0;
    }

    /// <summary>Takes the time that a slow disk takes.</summary>
    public static void Rest()
    {
        if (s_slownessMs > 0)
        {
            Thread.Sleep(Random.Shared.Next(s_slownessMs + 1));
        }
    }
}
