namespace Bixbite.Platform;

/// <summary>Address space by what Linux has besides: pages dropped and given by advice, mappings that grow by their page tables.</summary>
internal sealed class LinuxAddressSpace(long pageSize) : PosixAddressSpace(pageSize)
{
    public override ulong Resize(ulong address, long oldSize, long newSize, long alignment)
    {
        if (newSize < oldSize)
        {
            return Shorten(address, oldSize, newSize) ? address : 0;
        }
        if (VirtualMemory.mremap(address, oldSize, newSize, 0, 0) == (long)address)
        {
            return address;
        }
        ulong target = Reserve(newSize, alignment, isAccessible: true);
        long moved = target == 0
            ? 0
            : VirtualMemory.mremap(address, oldSize, newSize, VirtualMemory.MREMAP_MAYMOVE | VirtualMemory.MREMAP_FIXED, target);
        return moved == (long)target ? target : 0;
    }

    public override bool Discard(ulong address, long size)
    {
        (ulong start, long whole) = WholePages(address, size);
        return whole == 0 || VirtualMemory.madvise(start, whole, VirtualMemory.MADV_DONTNEED) == 0;
    }

    /// <remarks>Before Linux 5.14 the pages come with the faults, as ever.</remarks>
    public override void Populate(ulong address, long size)
    {
        ulong start = address & ~(ulong)(PageSize - 1);
        _ = VirtualMemory.madvise(start, (long)(RoundUp(address + (ulong)size) - start), VirtualMemory.MADV_POPULATE_WRITE);
    }

    public override void KeepSmall(ulong address, long size) =>
        _ = VirtualMemory.madvise(address, size, VirtualMemory.MADV_NOHUGEPAGE);
}
