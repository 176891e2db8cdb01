namespace Bixbite.Platform;

/// <summary>Address space by what all kernels of the Unix family have.</summary>
internal class PosixAddressSpace(long pageSize) : AddressSpace(pageSize)
{
    private const int ReadWrite = VirtualMemory.PROT_READ | VirtualMemory.PROT_WRITE;

    // Flags have other numbers in macOS.
    private static readonly int s_anonymous = VirtualMemory.MAP_PRIVATE
        | (OperatingSystem.IsMacOS() ? 0x1000 | 0x40 : VirtualMemory.MAP_ANONYMOUS | VirtualMemory.MAP_NORESERVE);

    public sealed override ulong Reserve(long size, long alignment, bool isAccessible)
    {
        long wanted = (long)RoundUp((ulong)size) + alignment;
        long mapped = VirtualMemory.mmap(0, wanted, isAccessible ? ReadWrite : VirtualMemory.PROT_NONE, s_anonymous);
        if (mapped <= 0)
        {
            return 0;
        }
        ulong start = ((ulong)mapped + (ulong)alignment - 1) & ~(ulong)(alignment - 1);
        ulong end = RoundUp(start + (ulong)size);
        bool isCut = TryUnmap((ulong)mapped, (long)start - mapped) && TryUnmap(end, mapped + wanted - (long)end);
        return isCut ? start : 0;
    }

    public sealed override bool Release(ulong address, long size) => TryUnmap(address, (long)RoundUp((ulong)size));

    /// <remarks>What is beyond the mapping's end may be free; the kernel puts the new part there if it is.</remarks>
    public override ulong Resize(ulong address, long oldSize, long newSize, long alignment)
    {
        if (newSize <= oldSize)
        {
            return Shorten(address, oldSize, newSize) ? address : 0;
        }
        ulong end = RoundUp(address + (ulong)oldSize);
        long missing = (long)(RoundUp(address + (ulong)newSize) - end);
        long added = missing == 0 ? (long)end : VirtualMemory.mmap(end, missing, ReadWrite, s_anonymous);
        if (added == (long)end)
        {
            return address;
        }
        return added > 0 && !TryUnmap((ulong)added, missing) ? 0 : Move(address, oldSize, newSize, alignment);
    }

    public sealed override bool Shorten(ulong address, long oldSize, long newSize)
    {
        (ulong start, long size) = PagesBehind(address, oldSize, newSize);
        return TryUnmap(start, size);
    }

    /// <remarks>New pages take their place: advice to drop pages promises zeros in Linux alone.</remarks>
    public override bool Discard(ulong address, long size)
    {
        (ulong start, long whole) = WholePages(address, size);
        return whole == 0
            || VirtualMemory.mmap(start, whole, ReadWrite, s_anonymous | VirtualMemory.MAP_FIXED) == (long)start;
    }

    public sealed override bool Open(ulong address, long size) => VirtualMemory.mprotect(address, size, ReadWrite) == 0;

    public sealed override bool Close(ulong address, long size) =>
        VirtualMemory.mmap(address, size, VirtualMemory.PROT_NONE, s_anonymous | VirtualMemory.MAP_FIXED) == (long)address;

    private static bool TryUnmap(ulong address, long size) => size <= 0 || VirtualMemory.munmap(address, size) == 0;
}
