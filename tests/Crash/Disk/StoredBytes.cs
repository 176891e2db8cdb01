namespace Bixbite.Crash.Disk;

/// <summary>
/// Bytes that are changed where they lie and grow at the end; those that no write has reached are zero. They lie in small pages, which
/// copies share until one of them writes, since arrays of a whole file's size would stay on the large object heap for long.
/// </summary>
internal sealed class StoredBytes
{
    private const int PageSize = 32 << 10;

    private readonly List<Page> _pages = [];

    public StoredBytes(ReadOnlySpan<byte> content) => Write(0, content);

    public long Length { get; private set; }

    /// <summary>The same bytes, which change independently from now on.</summary>
    public StoredBytes Copy()
    {
        StoredBytes copy = new([]) { Length = Length };
        for (int i = 0; i < _pages.Count; i++)
        {
            _pages[i] = _pages[i] with { IsShared = true };
        }
        copy._pages.AddRange(_pages);
        return copy;
    }

    public byte[] ToArray()
    {
        byte[] bytes = new byte[Length];
        Read(0, bytes);
        return bytes;
    }

    /// <summary>Reads what is there from an offset on; returns how much that is.</summary>
    public int Read(long offset, Span<byte> target)
    {
        int size = (int)Math.Clamp(Length - offset, 0, target.Length);
        for (int done = 0; done < size;)
        {
            (int page, int at) = PlaceOf(offset + done);
            int count = Math.Min(size - done, PageSize - at);
            _pages[page].Bytes.AsSpan(at, count).CopyTo(target[done..]);
            done += count;
        }

        return size;
    }

    public void Write(long offset, ReadOnlySpan<byte> written)
    {
        if (offset + written.Length > Length)
        {
            Resize(offset + written.Length);
        }
        while (!written.IsEmpty)
        {
            (int page, int at) = PlaceOf(offset);
            int count = Math.Min(written.Length, PageSize - at);
            written[..count].CopyTo(PageToWrite(page).AsSpan(at));
            written = written[count..];
            offset += count;
        }
    }

    /// <summary>Writes the first bytes of another.</summary>
    public void Write(long offset, StoredBytes source, long size)
    {
        for (int i = 0; i * (long)PageSize < size; i++)
        {
            long at = i * (long)PageSize;
            Write(offset + at, source._pages[i].Bytes.AsSpan(0, (int)Math.Min(size - at, PageSize)));
        }
    }

    public void Resize(long length)
    {
        int count = (int)((length + PageSize - 1) / PageSize);
        if (count < _pages.Count)
        {
            _pages.RemoveRange(count, _pages.Count - count);
        }
        if (length < Length && length % PageSize != 0)
        {
            PageToWrite(count - 1).AsSpan((int)(length % PageSize)).Clear();
        }
        while (_pages.Count < count)
        {
            _pages.Add(new Page(new byte[PageSize], IsShared: false));
        }
        Length = length;
    }

    private static (int Page, int At) PlaceOf(long offset) => ((int)(offset / PageSize), (int)(offset % PageSize));

    private byte[] PageToWrite(int index)
    {
        if (_pages[index].IsShared)
        {
            _pages[index] = new Page([.. _pages[index].Bytes], IsShared: false);
        }
        return _pages[index].Bytes;
    }

    private readonly record struct Page(byte[] Bytes, bool IsShared);
}
