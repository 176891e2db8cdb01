using Bixbite.Persistence.Rdb.Reading;
using Bixbite.Platform;
using Bixbite.Structures.Checks;

namespace Bixbite.Persistence.Loading;

/// <summary>
/// An RDB file for a reader: a window that moves over it, and the checksum of what the window has passed. The file is read from where it
/// stands.
/// <code>
///   file   |  passed: in the checksum  | unread | room for the next read |
///                                       ^-- the window: 1 MiB, more only for a longer string
/// </code>
/// </summary>
internal sealed class RdbFileSource(IDiskFile file) : IRdbSource
{
    private const int WindowSize = 1 << 20;

    private readonly long _length = file.Length;
    private byte[] _window = GC.AllocateUninitializedArray<byte>(WindowSize);
    private int _count;

    /// <summary>Bytes of the file.</summary>
    public long Length => _length;

    /// <summary>Bytes that were given so far.</summary>
    public long ReadCount { get; private set; }

    /// <summary>The CRC-64 of those that the window has passed.</summary>
    public ulong Checksum { get; private set; }

    /// <summary>No checksum is wanted (rdbchecksum no, or the file has none).</summary>
    public bool IsUnchecked { get; set; }

    /// <summary>A negative errno value if reading failed.</summary>
    public int Error { get; private set; }

    public ReadOnlySpan<byte> Read(int unreadCount, int neededCount)
    {
        Pass(unreadCount);
        if (neededCount > _count && neededCount - _count > _length - ReadCount)
        {
            neededCount = _count + (int)Math.Max(_length - ReadCount, 0);
        }
        if (neededCount > _window.Length)
        {
            byte[] larger = GC.AllocateUninitializedArray<byte>(neededCount);
            _window.AsSpan(0, _count).CopyTo(larger);
            _window = larger;
        }
        while (_count < neededCount)
        {
            int count = file.Read(_window.AsSpan(_count));
            if (count <= 0)
            {
                Error = count;
                break;
            }
            _count += count;
            ReadCount += count;
        }
        return _window.AsSpan(0, _count);
    }

    /// <summary>Passes all that was given but the last <paramref name="unreadCount"/> bytes.</summary>
    public void Pass(int unreadCount)
    {
        int passed = _count - unreadCount;
        if (passed > 0)
        {
            if (!IsUnchecked)
            {
                Checksum = Crc64.Append(Checksum, _window.AsSpan(0, passed));
            }
            if (_window.Length > WindowSize && unreadCount <= WindowSize)
            {
                byte[] usual = GC.AllocateUninitializedArray<byte>(WindowSize);
                _window.AsSpan(passed, unreadCount).CopyTo(usual);
                _window = usual;
            }
            else
            {
                _window.AsSpan(passed, unreadCount).CopyTo(_window);
            }
            _count = unreadCount;
        }
    }
}
