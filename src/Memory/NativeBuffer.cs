using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Bixbite.Memory;

/// <summary>
/// A byte buffer in native memory that grows at its end: <c>[0, Length)</c> is written, <c>[Length, Capacity)</c> is spare. Its address
/// changes only when it grows or shrinks. Owned by one thread at a time, as its heap is.
/// </summary>
public sealed class NativeBuffer : IDisposable
{
    private readonly Heap _heap;

    public NativeBuffer(Heap heap, int initialSize)
    {
        _heap = heap;
        Address = heap.Allocate(Math.Max(initialSize, 1));
        Capacity = UsableSize();
    }

    public ulong Address { get; private set; }

    public int Length { get; private set; }

    public int Capacity { get; private set; }

    /// <summary>At least <paramref name="count"/> writable bytes after <see cref="Length"/>; valid until the next growth.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<byte> Reserve(int count)
    {
        if (Capacity - Length < count)
        {
            Grow(count);
        }
        return Native.Bytes(Address + (uint)Length, Capacity - Length);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Advance(int count)
    {
        Debug.Assert(count >= 0 && count <= Capacity - Length, "Advanced over bytes that were never reserved.");
        Length += count;
    }

    public void Truncate(int length)
    {
        Debug.Assert(length >= 0 && length <= Length, "Truncating does not lengthen.");
        Length = length;
    }

    /// <summary>Gives memory back if the buffer has grown beyond this capacity; what is written stays.</summary>
    public void Shrink(int capacity)
    {
        int wanted = Math.Max(Math.Max(capacity, Length), 1);
        if (Capacity > wanted)
        {
            Resize(wanted);
        }
    }

    /// <summary>The bytes from <paramref name="start"/> to <see cref="Length"/>; valid until the next growth.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> Written(int start)
    {
        Debug.Assert(start >= 0 && start <= Length, "Beyond what is written.");
        return Native.Bytes(Address + (uint)start, Length - start);
    }

    public void Dispose()
    {
        if (Address == 0)
        {
            return;
        }
        _heap.Free(Address);
        Address = 0;
        Length = 0;
        Capacity = 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow(int count)
    {
        long needed = (long)Length + count;
        Invariant.Require(count >= 0 && needed <= Array.MaxLength, "a buffer grows beyond 2 GiB");
        Resize(Math.Min(Math.Max(needed, 2L * Capacity), Array.MaxLength));
    }

    private void Resize(long size)
    {
        Address = _heap.Resize(Address, size);
        Capacity = UsableSize();
    }

    private int UsableSize() => (int)Math.Min(_heap.SizeOf(Address), Array.MaxLength);
}
