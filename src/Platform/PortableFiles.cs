using System.Runtime.InteropServices;

namespace Bixbite.Platform;

/// <summary>The calls of <see cref="Files"/> with paths, by .NET where it has them and by the system where it has not.</summary>
internal static unsafe partial class PortableFiles
{
    private const uint MOVEFILE_REPLACE_EXISTING = 1;
    private const uint MOVEFILE_WRITE_THROUGH = 8;
    private const int F_FULLFSYNC = 51;

    // O_CLOEXEC; a folder is opened to be read, which is 0 everywhere.
    private static readonly int s_openFlags = OperatingSystem.IsMacOS() ? 0x100_0000 : 0x8_0000;

    internal static int Delete(string path)
    {
        bool isThere = false;
        int result = PortableCall.Result(() =>
        {
            isThere = Path.Exists(path) || new FileInfo(path).LinkTarget is not null;
            File.Delete(path);
        });
        return result == 0 && !isThere ? -Errno.ENOENT : result;
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
        return PortableCall.Result(() => File.Move(path, newPath, overwrite: true));
    }

    internal static int ChangeMode(string path, int mode)
    {
        if (!Path.Exists(path))
        {
            return -Errno.ENOENT;
        }
        return PortableCall.Result(() =>
        {
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, (UnixFileMode)mode);
            }
        });
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
        using MemoryStream all = new();
        int count = 0;
        int result = PortableCall.Result(() =>
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            byte[] part = new byte[16 * 1024];
            while ((count = file.Read(part)) > 0 && all.Length + count <= sizeMax)
            {
                all.Write(part, 0, count);
            }
        });
        if (result == 0 && count > 0)
        {
            result = -Errno.EFBIG;
        }
        bytes = result < 0 ? [] : all.ToArray();
        return result;
    }

    /// <summary>The state of what is at a path, as far as .NET tells.</summary>
    internal static int Status(string path, bool followsLinks, out FileStatus status)
    {
        FileStatus found = default;
        int result = PortableCall.Result(() => found = StatusOf(path, followsLinks));
        status = found;
        return result;
    }

    private static FileStatus StatusOf(string path, bool followsLinks)
    {
        FileSystemInfo info = Directory.Exists(path) ? new DirectoryInfo(path) : new FileInfo(path);
        if (followsLinks && info.ResolveLinkTarget(returnFinalTarget: true) is { } target)
        {
            info = target;
        }
        if (!info.Exists && info.LinkTarget is null)
        {
            throw new FileNotFoundException();
        }
        return new FileStatus(info, IsSocket(info));
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
            return Errno.Of(failure) is Errno.ENXIO or Errno.EOPNOTSUPP;
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
