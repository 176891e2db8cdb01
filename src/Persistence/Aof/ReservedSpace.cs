using Bixbite.Platform;

namespace Bixbite.Persistence.Aof;

/// <summary>
/// Space on the disk behind the end of the file that is synced again and again: an fsync need not find any then, which takes a quarter of
/// its time. The file's length stays what it is.
/// </summary>
internal sealed class ReservedSpace
{
    private const long AheadSize = 16 << 20;

    private IDiskFile? _file;
    private long _size;

    /// <summary>The file has this size: sees to it that there is space behind it.</summary>
    public void Keep(IDiskFile file, long size)
    {
        if (file != _file)
        {
            _file = file;
            _size = 0;
        }
        if (size + (AheadSize / 2) > _size)
        {
            _size = size + AheadSize;
            file.Reserve(_size);
        }
    }

    /// <summary>The file grows no more: gives back what it did not need.</summary>
    public void GiveBack(IDiskFile file)
    {
        if (file == _file)
        {
            file.Truncate(file.Length);
            _file = null;
        }
    }
}
