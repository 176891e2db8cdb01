using System.Diagnostics;
using System.Globalization;
using Bixbite.Memory;
using Bixbite.Platform;
using Bixbite.Protocol;
using Bixbite.Structures.Text;

namespace Bixbite.Persistence.Aof;

/// <summary>
/// Reads a log's requests in blocks, with the parser of the connections. That one is lenient with people who type; a log is written by
/// machines, so every request must have exactly the bytes that a machine writes, or it is damage. Lines that begin with # are annotations.
/// <code>
///   file     ... | request | request | #TS:1700000000 | request | req
///                ^-- block: 256 KiB, more only for a longer request  ^-- not whole yet: goes to the front of the next block
/// </code>
/// </summary>
internal sealed class AofRequestReader : IDisposable
{
    private const int BlockSize = 256 * 1024;

    /// <summary>The longest rest of a file that is examined as a whole to see what happened to it.</summary>
    private const long TailSizeMax = 600L << 20;

    private const ushort LineEnd = 0x0A0D;

    private readonly IDiskFile _file;
    private readonly long _length;
    private readonly NativeBuffer _block;
    private readonly RequestParser _parser = new();
    private readonly ParseLimits _limits = new(long.MaxValue);
    private ParseState? _state;
    private long _blockOffset;
    private int _consumed;
    private bool _isStopped;

    /// <summary>A reader that goes on where the file stands.</summary>
    /// <param name="file">Closed by the caller.</param>
    /// <param name="offset">Where the file stands.</param>
    /// <param name="heap">Pays for the block.</param>
    public AofRequestReader(IDiskFile file, long offset, Heap heap)
    {
        _file = file;
        _length = file.Length;
        _blockOffset = offset;
        _block = new NativeBuffer(heap, BlockSize);
        Batch = new RequestBatch(heap);
    }

    /// <summary>The requests of the block; only the first <see cref="Count"/> are good.</summary>
    public RequestBatch Batch { get; }

    public int Count { get; private set; }

    /// <summary>Bytes of the file.</summary>
    public long Length => _length;

    /// <summary>Where the requests end that were read.</summary>
    public long Offset => _blockOffset + _consumed;

    /// <summary>With <see cref="AofReadStatus.Damaged"/> and <see cref="AofReadStatus.Failed"/>: what is wrong.</summary>
    public string Reason { get; private set; } = "";

    /// <summary>Where the request at an index begins in the file.</summary>
    public long OffsetOf(int index) => _blockOffset + Start(index);

    public long EndOf(int index) => _blockOffset + Batch[index].EndOffset;

    /// <summary>Whether the "request" at an index is a line that begins with #.</summary>
    public bool IsAnnotation(int index) => Native.At<byte>(_block.Address + (uint)Start(index)) == '#';

    /// <summary>Reads on; the requests before are void then. Anything but requests is the end.</summary>
    public AofReadStatus Read()
    {
        Forget();
        while (!_isStopped)
        {
            int room = Math.Max(BlockSize - _block.Length, 1);
            int count = _file.Read(_block.Reserve(room));
            if (count < 0)
            {
                Reason = $"reading failed: {Errno.Text(-count)}";
                return AofReadStatus.Failed;
            }
            _block.Advance(count);
            SkipAnnotations();
            if (_block.Length == 0 && count == 0)
            {
                return AofReadStatus.End;
            }
            if (_block.Length == 0 || (Native.At<byte>(_block.Address) == '#' && count > 0))
            {
                continue;
            }
            ParseResult result = _parser.Parse(_block.Address, _block.Length, Batch, ref _state, _limits);
            Admit(result, isAtEnd: count == 0);
            if (Count > 0)
            {
                return AofReadStatus.Requests;
            }
            if (!_isStopped && result.PendingSize > _block.Length)
            {
                _block.Reserve(result.PendingSize - _block.Length);
            }
        }
        return Judge();
    }

    public void Dispose()
    {
        _parser.Discard(ref _state);
        Batch.Dispose();
        _block.Dispose();
    }

    private int Start(int index) => index == 0 ? 0 : Batch[index - 1].EndOffset;

    /// <summary>Makes what is not consumed the front of the block.</summary>
    private void Forget()
    {
        Batch.Clear();
        Count = 0;
        if (_consumed > 0)
        {
            int left = _block.Length - _consumed;
            _block.Written(_consumed).CopyTo(Native.Bytes(_block.Address, left));
            _block.Truncate(left);
            _block.Shrink(BlockSize);
            _blockOffset += _consumed;
            _consumed = 0;
        }
    }

    /// <summary>Passes the lines at the front that begin with #; the parser only knows those that look like words.</summary>
    private void SkipAnnotations()
    {
        while (_consumed < _block.Length && Native.At<byte>(_block.Address + (uint)_consumed) == '#')
        {
            int size = _block.Written(_consumed).IndexOf((byte)'\n') + 1;
            if (size == 0)
            {
                break;
            }
            _parser.Discard(ref _state);
            _consumed += size;
        }
        Forget();
    }

    /// <summary>Takes the requests that the parser found, up to the first that no machine wrote.</summary>
    private void Admit(in ParseResult result, bool isAtEnd)
    {
        while (Count < Batch.Count && (IsExact(Count) || IsAnnotation(Count)))
        {
            Count++;
        }
        _consumed = Start(Count);
        bool isWhole = _consumed == result.Consumed;
        bool isBeyondEnd = result.Status == ParseStatus.NeedMore && _blockOffset + result.Consumed + result.PendingSize > _length;
        bool isAnnotation = _consumed < _block.Length && Native.At<byte>(_block.Address + (uint)_consumed) == '#';
        _isStopped = (isAtEnd && _consumed < _block.Length)
            || (!isAnnotation && (!isWhole || result.Status == ParseStatus.ProtocolError || isBeyondEnd));
        Reason = result.Status == ParseStatus.ProtocolError && isWhole
            ? string.Create(CultureInfo.InvariantCulture, $"this is no request ({result.Error})")
            : "this is no request as a server writes it";
        if (!isWhole || isAnnotation)
        {
            _parser.Discard(ref _state);
        }
    }

    /// <summary>Whether a request has the very bytes that its arguments make: plain lengths, and line ends where they belong.</summary>
    private bool IsExact(int index)
    {
        ReadOnlySpan<Argument> arguments = Batch.Arguments(index);
        ulong cursor = _block.Address + (uint)Start(index);
        if (Native.At<byte>(cursor) != '*')
        {
            return false;
        }
        cursor += (uint)(1 + Integers.SizeOf((ulong)arguments.Length));
        foreach (ref readonly Argument argument in arguments)
        {
            ulong start = cursor + (uint)(2 + 1 + Integers.SizeOf((ulong)argument.Length) + 2);
            if (argument.Address != start || Native.At<ushort>(cursor) != LineEnd || Native.At<ushort>(start - 2) != LineEnd)
            {
                return false;
            }
            cursor = start + (uint)argument.Length;
        }
        return Native.At<ushort>(cursor) == LineEnd && cursor + 2 == _block.Address + (uint)Batch[index].EndOffset;
    }

    /// <summary>Tells by all that is left in the file what happened to it.</summary>
    private AofReadStatus Judge()
    {
        Debug.Assert(_consumed == 0, "What was read before is forgotten.");
        if (_length - _blockOffset > TailSizeMax)
        {
            return AofReadStatus.Damaged;
        }
        while (true)
        {
            int count = _file.Read(_block.Reserve(BlockSize));
            if (count <= 0)
            {
                break;
            }
            _block.Advance(count);
        }
        return AofTail.IsTorn(_block.Written(0)) ? AofReadStatus.Torn : AofReadStatus.Damaged;
    }
}
