using System.Diagnostics;
using Bixbite.Memory;

namespace Bixbite.Net;

/// <summary>The loop's one receive buffer, shared by all connections of a round.</summary>
/// <remarks>
/// <code>
///   | connection 7's bytes | connection 3's bytes | ... | room |
/// </code>
/// Each receive is offered much room and takes what came, so small requests lie densely and stay in the processor's cache. All of it
/// is free again when Execute has returned; what is then left unconsumed has moved to its connection's <see cref="InputBuffer"/>.
/// </remarks>
internal sealed class ReadArena(Heap heap) : IDisposable
{
    internal const int Size = 1024 * 1024;

    private readonly Heap _heap = heap;
    private readonly ulong _block = heap.Allocate(Size);
    private int _used;

    internal ulong Address => _block + (ulong)_used;

    internal int Room => Size - _used;

    internal void Take(int count)
    {
        Debug.Assert(count <= Room);
        _used = Math.Min((_used + count + 7) & ~7, Size);
    }

    internal void Reset() => _used = 0;

    public void Dispose() => _heap.Free(_block);
}
