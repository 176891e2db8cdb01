using Bixbite.Platform;

namespace Bixbite.Memory;

/// <summary>Address space and pages from the system; running out of either ends the process, for no caller could go on.</summary>
internal static class Pages
{
    /// <summary>The steps in which memory is counted here. The system's pages may be larger.</summary>
    internal const long Size = 4096;

    private const long Alignment = ChunkHeader.RegionSize;

    private static readonly AddressSpace s_space = AddressSpace.Instance;

    internal static long RoundUp(long size) => (size + Size - 1) & ~(Size - 1);

    /// <summary>Address space that begins at a multiple of a region's size and costs nothing until it is touched.</summary>
    internal static ulong MapAligned(long size, bool isAccessible)
    {
        ulong address = s_space.Reserve(size, Alignment, isAccessible);
        Invariant.Require(address != 0, "the system gives no more memory");
        return address;
    }

    /// <summary>Gives back what <see cref="MapAligned"/> has given, in the size that it has now.</summary>
    internal static void Unmap(ulong address, long size) => Invariant.Require(s_space.Release(address, size), "memory cannot be unmapped");

    /// <summary>Gives back the end of a mapping.</summary>
    internal static void Shorten(ulong address, long oldSize, long newSize) =>
        Invariant.Require(s_space.Shorten(address, oldSize, newSize), "memory cannot be unmapped");

    /// <summary>Gives the pages back and keeps the address space; they read as zero afterwards.</summary>
    internal static void Discard(ulong address, long size)
    {
        if (size > 0)
        {
            Invariant.Require(s_space.Discard(address, size), "pages cannot be given back");
        }
    }

    /// <summary>Has the system give pages at once that are about to be written, where it can.</summary>
    internal static void Give(ulong address, long size) => s_space.Populate(address, size);

    /// <summary>Huge pages would make a small heap large: one touched byte would cost 2 MiB.</summary>
    internal static void KeepSmall(ulong address, long size) => s_space.KeepSmall(address, size);

    /// <summary>Makes inaccessible address space usable; false if the system refuses, having too many mappings.</summary>
    internal static bool TryOpen(ulong address, long size) => s_space.Open(address, size);

    /// <summary>Drops the pages and makes the address space inaccessible; it stays reserved.</summary>
    internal static void Close(ulong address, long size) => Invariant.Require(s_space.Close(address, size), "memory cannot be closed");

    /// <summary>Resizes a mapping from <see cref="MapAligned"/>, moving its pages where it cannot grow in place.</summary>
    internal static ulong Remap(ulong address, long oldSize, long newSize)
    {
        ulong moved = s_space.Resize(address, oldSize, newSize, Alignment);
        Invariant.Require(moved != 0, "the system gives no more memory");
        return moved;
    }
}
