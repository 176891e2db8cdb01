using Bixbite.Persistence.Rdb.Reading;
using Bixbite.Structures.Checks;

namespace Bixbite.Persistence.Loading;

/// <summary>
/// A source for a reader: a window that moves over it, and the checksum of what the window has passed.
/// <code>
///   bytes  |  passed: in the checksum  | unread | room for the next read |
///                                       ^-- the window: 1 MiB, more only for a longer string
/// </code>
/// </summary>
internal sealed class RdbWindow(ILoadSource source) : IRdbSource
{
    private const int WindowSize = 1 << 20;

    /// <summary>The least bytes of a key with its value: a type, and two short strings.</summary>
    private const int KeySizeMin = 4;

    /// <summary>
    /// For so many keys of a source that is still to come room is made because it says so: 44 MB. From there on room comes with the keys.
    /// </summary>
    private const long UnseenKeysMax = 4 << 20;

    private readonly long _length = source.Length;
    private byte[] _window = GC.AllocateUninitializedArray<byte>(WindowSize);
    private int _count;
    private long _unseenKeysLeft = UnseenKeysMax;

    /// <summary>Bytes of the source, as far as it knows or claims.</summary>
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
        while (_count < neededCount)
        {
            if (neededCount > _window.Length)
            {
                Grow(neededCount);
            }
            int count = source.Read(_window.AsSpan(_count));
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

    /// <summary>The keys for which room is to be made, where the source says that so many are to come.</summary>
    public long Believe(ulong keyCount)
    {
        long count = (long)Math.Min(keyCount, (ulong)(_length / KeySizeMin));
        if (!source.IsLengthSure)
        {
            count = Math.Min(count, Math.Max(_unseenKeysLeft, ReadCount / KeySizeMin));
            _unseenKeysLeft = Math.Max(_unseenKeysLeft - count, 0);
        }
        return count;
    }

    /// <summary>Makes room for what is needed; where nobody knows whether it will come, only as it does.</summary>
    private void Grow(int neededCount)
    {
        long size = source.IsLengthSure ? neededCount : Math.Min(neededCount, _window.Length * 2L);
        if (_count < _window.Length && !source.IsLengthSure)
        {
            return;
        }
        byte[] larger = GC.AllocateUninitializedArray<byte>((int)size);
        _window.AsSpan(0, _count).CopyTo(larger);
        _window = larger;
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
