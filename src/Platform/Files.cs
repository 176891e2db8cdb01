using System.Runtime.InteropServices;

namespace Bixbite.Platform;

/// <summary>Calls on descriptors and paths. Results are the kernel's, failures are negative errno values.</summary>
/// <remarks>
/// Calls with a path have a marshalling stub that frees memory afterwards; the stub keeps their errno. Those that only have a path are
/// there on every system, those on descriptors in Linux alone.
/// </remarks>
public static unsafe partial class Files
{
    public const int O_RDONLY = 0;
    public const int O_WRONLY = 1;
    public const int O_RDWR = 2;
    public const int O_CREAT = 64;
    public const int O_EXCL = 128;
    public const int O_TRUNC = 512;
    public const int O_APPEND = 1024;
    public const int LOCK_EX = 2;
    public const int LOCK_NB = 4;
    public const int SEEK_SET = 0;
    public const int SEEK_CUR = 1;
    public const int SEEK_END = 2;
    public const uint SYNC_FILE_RANGE_WRITE = 2;
    public const short POLLIN = 1;

    /// <summary>Space is allocated beyond the file's end, and the end stays where it is.</summary>
    public const int FALLOC_FL_KEEP_SIZE = 1;
    private const int O_CLOEXEC = 0x80000;
    private const int AT_FDCWD = -100;
    private const int AT_SYMLINK_NOFOLLOW = 0x100;
    private const int O_NONBLOCK = 0x800;

    /// <summary>musl has it from 1.2.5 on.</summary>
    private static readonly bool s_lacksStatx =
        !NativeLibrary.TryLoad(Libc.Name, typeof(Files).Assembly, searchPath: null, out nint library)
        || !NativeLibrary.TryGetExport(library, "statx", out _);

    public static int close(int descriptor) => Libc.Result(Close(descriptor));

    public static long read(int descriptor, Span<byte> destination)
    {
        fixed (byte* bytes = destination)
        {
            return Libc.Result((long)Read(descriptor, bytes, (nuint)destination.Length));
        }
    }

    /// <summary>Reads from an offset; where the descriptor stands does not change.</summary>
    public static long pread(int descriptor, Span<byte> destination, long offset)
    {
        fixed (byte* bytes = destination)
        {
            return Libc.Result((long)ReadAt(descriptor, bytes, (nuint)destination.Length, offset));
        }
    }

    public static long write(int descriptor, ReadOnlySpan<byte> source)
    {
        fixed (byte* bytes = source)
        {
            return Libc.Result((long)Write(descriptor, bytes, (nuint)source.Length));
        }
    }

    /// <summary>The mode of files that their owner alone may read and write.</summary>
    public const int OwnerOnly = 384;

    /// <summary>A descriptor that no child process inherits; created files may be read by all and written by their owner.</summary>
    public static int open(string path, int flags) => open(path, flags, 420);

    /// <summary>The same, with the mode of a created file.</summary>
    public static int open(string path, int flags, int mode) =>
        Libc.ResultOfStub(Open(path, flags | O_CLOEXEC, (uint)mode));

    /// <summary>Returns when everything written is on the disk; of a directory: when its names are.</summary>
    public static int fsync(int descriptor) => Libc.Result(Sync(descriptor));

    /// <summary>Returns when the file's content, and what is needed to find it, is on the disk.</summary>
    public static int fdatasync(int descriptor) => Libc.Result(SyncData(descriptor));

    /// <summary>Starts or awaits writing a part of a file to the disk; a length of 0 is up to its end.</summary>
    public static int sync_file_range(int descriptor, long offset, long length, uint flags) =>
        Libc.Result(SyncRange(descriptor, offset, length, flags));

    public static int fallocate(int descriptor, int mode, long offset, long length) =>
        Libc.Result(Allocate(descriptor, mode, offset, length));

    /// <summary>Takes a lock that the kernel gives back when the last descriptor of this opening is closed.</summary>
    public static int flock(int descriptor, int operation) => Libc.Result(LockFile(descriptor, operation));

    /// <summary>Waits until one of the events has come about for the descriptor: 1 then, 0 when the time is over before.</summary>
    public static int poll(int descriptor, short events, int timeoutMs)
    {
        ulong wanted = (uint)descriptor | ((ulong)(ushort)events << 32);
        return Libc.Result(Poll(&wanted, 1, timeoutMs));
    }

    public static int unlink(string path) => Portability.IsOn ? PortableFiles.Delete(path) : Libc.ResultOfStub(Unlink(path));

    public static int rename(string path, string newPath) => Libc.ResultOfStub(Rename(path, newPath));

    /// <param name="path">The new folder.</param>
    /// <param name="mode">Permission bits; octal 0755 is 493.</param>
    public static int mkdir(string path, int mode) => Libc.ResultOfStub(MakeFolder(path, (uint)mode));

    public static int ftruncate(int descriptor, long length) => Libc.Result(Truncate(descriptor, length));

    public static long lseek(int descriptor, long offset, int origin) => Libc.Result(Seek(descriptor, offset, origin));

    /// <summary>Gives a file the mode of another one, if there is such a one; 0, or a negative errno.</summary>
    public static int CopyMode(string from, string to)
    {
        if (OperatingSystem.IsWindows() || !File.Exists(from))
        {
            return 0;
        }
        try
        {
            File.SetUnixFileMode(to, File.GetUnixFileMode(from));
            return 0;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return -Errno.EACCES;
        }
    }

    /// <param name="path">An existing path.</param>
    /// <param name="mode">Permission bits; octal 0700 is 448.</param>
    public static int chmod(string path, int mode) =>
        Portability.IsOn ? PortableFiles.ChangeMode(path, mode) : Libc.ResultOfStub(Chmod(path, (uint)mode));

    /// <summary>Gives a path to a group; a symbolic link itself, not what it names.</summary>
    public static int lchown(string path, uint groupId) =>
        OperatingSystem.IsWindows() ? -Errno.EOPNOTSUPP : Libc.ResultOfStub(ChangeOwner(path, uint.MaxValue, groupId));

    /// <summary>The state of what is at a path; of a symbolic link that of the link, or of the file that it leads to.</summary>
    public static int statx(string path, out FileStatus status, bool followsLinks = false)
    {
        if (Portability.IsOn || s_lacksStatx)
        {
            return PortableFiles.Status(path, followsLinks, out status);
        }
        status = default;
        int flags = followsLinks ? 0 : AT_SYMLINK_NOFOLLOW;
        fixed (FileStatus* raw = &status)
        {
            return Libc.ResultOfStub(Status(AT_FDCWD, path, flags, FileStatus.Wanted, raw));
        }
    }

    /// <summary>The whole of a file of at most so many bytes; EFBIG if it has more.</summary>
    /// <remarks>Opening a pipe does not wait for who writes to it.</remarks>
    public static int ReadAll(string path, int sizeMax, out byte[] bytes)
    {
        if (Portability.IsOn)
        {
            return PortableFiles.ReadAll(path, sizeMax, out bytes);
        }
        bytes = [];
        int descriptor = open(path, O_RDONLY | O_NONBLOCK);
        if (descriptor < 0)
        {
            return descriptor;
        }
        using MemoryStream all = new();
        byte[] part = new byte[16 * 1024];
        long count;
        while ((count = read(descriptor, part)) > 0 && all.Length + count <= sizeMax)
        {
            all.Write(part, 0, (int)count);
        }
        _ = close(descriptor);
        bytes = count != 0 ? [] : all.ToArray();
        return count > 0 ? -Errno.EFBIG : (int)count;
    }

    [LibraryImport(Libc.Name, EntryPoint = "close")]
    private static partial int Close(int descriptor);

    [LibraryImport(Libc.Name, EntryPoint = "read")]
    private static partial nint Read(int descriptor, byte* bytes, nuint size);

    [LibraryImport(Libc.Name, EntryPoint = "pread")]
    private static partial nint ReadAt(int descriptor, byte* bytes, nuint size, long offset);

    [LibraryImport(Libc.Name, EntryPoint = "write")]
    private static partial nint Write(int descriptor, byte* bytes, nuint size);

    [LibraryImport(Libc.Name, EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags, uint mode);

    [LibraryImport(Libc.Name, EntryPoint = "fsync")]
    private static partial int Sync(int descriptor);

    [LibraryImport(Libc.Name, EntryPoint = "fdatasync")]
    private static partial int SyncData(int descriptor);

    [LibraryImport(Libc.Name, EntryPoint = "sync_file_range")]
    private static partial int SyncRange(int descriptor, long offset, long length, uint flags);

    [LibraryImport(Libc.Name, EntryPoint = "fallocate")]
    private static partial int Allocate(int descriptor, int mode, long offset, long length);

    [LibraryImport(Libc.Name, EntryPoint = "flock")]
    private static partial int LockFile(int descriptor, int operation);

    [LibraryImport(Libc.Name, EntryPoint = "poll")]
    private static partial int Poll(ulong* wanted, nuint count, int timeoutMs);

    [LibraryImport(Libc.Name, EntryPoint = "unlink", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Unlink(string path);

    [LibraryImport(Libc.Name, EntryPoint = "lchown", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int ChangeOwner(string path, uint userId, uint groupId);

    [LibraryImport(Libc.Name, EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Status(int folder, string path, int flags, uint wanted, FileStatus* status);

    [LibraryImport(Libc.Name, EntryPoint = "chmod", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Chmod(string path, uint mode);

    [LibraryImport(Libc.Name, EntryPoint = "rename", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Rename(string path, string newPath);

    [LibraryImport(Libc.Name, EntryPoint = "mkdir", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int MakeFolder(string path, uint mode);

    [LibraryImport(Libc.Name, EntryPoint = "ftruncate")]
    private static partial int Truncate(int descriptor, long length);

    [LibraryImport(Libc.Name, EntryPoint = "lseek")]
    private static partial long Seek(int descriptor, long offset, int origin);
}
