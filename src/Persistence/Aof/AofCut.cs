using System.Globalization;
using Bixbite.Platform;

namespace Bixbite.Persistence.Aof;

/// <summary>
/// Cuts the end of a file off without losing it: the bytes are copied to a file beside it, <c>NAME.cut-OFFSET</c>, and are durable there
/// before the file itself is shortened.
/// </summary>
public static class AofCut
{
    private const int BlockSize = 1 << 20;

    /// <summary>The file that gets what is cut off.</summary>
    public static string SidePathOf(string path, long offset) => string.Create(CultureInfo.InvariantCulture, $"{path}.cut-{offset}");

    /// <summary>Cuts the file at the offset; null, or what failed: the file is as it was then.</summary>
    public static string? Cut(IDisk disk, string path, long offset)
    {
        string sidePath = SidePathOf(path, offset);
        string? problem = Copy(disk, path, offset, sidePath);
        if (problem is not null)
        {
            return problem;
        }
        int result = disk.SyncFolder(Paths.FolderOf(sidePath));
        if (result < 0)
        {
            return Problem("fsync of the folder of", sidePath, result);
        }
        result = disk.Append(path, out IDiskFile? file);
        using (file)
        {
            if (result >= 0)
            {
                result = file!.Truncate(offset);
            }
            if (result >= 0)
            {
                result = file!.Sync();
            }
        }
        return result < 0 ? Problem("truncation of", path, result) : null;
    }

    private static string? Copy(IDisk disk, string path, long offset, string sidePath)
    {
        int result = disk.Open(path, out IDiskFile? source);
        using (source)
        {
            if (result < 0)
            {
                return Problem("opening", path, result);
            }
            result = disk.Create(sidePath, out IDiskFile? side);
            using (side)
            {
                return result < 0 ? Problem("creation of", sidePath, result) : Copy(source!, path, offset, side!, sidePath);
            }
        }
    }

    private static string? Copy(IDiskFile source, string path, long offset, IDiskFile side, string sidePath)
    {
        byte[] block = GC.AllocateUninitializedArray<byte>(BlockSize);
        long position = 0;
        while (true)
        {
            int wanted = position < offset ? (int)Math.Min(BlockSize, offset - position) : BlockSize;
            int count = source.Read(block.AsSpan(0, wanted));
            if (count < 0)
            {
                return Problem("reading", path, count);
            }
            if (count == 0)
            {
                break;
            }
            int written = position < offset ? 0 : side.Write(block.AsSpan(0, count));
            if (written < 0)
            {
                return Problem("writing", sidePath, written);
            }
            position += count;
        }
        int synced = side.Sync();
        return synced < 0 ? Problem("fsync of", sidePath, synced) : null;
    }

    private static string Problem(string what, string path, int result) => $"{what} {path} failed: {Errno.Text(-result)}";
}
