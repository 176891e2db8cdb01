using System.Runtime.InteropServices;

namespace Bixbite.Platform;

/// <summary>The state of a file: the part of the kernel's <c>struct statx</c>, the same on all machines, that is asked for here.</summary>
[StructLayout(LayoutKind.Explicit, Size = Size)]
public readonly struct FileStatus
{
    public const int Size = 256;

    /// <summary>STATX_TYPE, STATX_MODE, STATX_GID, STATX_INO.</summary>
    internal const uint Wanted = 0x113;

    private const int KindMask = 0xF000;
    private const int SocketKind = 0xC000;
    private const int PermissionMask = 0x1FF;

    [FieldOffset(24)]
    private readonly uint _groupId;

    [FieldOffset(28)]
    private readonly ushort _mode;

    [FieldOffset(32)]
    private readonly ulong _inode;

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

    /// <summary>Both are states of one file, whatever it was called at the time.</summary>
    public bool IsSameFile(in FileStatus other) =>
        _inode == other._inode && _deviceMajor == other._deviceMajor && _deviceMinor == other._deviceMinor;
}
