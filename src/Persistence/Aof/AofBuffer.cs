using System.Diagnostics;
using Bixbite.Memory;

namespace Bixbite.Persistence.Aof;

/// <summary>
/// The log's bytes from one position to another, in one piece. Bytes are added at the end and forgotten at the start.
/// <code>
///   Start                     End
///   | bytes of the log ...... |
/// </code>
/// </summary>
internal sealed class AofBuffer(Heap heap) : IDisposable
{
    private const int InitialSize = 64 * 1024;

    /// <summary>Bytes the buffer keeps when it is empty, and that must be forgotten before the rest is moved.</summary>
    private const int SizeKept = 1 << 20;

    private NativeBuffer _bytes = new(heap, InitialSize);
    private int _forgotten;
    private long _end;

    /// <summary>The position of the first byte that is not forgotten.</summary>
    public long Start => _end - (_bytes.Length - _forgotten);

    /// <summary>The position behind the last byte. Any thread.</summary>
    public long End => Volatile.Read(ref _end);

    /// <summary>Bytes of memory.</summary>
    public long Size => _bytes.Capacity;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_bytes.Reserve(bytes.Length));
        _bytes.Advance(bytes.Length);
        Volatile.Write(ref _end, _end + bytes.Length);
    }

    /// <summary>So many bytes come next in the log which are not kept; nothing may be kept before them either.</summary>
    public void Skip(int size)
    {
        Debug.Assert(_bytes.Length == _forgotten, "what is kept is in one piece");
        Volatile.Write(ref _end, _end + size);
    }

    /// <summary>The bytes from a position on; good until the next change.</summary>
    public ReadOnlySpan<byte> Bytes(long position)
    {
        Debug.Assert(position >= Start && position <= _end, "these bytes are forgotten, or not there yet");
        return _bytes.Written(_bytes.Length - (int)(_end - position));
    }

    /// <summary>Forgets everything before a position.</summary>
    public void Forget(long position)
    {
        Debug.Assert(position <= _end);
        if (position <= Start)
        {
            return;
        }
        _forgotten += (int)(position - Start);
        if (_forgotten == _bytes.Length)
        {
            _bytes.Truncate(0);
            _bytes.Shrink(SizeKept);
            _forgotten = 0;
        }
        else if (_forgotten > SizeKept)
        {
            MoveRest();
        }
    }

    public void Dispose() => _bytes.Dispose();

    private void MoveRest()
    {
        ReadOnlySpan<byte> rest = _bytes.Written(_forgotten);
        var moved = new NativeBuffer(heap, Math.Max(rest.Length, InitialSize));
        rest.CopyTo(moved.Reserve(rest.Length));
        moved.Advance(rest.Length);
        _bytes.Dispose();
        _bytes = moved;
        _forgotten = 0;
    }
}
