namespace Bixbite.Platform;

/// <summary>The file system of the machine by what .NET offers, on any system.</summary>
/// <remarks>
/// Files are opened for sharing, deleting included: where the system would keep others from a file that is open, they are let in as Linux
/// lets them in. The lock is the one file that is not shared.
/// </remarks>
internal sealed class PortableDisk : IDisk
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode ReadableByAll = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Folder = ReadableByAll | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    public int Create(string path, out IDiskFile? file) => Open(path, FileMode.Create, FileAccess.Write, out file);

    public int CreatePrivate(string path, out IDiskFile? file)
    {
        _ = Delete(path);
        return Open(path, FileMode.CreateNew, FileAccess.Write, out file, OwnerOnly);
    }

    public int CopyMode(string from, string to) => Files.CopyMode(from, to);

    public int Append(string path, out IDiskFile? file) =>
        Open(path, FileMode.OpenOrCreate, FileAccess.Write, out file, isAppending: true);

    public int Open(string path, out IDiskFile? file) => Open(path, FileMode.Open, FileAccess.Read, out file);

    public int Rename(string path, string newPath) => PortableFiles.Rename(path, newPath);

    public int Delete(string path) => PortableFiles.Delete(path);

    public int CreateFolder(string path)
    {
        string? parent = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(path));
        if (parent is { Length: > 0 } && !Directory.Exists(parent))
        {
            return -Errno.ENOENT;
        }
        if (File.Exists(path))
        {
            return -Errno.ENOTDIR;
        }
        return PortableCall.Result(() =>
        {
            _ = OperatingSystem.IsWindows() ? Directory.CreateDirectory(path) : Directory.CreateDirectory(path, Folder);
        });
    }

    public int SyncFolder(string path) => PortableFiles.SyncFolder(path);

    public int Lock(string path, out IDisposable? hold, out int holderId)
    {
        holderId = 0;
        FileStreamOptions options = Options(FileMode.OpenOrCreate, FileAccess.ReadWrite, ReadableByAll);
        options.Share = FileShare.None;
        int result = PortableCall.Result(() => new FileStream(path, options), out FileStream? stream);
        hold = stream;
        return result;
    }

    public bool Exists(string path) => File.Exists(path);

    public IReadOnlyList<string> List(string folder)
    {
        _ = PortableCall.Result(() => Directory.GetFiles(folder), out string[]? paths);
        return [.. (paths ?? []).Select(path => Path.GetFileName(path))];
    }

    private static int Open(
        string path, FileMode mode, FileAccess access, out IDiskFile? file, UnixFileMode permissions = ReadableByAll,
        bool isAppending = false)
    {
        int result = PortableCall.Result(() => new FileStream(path, Options(mode, access, permissions)), out FileStream? stream);
        file = stream is null ? null : new PortableFile(stream, isAppending);
        return result;
    }

    private static FileStreamOptions Options(FileMode mode, FileAccess access, UnixFileMode permissions)
    {
        FileStreamOptions options = new()
        {
            Mode = mode,
            Access = access,
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows() && mode != FileMode.Open)
        {
            options.UnixCreateMode = permissions;
        }
        return options;
    }
}
