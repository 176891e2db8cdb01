using System.Runtime.InteropServices;

namespace Bixbite.Memory;

/// <summary>A first body behind the final shape: blocks of the C library with their size in front.</summary>
public sealed unsafe class Heap : IDisposable
{
    private const int HeaderSize = 16;

    public long UsedBytes { get; private set; }

    public long MappedBytes => UsedBytes;

    public ulong Allocate(long size)
    {
        long usable = Math.Max((size + 7) & ~7L, 8);
        byte* block = (byte*)NativeMemory.Alloc((nuint)(usable + HeaderSize));
        *(long*)block = usable;
        UsedBytes += usable;
        return (ulong)(block + HeaderSize);
    }

    public void Free(ulong address)
    {
        UsedBytes -= SizeOf(address);
        NativeMemory.Free((byte*)address - HeaderSize);
    }

    public long SizeOf(ulong address) => *(long*)((byte*)address - HeaderSize);

    public ulong Resize(ulong address, long size)
    {
        ulong moved = Allocate(size);
        Native.Copy(address, moved, Math.Min(SizeOf(address), size));
        Free(address);
        return moved;
    }

    public bool IsSparse(ulong address) => false;

    public void Trim()
    {
    }

    public void Dispose()
    {
    }
}
