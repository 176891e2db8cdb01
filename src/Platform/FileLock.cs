using System.Globalization;

namespace Bixbite.Platform;

/// <summary>
/// A lock on an open file. The kernel knows who holds it and gives it back when the process is gone, however it ended: a file that is left
/// behind says nothing, and no later start has to clean up.
/// </summary>
internal sealed class FileLock(int descriptor) : IDisposable
{
    private int _descriptor = descriptor;

    /// <summary>The process that holds the lock of another opening, as far as the kernel tells; 0 if it does not.</summary>
    public static int HolderOf(int descriptor)
    {
        try
        {
            string? inode = File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fdinfo/{descriptor}"))
                .FirstOrDefault(line => line.StartsWith("ino:", StringComparison.Ordinal))?[4..].Trim();
            foreach (string line in File.ReadLines("/proc/locks"))
            {
                // 1: FLOCK  ADVISORY  WRITE 1234 08:01:567890 0 EOF
                string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (inode is not null && words is [_, "FLOCK", _, _, var holder, var file, ..]
                    && file.EndsWith(":" + inode, StringComparison.Ordinal)
                    && int.TryParse(holder, NumberStyles.None, CultureInfo.InvariantCulture, out int id))
                {
                    return id;
                }
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Who it is would be good to know, no more.
        }
        return 0;
    }

    public void Dispose()
    {
        if (_descriptor >= 0)
        {
            Files.close(_descriptor);
        }
        _descriptor = -1;
    }
}
