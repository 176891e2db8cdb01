namespace Bixbite.Platform;

/// <summary>A file as .NET has it, which it owns.</summary>
/// <param name="stream">Without a buffer; only its handle is used.</param>
/// <param name="isAppending">Writes go to wherever the file's end is.</param>
internal sealed class PortableFile(FileStream stream, bool isAppending) : IDiskFile
{
    private long _position;

    public long Length
    {
        get
        {
            long length = 0;
            int result = PortableCall.Result(() => length = RandomAccess.GetLength(stream.SafeFileHandle));
            return result < 0 ? result : length;
        }
    }

    public int Read(Span<byte> target)
    {
        int count = Read(_position, target);
        _position += Math.Max(count, 0);
        return count;
    }

    public int Read(long offset, Span<byte> target)
    {
        try
        {
            return RandomAccess.Read(stream.SafeFileHandle, target, offset);
        }
        catch (Exception failure) when (Errno.IsOfFiles(failure))
        {
            return -Errno.Of(failure);
        }
    }

    public int Write(ReadOnlySpan<byte> bytes)
    {
        try
        {
            long offset = isAppending ? RandomAccess.GetLength(stream.SafeFileHandle) : _position;
            RandomAccess.Write(stream.SafeFileHandle, bytes, offset);
            _position = offset + bytes.Length;
            return 0;
        }
        catch (Exception failure) when (Errno.IsOfFiles(failure))
        {
            return -Errno.Of(failure);
        }
    }

    public int Sync() => PortableCall.Result(() => RandomAccess.FlushToDisk(stream.SafeFileHandle));

    public void StartSync()
    {
    }

    public int Truncate(long length) => PortableCall.Result(() => RandomAccess.SetLength(stream.SafeFileHandle, length));

    public void Dispose() => stream.Dispose();
}
