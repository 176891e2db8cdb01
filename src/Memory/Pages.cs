using Bixbite.Platform;

namespace Bixbite.Memory;

/// <summary>Address space and pages from the system; running out of either ends the process, for no caller could go on.</summary>
internal static class Pages
{
    internal const long Size = VirtualMemory.PageSize;

    private const int Anonymous = VirtualMemory.MAP_PRIVATE | VirtualMemory.MAP_ANONYMOUS | VirtualMemory.MAP_NORESERVE;
    private const int ReadWrite = VirtualMemory.PROT_READ | VirtualMemory.PROT_WRITE;

    internal static long RoundUp(long size) => (size + Size - 1) & ~(Size - 1);

    /// <summary>Address space that begins at a multiple of a region's size and costs nothing until it is touched.</summary>
    internal static ulong MapAligned(long size, bool isAccessible)
    {
        const long Alignment = ChunkHeader.RegionSize;
        int protection = isAccessible ? ReadWrite : VirtualMemory.PROT_NONE;
        long mapped = VirtualMemory.mmap(0, size + Alignment, protection, Anonymous);
        Invariant.Require(mapped > 0, "the system gives no more memory");
        long start = (mapped + Alignment - 1) & -Alignment;
        Unmap((ulong)mapped, start - mapped);
        Unmap((ulong)(start + size), mapped + Alignment - start);
        return (ulong)start;
    }

    internal static void Unmap(ulong address, long size)
    {
        if (size > 0)
        {
            Invariant.Require(VirtualMemory.munmap(address, size) == 0, "memory cannot be unmapped");
        }
    }

    /// <summary>Gives the pages back and keeps the address space; they read as zero afterwards.</summary>
    internal static void Discard(ulong address, long size)
    {
        if (size > 0)
        {
            Invariant.Require(VirtualMemory.madvise(address, size, VirtualMemory.MADV_DONTNEED) == 0, "pages cannot be given back");
        }
    }

    /// <summary>Has the system give pages at once that are about to be written, where it can.</summary>
    internal static void Give(ulong address, long size) =>
        _ = VirtualMemory.madvise(address, size, VirtualMemory.MADV_POPULATE_WRITE);

    /// <summary>Huge pages would make a small heap large: one touched byte would cost 2 MiB.</summary>
    internal static void KeepSmall(ulong address, long size) =>
        _ = VirtualMemory.madvise(address, size, VirtualMemory.MADV_NOHUGEPAGE);

    /// <summary>Makes inaccessible address space usable; false if the system refuses, having too many mappings.</summary>
    internal static bool TryOpen(ulong address, long size) => VirtualMemory.mprotect(address, size, ReadWrite) == 0;

    /// <summary>Drops the pages and makes the address space inaccessible; it stays reserved.</summary>
    internal static void Close(ulong address, long size)
    {
        long result = VirtualMemory.mmap(address, size, VirtualMemory.PROT_NONE, Anonymous | VirtualMemory.MAP_FIXED);
        Invariant.Require(result == (long)address, "memory cannot be closed");
    }

    /// <summary>Resizes a mapping from <see cref="MapAligned"/>, moving its pages where it cannot grow in place.</summary>
    internal static ulong Remap(ulong address, long oldSize, long newSize)
    {
        if (VirtualMemory.mremap(address, oldSize, newSize, 0, 0) == (long)address)
        {
            return address;
        }
        ulong target = MapAligned(newSize, isAccessible: true);
        long moved = VirtualMemory.mremap(
            address, oldSize, newSize, VirtualMemory.MREMAP_MAYMOVE | VirtualMemory.MREMAP_FIXED, target);
        Invariant.Require(moved == (long)target, "the system gives no more memory");
        return target;
    }
}
