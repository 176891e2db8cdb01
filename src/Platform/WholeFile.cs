namespace Bixbite.Platform;

/// <summary>Small files that are read as a whole, and replaced so that at any time the old one or the new one is there.</summary>
public static class WholeFile
{
    private const int PartSize = 16 * 1024;

    /// <summary>All of a file, or a negative errno value.</summary>
    public static int Read(IDisk disk, string path, out byte[] content)
    {
        content = [];
        int result = disk.Open(path, out IDiskFile? file);
        if (file is null)
        {
            return result;
        }
        using (file)
        {
            var read = new MemoryStream();
            byte[] part = new byte[PartSize];
            while ((result = file.Read(part)) > 0)
            {
                read.Write(part, 0, result);
            }
            content = read.ToArray();
            return result;
        }
    }

    /// <summary>
    /// Puts a file in another's place, which is durable when this returns; a negative errno value, and the old one is there still. Its
    /// owner alone may use it. What killed processes left of their attempts is removed.
    /// </summary>
    /// <param name="disk">Has the file.</param>
    /// <param name="path">Where it is, or is to be.</param>
    /// <param name="content">All of it.</param>
    /// <param name="keepsMode">It gets the mode of the one before.</param>
    public static int Replace(IDisk disk, string path, ReadOnlySpan<byte> content, bool keepsMode = false)
    {
        TemporaryFiles.RemoveLeftovers(disk, path);
        string temporary = TemporaryFiles.PathFor(path);
        int result = Write(disk, temporary, content);
        if (result >= 0 && keepsMode)
        {
            result = disk.CopyMode(path, temporary);
        }
        if (result >= 0)
        {
            result = disk.Rename(temporary, path);
        }
        if (result < 0)
        {
            _ = disk.Delete(temporary);
            return result;
        }
        return disk.SyncFolder(Paths.FolderOf(path));
    }

    private static int Write(IDisk disk, string path, ReadOnlySpan<byte> content)
    {
        int result = disk.CreatePrivate(path, out IDiskFile? file);
        if (file is null)
        {
            return result;
        }
        using (file)
        {
            result = file.Write(content);
            return result < 0 ? result : file.Sync();
        }
    }
}
