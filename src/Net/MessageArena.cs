using System.Diagnostics;
using Bixbite.Memory;

namespace Bixbite.Net;

/// <summary>The facts of a message besides its bytes.</summary>
/// <param name="Shared">0, or the number of a message that several connections get one after the other.</param>
/// <param name="IsExcused">Its receivers are excused for holding it.</param>
/// <param name="IsReply">It is a reply that is replaced if it comes too late.</param>
internal readonly record struct MessageTraits(long Shared, bool IsExcused, bool IsReply = false);

/// <summary>Where a message lies in its arena.</summary>
internal readonly record struct MessagePlace(NativeBuffer Source, int Start, int Length)
{
    internal MessageTraits Traits { get; init; }

    internal int End => Start + Length;

    internal ReadOnlySpan<byte> Bytes => Source.Written(Start)[..Length];
}

/// <summary>
/// Messages of one round, one after the other, each kept once however many connections get it. All of it is free again after the round.
/// <code>
///   chunk 0   | message | message | ... |        chunk 1   | message larger than a chunk |        ...
/// </code>
/// Who gets several messages in a row gets a range of a chunk, and so one send without a copy.
/// </summary>
internal sealed class MessageArena(Heap heap) : IDisposable
{
    private const int ChunkSizeMin = 4 * 1024;
    private const int ChunkSizeMax = 1024 * 1024;

    private readonly Heap _heap = heap;
    private readonly List<NativeBuffer> _chunks = [new NativeBuffer(heap, ChunkSizeMin)];
    private MessagePlace _latest;
    private long _latestShared;
    private int _largest;

    /// <summary>Keeps the bytes; a number other than 0 that is the same as in the last call says that the bytes are the same.</summary>
    internal MessagePlace Add(ReadOnlySpan<byte> bytes, MessageTraits traits)
    {
        long shared = traits.Shared;
        if (shared != 0 && shared == _latestShared)
        {
            Debug.Assert(bytes.SequenceEqual(_latest.Bytes), "one number for different messages");
            return _latest with { Traits = traits };
        }
        NativeBuffer chunk = _chunks[^1];
        if (chunk.Length > 0 && (long)chunk.Length + bytes.Length > ChunkSizeMax)
        {
            chunk = new NativeBuffer(_heap, Math.Max(bytes.Length, ChunkSizeMin));
            _chunks.Add(chunk);
        }
        int start = chunk.Length;
        bytes.CopyTo(chunk.Reserve(bytes.Length));
        chunk.Advance(bytes.Length);
        _latest = new MessagePlace(chunk, start, bytes.Length) { Traits = traits };
        _latestShared = shared;
        return _latest;
    }

    /// <summary>Nobody needs what was kept.</summary>
    internal void Clear()
    {
        NativeBuffer first = _chunks[0];
        if (first.Length == 0)
        {
            return;
        }
        _largest = Math.Max(_largest, first.Length);
        first.Truncate(0);
        if (first.Capacity > ChunkSizeMax)
        {
            first.Shrink(ChunkSizeMax);
        }
        for (int index = 1; index < _chunks.Count; index++)
        {
            _chunks[index].Dispose();
        }
        _chunks.RemoveRange(1, _chunks.Count - 1);
        _latest = default;
        _latestShared = 0;
    }

    /// <summary>From time to time, while empty: gives back what was not needed since the last call.</summary>
    internal void Shrink()
    {
        NativeBuffer first = _chunks[0];
        if (first.Length == 0 && first.Capacity / 4 > Math.Max(_largest, ChunkSizeMin))
        {
            first.Shrink(ChunkSizeMin);
        }
        _largest = 0;
    }

    public void Dispose() => _chunks.ForEach(static chunk => chunk.Dispose());
}
