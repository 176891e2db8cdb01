using Bixbite.Memory;

namespace Bixbite.Fuzz.Targets;

/// <summary>Native memory for inputs, used from its end, so that under the fence a read beyond an input stops the process.</summary>
internal sealed class GuardedInput : IDisposable
{
    private readonly Heap _heap = new();
    private readonly ulong _block;
    private readonly ulong _end;

    public GuardedInput(int sizeMax)
    {
        _block = _heap.Allocate(Math.Max(sizeMax, 1));
        _end = _block + (ulong)_heap.SizeOf(_block);
    }

    public Heap Heap => _heap;

    /// <summary>The bytes' address; good until the next call.</summary>
    public ulong Place(ReadOnlySpan<byte> bytes)
    {
        ulong address = _end - (ulong)bytes.Length;
        bytes.CopyTo(Native.Bytes(address, bytes.Length));
        return address;
    }

    public void Dispose()
    {
        _heap.Free(_block);
        _heap.Dispose();
    }
}
