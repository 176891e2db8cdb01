using Bixbite.Platform;

namespace Bixbite.Fuzz.Targets;

/// <summary>A file that is only read.</summary>
internal sealed class MemoryFile(byte[] content) : IDiskFile
{
    private int _position;

    public long Length => content.Length;

    public int Read(Span<byte> target)
    {
        int count = Math.Min(target.Length, content.Length - _position);
        content.AsSpan(_position, count).CopyTo(target);
        _position += count;
        return count;
    }

    public int Write(ReadOnlySpan<byte> bytes) => -Errno.EINVAL;

    public int Sync() => 0;

    public void StartSync()
    {
    }

    public int Truncate(long length) => -Errno.EINVAL;

    public void Dispose()
    {
    }
}
