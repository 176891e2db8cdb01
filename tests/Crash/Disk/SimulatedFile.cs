using Bixbite.Platform;

namespace Bixbite.Crash.Disk;

/// <summary>An open file of a <see cref="SimulatedDisk"/>; it stays usable when its name is gone.</summary>
internal sealed class SimulatedFile(SimulatedDisk disk, StoredFile file, string path) : IDiskFile
{
    private long _position;

    /// <summary>Each write goes to the end, wherever that is.</summary>
    public bool IsAppending { get; init; }

    public long Length => file.Length;

    public int Read(Span<byte> target)
    {
        int size = disk.Read(file, _position, target);
        _position += Math.Max(size, 0);
        return size;
    }

    public int Read(long offset, Span<byte> target) => disk.Read(file, offset, target);

    public int Write(ReadOnlySpan<byte> bytes)
    {
        long start = IsAppending ? file.Length : _position;
        int result = disk.Write(file, path, start, bytes);
        _position = result < 0 ? file.Length : start + bytes.Length;
        return result;
    }

    public int Sync() => disk.Sync(file, path);

    public void StartSync()
    {
    }

    public int Truncate(long length) => disk.Truncate(file, path, length);

    public void Dispose()
    {
    }
}
