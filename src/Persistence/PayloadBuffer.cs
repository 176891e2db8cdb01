using System.Buffers;
using System.Diagnostics;
using Bixbite.Memory;
using Bixbite.Protocol;
using Bixbite.Types;

namespace Bixbite.Persistence;

/// <summary>
/// A payload of <see cref="DumpPayload"/> being made, in a block of the data's heap, from which a long one is sent. It owns the block, and
/// at rest there is none. One that grows beyond the largest size is only counted from there on.
/// </summary>
public sealed class PayloadBuffer(ValueContext values, int sizeMax = PayloadBuffer.SizeAllowed) : IBufferWriter<byte>
{
    /// <summary>The most bytes of a block that can be a span.</summary>
    public const int SizeAllowed = 0x7FFF_FFC7;

    private const int SizeInitial = 256;

    /// <summary>Room beyond what is asked for, so that the end of a payload does not double its block.</summary>
    private const int Spare = 64;

    private int _length;
    private int _capacity;

    /// <summary>Bytes of the whole payload.</summary>
    public long Size { get; private set; }

    /// <summary>The payload is larger than can be kept: what is written is not it.</summary>
    public bool IsTooLarge { get; private set; }

    /// <summary>The block in which the payload lies, so that it can be pinned.</summary>
    public ulong Block { get; private set; }

    public ReadOnlySpan<byte> Written => Native.Bytes(Block, _length);

    public void Advance(int count)
    {
        Debug.Assert(count >= 0 && count <= _capacity - _length, "Advanced beyond the room.");
        _length += count;
        Size += count;
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        if (_capacity - _length < Math.Max(sizeHint, 1))
        {
            Grow(sizeHint);
        }
        return Native.Bytes(Block + (uint)_length, _capacity - _length);
    }

    /// <summary>Not to be had: native memory has no owner that the collector knows.</summary>
    public Memory<byte> GetMemory(int sizeHint = 0) => throw new NotSupportedException();

    /// <summary>Answers the payload, or that it is too large, and forgets it.</summary>
    public void AnswerTo(ReplyWriter reply)
    {
        if (IsTooLarge)
        {
            reply.Error(ErrorText.DumpTooLarge);
        }
        else
        {
            reply.StoredBulk(Written, Block);
        }
        Clear();
    }

    /// <summary>Forgets the payload. Its block goes now, or when all is sent that was to be sent from it.</summary>
    public void Clear()
    {
        if (Block != 0)
        {
            values.Pinned.Free(Block);
        }
        Block = 0;
        _length = _capacity = 0;
        Size = 0;
        IsTooLarge = false;
    }

    private void Grow(int size)
    {
        long needed = (long)_length + size + Spare;
        if (needed > sizeMax)
        {
            IsTooLarge = true;
            _length = 0;
            if (size <= _capacity)
            {
                return;
            }
            needed = size;
        }
        long wanted = Math.Min(Math.Max(needed, Math.Max(2L * _capacity, SizeInitial)), Math.Max(needed, sizeMax));
        Block = Block == 0 ? values.Heap.Allocate(wanted) : values.Heap.Resize(Block, wanted);
        _capacity = (int)Math.Min(values.Heap.SizeOf(Block), Array.MaxLength);
    }
}
