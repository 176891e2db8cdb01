namespace Bixbite.Platform;

/// <summary>The file system of the machine by Linux' own calls.</summary>
public sealed class SystemDisk : IDisk
{
    private const int ReadableByAll = 420;

    internal SystemDisk()
    {
    }

    /// <summary>The file system of the machine, in the way that is right for it.</summary>
    public static IDisk Instance { get; } = Portability.IsOn ? new PortableDisk() : new SystemDisk();

    public int Create(string path, out IDiskFile? file) => Open(path, Files.O_WRONLY | Files.O_CREAT | Files.O_TRUNC, out file);

    /// <remarks>What somebody has put there is not written to, for it may be another's, or a link to something else.</remarks>
    public int CreatePrivate(string path, out IDiskFile? file)
    {
        _ = Files.unlink(path);
        return Open(path, Files.O_WRONLY | Files.O_CREAT | Files.O_EXCL, out file, Files.OwnerOnly);
    }

    public int CopyMode(string from, string to) => Files.CopyMode(from, to);

    public int Append(string path, out IDiskFile? file) => Open(path, Files.O_WRONLY | Files.O_CREAT | Files.O_APPEND, out file);

    public int Open(string path, out IDiskFile? file) => Open(path, Files.O_RDONLY, out file);

    public int Rename(string path, string newPath) => Files.rename(path, newPath);

    public int Delete(string path) => Files.unlink(path);

    public int CreateFolder(string path)
    {
        int result = Files.mkdir(path, 493);
        if (result != -Errno.EEXIST)
        {
            return result;
        }
        return Directory.Exists(path) ? 0 : -Errno.ENOTDIR;
    }

    public int SyncFolder(string path)
    {
        int descriptor = Files.open(path, Files.O_RDONLY);
        if (descriptor < 0)
        {
            return descriptor;
        }
        int result = Files.fsync(descriptor);
        Files.close(descriptor);
        return result;
    }

    public int Lock(string path, out IDisposable? hold, out int holderId)
    {
        hold = null;
        holderId = 0;
        int descriptor = Files.open(path, Files.O_RDWR | Files.O_CREAT);
        if (descriptor < 0)
        {
            return descriptor;
        }
        int result = Files.flock(descriptor, Files.LOCK_EX | Files.LOCK_NB);
        if (result == -Errno.EAGAIN)
        {
            holderId = FileLock.HolderOf(descriptor);
            Files.close(descriptor);
            return result;
        }
        hold = new FileLock(descriptor);
        return 0;
    }

    public bool Exists(string path) => File.Exists(path);

    public IReadOnlyList<string> List(string folder)
    {
        try
        {
            return [.. Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path))];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static int Open(string path, int flags, out IDiskFile? file, int mode = ReadableByAll)
    {
        int descriptor = Files.open(path, flags, mode);
        file = descriptor < 0 ? null : new SystemFile(descriptor);
        return Math.Min(descriptor, 0);
    }
}
