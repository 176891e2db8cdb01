namespace Bixbite.Platform;

/// <summary>A file of the machine's file system; it owns its descriptor.</summary>
internal sealed class SystemFile(int descriptor) : IDiskFile
{
    private int _descriptor = descriptor;

    public long Length
    {
        get
        {
            long position = Files.lseek(_descriptor, 0, Files.SEEK_CUR);
            long end = Files.lseek(_descriptor, 0, Files.SEEK_END);
            Files.lseek(_descriptor, position, Files.SEEK_SET);
            return end;
        }
    }

    public int Read(Span<byte> target)
    {
        while (true)
        {
            long count = Files.read(_descriptor, target);
            if (count != -Errno.EINTR)
            {
                return (int)count;
            }
        }
    }

    public int Read(long offset, Span<byte> target)
    {
        while (true)
        {
            long count = Files.pread(_descriptor, target, offset);
            if (count != -Errno.EINTR)
            {
                return (int)count;
            }
        }
    }

    public int Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            long count = Files.write(_descriptor, bytes);
            if (count >= 0)
            {
                bytes = bytes[(int)count..];
            }
            else if (count != -Errno.EINTR)
            {
                return (int)count;
            }
        }
        return 0;
    }

    public int Sync() => Files.fdatasync(_descriptor);

    public void StartSync() => Files.sync_file_range(_descriptor, 0, 0, Files.SYNC_FILE_RANGE_WRITE);

    public void Reserve(long length) => Files.fallocate(_descriptor, Files.FALLOC_FL_KEEP_SIZE, 0, length);

    public int Truncate(long length) => Files.ftruncate(_descriptor, length);

    public void Dispose()
    {
        if (_descriptor >= 0)
        {
            Files.close(_descriptor);
        }
        _descriptor = -1;
    }
}
