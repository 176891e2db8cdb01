using System.Runtime.InteropServices;

namespace Bixbite.Platform;

/// <summary>The calls of <see cref="Files"/> with paths, by .NET where it has them and by the system where it has not.</summary>
internal static unsafe partial class PortableFiles
{
    private const uint MOVEFILE_REPLACE_EXISTING = 1;
    private const uint MOVEFILE_WRITE_THROUGH = 8;
    private const int F_FULLFSYNC = 51;
    private const int EnxioOfKernel = 6;

    // O_CLOEXEC; a folder is opened to be read, which is 0 everywhere.
    private static readonly int s_openFlags = OperatingSystem.IsMacOS() ? 0x100_0000 : 0x8_0000;

    internal static int Delete(string path)
    {
        try
        {
            if (!Path.Exists(path) && new FileInfo(path).LinkTarget is null)
            {
                return -Errno.ENOENT;
            }
            File.Delete(path);
            return 0;
        }
        catch (Exception failure) when (Errno.IsOfFiles(failure))
        {
            return -Errno.Of(failure);
        }
    }

    /// <remarks>Windows returns when the name is on the disk, since its folders cannot be synced.</remarks>
    internal static int Rename(string path, string newPath)
    {
        if (OperatingSystem.IsWindows())
        {
            return MoveFileExW(path, newPath, MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH) != 0
                ? 0
                : -Errno.OfHResult(Marshal.GetHRForLastWin32Error());
        }
        try
        {
            File.Move(path, newPath, overwrite: true);
            return 0;
        }
        catch (Exception failure) when (Errno.IsOfFiles(failure))
        {
            return -Errno.Of(failure);
        }
    }

    internal static int ChangeMode(string path, int mode)
    {
        if (!Path.Exists(path))
        {
            return -Errno.ENOENT;
        }
        if (OperatingSystem.IsWindows())
        {
            return 0;
        }
        try
        {
            File.SetUnixFileMode(path, (UnixFileMode)mode);
            return 0;
        }
        catch (Exception failure) when (Errno.IsOfFiles(failure))
        {
            return -Errno.Of(failure);
        }
    }

    internal static int SyncFolder(string path)
    {
        if (!Directory.Exists(path))
        {
            return File.Exists(path) ? -Errno.ENOTDIR : -Errno.ENOENT;
        }
        if (OperatingSystem.IsWindows())
        {
            return 0;
        }
        int descriptor = OpenFolder(path);
        if (descriptor < 0)
        {
            return descriptor;
        }
        int result = OperatingSystem.IsMacOS() ? Libc.Result(Control(descriptor, F_FULLFSYNC)) : Files.fsync(descriptor);
        Files.close(descriptor);
        return result;
    }

    /// <summary>A descriptor of a folder, or a negative errno. Not in Windows.</summary>
    internal static int OpenFolder(string path) => Libc.ResultOfStub(OpenToRead(path, s_openFlags));

    /// <summary>The whole of a file of at most so many bytes; EFBIG if it has more.</summary>
    internal static int ReadAll(string path, int sizeMax, out byte[] bytes)
    {
        bytes = [];
        if (Directory.Exists(path))
        {
            return -Errno.EISDIR;
        }
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            using MemoryStream all = new();
            byte[] part = new byte[16 * 1024];
            int count;
            while ((count = file.Read(part)) > 0 && all.Length + count <= sizeMax)
            {
                all.Write(part, 0, count);
            }
            bytes = count > 0 ? [] : all.ToArray();
            return count > 0 ? -Errno.EFBIG : 0;
        }
        catch (Exception failure) when (Errno.IsOfFiles(failure))
        {
            return -Errno.Of(failure);
        }
    }

    /// <summary>The state of what is at a path, as far as .NET tells.</summary>
    internal static int Status(string path, bool followsLinks, out FileStatus status)
    {
        status = default;
        try
        {
            FileSystemInfo info = Directory.Exists(path) ? new DirectoryInfo(path) : new FileInfo(path);
            if (followsLinks && info.ResolveLinkTarget(returnFinalTarget: true) is { } target)
            {
                info = target;
            }
            if (!info.Exists && info.LinkTarget is null)
            {
                return -Errno.ENOENT;
            }
            status = new FileStatus(info, IsSocket(info));
            return 0;
        }
        catch (Exception failure) when (Errno.IsOfFiles(failure))
        {
            return -Errno.Of(failure);
        }
    }

    /// <remarks>
    /// .NET has no word for sockets: in Windows they are links to nowhere, elsewhere they are what cannot be opened since there is no
    /// device. To read and write, so that opening a pipe does not wait for its other end.
    /// </remarks>
    private static bool IsSocket(FileSystemInfo info)
    {
        if (info is not FileInfo { Length: 0 } || info.LinkTarget is not null)
        {
            return false;
        }
        if (OperatingSystem.IsWindows())
        {
            return (info.Attributes & FileAttributes.ReparsePoint) != 0;
        }
        try
        {
            File.OpenHandle(info.FullName, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete).Dispose();
            return false;
        }
        catch (IOException failure)
        {
            return failure.HResult == EnxioOfKernel || Errno.Of(failure) == Errno.EOPNOTSUPP;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }

    [LibraryImport("kernel32", StringMarshalling = StringMarshalling.Utf16, SetLastError = true)]
    private static partial int MoveFileExW(string path, string newPath, uint flags);

    [LibraryImport(Libc.Name, EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int OpenToRead(string path, int flags);

    [LibraryImport(Libc.Name, EntryPoint = "fcntl")]
    private static partial int Control(int descriptor, int command);
}
