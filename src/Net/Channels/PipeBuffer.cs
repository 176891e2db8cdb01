using System.Buffers;

namespace Bixbite.Net.Channels;

/// <summary>
/// One direction of a pipe: a bounded queue of bytes between a thread that writes and one that reads. Neither waits in here; who could move
/// nothing leaves an action, which is called once, on the other side's thread, when it makes sense to try again.
/// <code>
///   _bytes  | .. | _start: unread bytes, _length of them, around the end | .. |       null while there are none
/// </code>
/// Memory is held only while bytes are: it begins small, doubles up to the bound, and goes back to the pool with the last byte.
/// </summary>
internal sealed class PipeBuffer
{
    /// <summary>At most so many bytes are on their way; as many as a Unix socket takes, roughly.</summary>
    internal const int SizeMax = 64 * 1024;

    private const int SizeMin = 4 * 1024;

    private readonly Lock _lock = new();
    private byte[]? _bytes;
    private int _start;
    private int _length;
    private volatile bool _hasEnded;
    private volatile bool _isBroken;
    private Action? _readers;
    private Action? _writers;

    /// <summary>One of the two ends is closed. Any thread.</summary>
    internal bool HasEnded => _hasEnded || _isBroken;

    /// <summary>Takes what is there, as far as there is room.</summary>
    /// <param name="room">May be empty, to see whether there is something.</param>
    /// <param name="whenReadable">Called once bytes have come, or the end, if the answer says that this is waited for.</param>
    internal Transfer Read(Span<byte> room, Action? whenReadable)
    {
        Action? writers = null;
        Transfer transfer;
        lock (_lock)
        {
            if (_isBroken)
            {
                return Transfer.Failed;
            }
            int count = Take(room);
            if (_length <= SizeMax / 2)
            {
                (writers, _writers) = (_writers, null);
            }
            if (_length > 0 || (_hasEnded && count > 0))
            {
                transfer = new Transfer(count, ChannelNext.Ready);
            }
            else if (_hasEnded)
            {
                transfer = Transfer.Ended;
            }
            else
            {
                _readers += whenReadable;
                transfer = new Transfer(count, ChannelNext.Readable);
            }
        }
        writers?.Invoke();
        return transfer;
    }

    /// <summary>Adds from the front of the bytes what there is room for.</summary>
    /// <param name="bytes">What to add.</param>
    /// <param name="whenWritable">Called once half of the room is free again, or nobody reads any more, if the answer says so.</param>
    internal Transfer Write(ReadOnlySpan<byte> bytes, Action? whenWritable)
    {
        Action? readers = null;
        int count;
        lock (_lock)
        {
            if (_isBroken || _hasEnded)
            {
                return Transfer.Failed;
            }
            count = Math.Min(bytes.Length, SizeMax - _length);
            if (count > 0)
            {
                Add(bytes[..count]);
                (readers, _readers) = (_readers, null);
            }
            if (count < bytes.Length)
            {
                _writers += whenWritable;
            }
        }
        readers?.Invoke();
        return new Transfer(count, count < bytes.Length ? ChannelNext.Writable : ChannelNext.Ready);
    }

    /// <summary>Whoever left the action wants it no longer.</summary>
    internal void Forget(Action action)
    {
        lock (_lock)
        {
            _readers -= action;
            _writers -= action;
        }
    }

    /// <summary>The writer's end: the reader gets what is there, then the end.</summary>
    internal void End()
    {
        Action? readers;
        lock (_lock)
        {
            _hasEnded = true;
            (readers, _readers) = (_readers, null);
        }
        readers?.Invoke();
    }

    /// <summary>The reader's end: what is there is dropped, and nothing more can be written.</summary>
    internal void Break()
    {
        Action? everybody;
        lock (_lock)
        {
            _isBroken = true;
            _length = 0;
            GiveBack();
            everybody = _writers + _readers;
            _writers = _readers = null;
        }
        everybody?.Invoke();
    }

    private int Take(Span<byte> room)
    {
        int count = Math.Min(room.Length, _length);
        if (count == 0)
        {
            return 0;
        }
        int untilEnd = Math.Min(count, _bytes!.Length - _start);
        _bytes.AsSpan(_start, untilEnd).CopyTo(room);
        _bytes.AsSpan(0, count - untilEnd).CopyTo(room[untilEnd..]);
        _start = (_start + count) % _bytes.Length;
        _length -= count;
        if (_length == 0)
        {
            GiveBack();
        }
        return count;
    }

    private void Add(ReadOnlySpan<byte> bytes)
    {
        if (_bytes is null || _bytes.Length - _length < bytes.Length)
        {
            Grow(_length + bytes.Length);
        }
        int end = (_start + _length) % _bytes!.Length;
        int untilEnd = Math.Min(bytes.Length, _bytes.Length - end);
        bytes[..untilEnd].CopyTo(_bytes.AsSpan(end));
        bytes[untilEnd..].CopyTo(_bytes);
        _length += bytes.Length;
    }

    private void Grow(int needed)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, Math.Clamp(2 * (_bytes?.Length ?? 0), SizeMin, SizeMax)));
        int length = Take(larger);
        GiveBack();
        _bytes = larger;
        _length = length;
    }

    private void GiveBack()
    {
        if (_bytes is not null)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
        }
        _bytes = null;
        _start = 0;
    }
}
