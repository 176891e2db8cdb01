using System.Globalization;
using System.Runtime.InteropServices;

namespace Bixbite.Platform;

/// <summary>The state of a file: the part of Linux' <c>struct statx</c>, the same on all its machines, that is asked for here.</summary>
[StructLayout(LayoutKind.Explicit, Size = Size)]
public readonly struct FileStatus
{
    public const int Size = 256;

    /// <summary>STATX_TYPE, STATX_MODE, STATX_GID, STATX_MTIME, STATX_CTIME, STATX_INO, STATX_SIZE.</summary>
    internal const uint Wanted = 0x3D3;

    private const int KindMask = 0xF000;
    private const int SocketKind = 0xC000;
    private const int PermissionMask = 0x1FF;

    /// <summary>
    /// The state as .NET tells it. There are no numbers of files: the time at which one was made stands for its. Windows has no permission
    /// bits either; they are those that permit most.
    /// </summary>
    internal FileStatus(FileSystemInfo info, bool isSocket)
    {
        int permissions = OperatingSystem.IsWindows() || !info.Exists ? PermissionMask : (int)info.UnixFileMode & PermissionMask;
        _mode = (ushort)(permissions | (isSocket ? SocketKind : 0));
        _inode = (ulong)info.CreationTimeUtc.Ticks;
        _size = info is FileInfo { Exists: true } file ? file.Length : 0;
        _modifiedSeconds = Math.DivRem(info.LastWriteTimeUtc.Ticks, TimeSpan.TicksPerSecond, out long rest);
        _modifiedNs = (uint)(rest * TimeSpan.NanosecondsPerTick);
    }

    [FieldOffset(24)]
    private readonly uint _groupId;

    [FieldOffset(28)]
    private readonly ushort _mode;

    [FieldOffset(32)]
    private readonly ulong _inode;

    [FieldOffset(40)]
    private readonly long _size;

    [FieldOffset(96)]
    private readonly long _changedSeconds;

    [FieldOffset(104)]
    private readonly uint _changedNs;

    [FieldOffset(112)]
    private readonly long _modifiedSeconds;

    [FieldOffset(120)]
    private readonly uint _modifiedNs;

    [FieldOffset(136)]
    private readonly uint _deviceMajor;

    [FieldOffset(140)]
    private readonly uint _deviceMinor;

    /// <summary>It is a Unix socket.</summary>
    public bool IsSocket => (_mode & KindMask) == SocketKind;

    /// <summary>The permission bits of owner, group and others.</summary>
    public int Permissions => _mode & PermissionMask;

    /// <summary>The group that it belongs to.</summary>
    public uint GroupId => _groupId;

    /// <summary>
    /// Tells whether a file may have changed: two states of one path that have the same text are of the same bytes, unless somebody has
    /// written within one tick of the kernel's clock before and after the first.
    /// </summary>
    public string Stamp => string.Create(
        CultureInfo.InvariantCulture,
        $"{_deviceMajor}:{_deviceMinor}:{_inode} {_size} {_modifiedSeconds}.{_modifiedNs} {_changedSeconds}.{_changedNs}");

    /// <summary>Both are states of one file, whatever it was called at the time.</summary>
    public bool IsSameFile(in FileStatus other) =>
        _inode == other._inode && _deviceMajor == other._deviceMajor && _deviceMinor == other._deviceMinor;
}
