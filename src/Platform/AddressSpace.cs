using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Bixbite.Platform;

/// <summary>
/// Address space of the process and the pages in it. Sizes are in any steps, the system's pages may be larger: what shares a page with
/// something that stays is cleared where others are given back. What is refused is false, or the address 0.
/// </summary>
public abstract class AddressSpace
{
    protected AddressSpace(long pageSize)
    {
        Debug.Assert(long.IsPow2(pageSize), "Pages have a power of two as their size.");
        PageSize = pageSize;
    }

    /// <summary>That of the system.</summary>
    public static AddressSpace Instance { get; } = OfSystem();

    /// <summary>Bytes that the system gives and takes at once.</summary>
    public long PageSize { get; }

    /// <summary>
    /// A mapping of new address space, which begins at a multiple of <paramref name="alignment"/>, a power of two. Its pages read as zero,
    /// and come when they are touched; those of one that is not accessible have to be opened before.
    /// </summary>
    public abstract ulong Reserve(long size, long alignment, bool isAccessible);

    /// <summary>Gives a mapping back, with whatever is in it.</summary>
    public abstract bool Release(ulong address, long size);

    /// <summary>
    /// The mapping with another size: its new address, where it has the same content up to the smaller one, and zeros beyond. The same
    /// alignment as it was reserved with.
    /// </summary>
    public abstract ulong Resize(ulong address, long oldSize, long newSize, long alignment);

    /// <summary>Gives the end of a mapping back.</summary>
    public abstract bool Shorten(ulong address, long oldSize, long newSize);

    /// <summary>Gives pages back; they read as zero afterwards.</summary>
    public abstract bool Discard(ulong address, long size);

    /// <summary>Makes a part of a mapping accessible.</summary>
    public abstract bool Open(ulong address, long size);

    /// <summary>Gives the pages of a part back and makes it inaccessible. Whole pages.</summary>
    public abstract bool Close(ulong address, long size);

    /// <summary>Has the system give pages at once that are about to be written, where it can.</summary>
    public virtual void Populate(ulong address, long size)
    {
    }

    /// <summary>Has the system back a part of a mapping by small pages only, where it can.</summary>
    public virtual void KeepSmall(ulong address, long size)
    {
    }

    protected ulong RoundUp(ulong address) => (address + (ulong)PageSize - 1) & ~(ulong)(PageSize - 1);

    /// <summary>The whole pages of a part; a size of 0 if there is none. What is beside them is cleared.</summary>
    protected unsafe (ulong Start, long Size) WholePages(ulong address, long size)
    {
        ulong end = address + (ulong)size;
        ulong start = Math.Min(RoundUp(address), end);
        ulong wholeEnd = Math.Max(end & ~(ulong)(PageSize - 1), start);
        NativeMemory.Clear((void*)address, (nuint)(start - address));
        NativeMemory.Clear((void*)wholeEnd, (nuint)(end - wholeEnd));
        return (start, (long)(wholeEnd - start));
    }

    /// <summary>The pages behind a mapping's new end; what is between the two is cleared, for it may be used again.</summary>
    protected unsafe (ulong Start, long Size) PagesBehind(ulong address, long oldSize, long newSize)
    {
        ulong end = address + (ulong)newSize;
        ulong start = RoundUp(end);
        ulong oldEnd = RoundUp(address + (ulong)oldSize);
        NativeMemory.Clear((void*)end, (nuint)(start - end));
        return (start, (long)(oldEnd - start));
    }

    /// <summary>A new mapping with the content of one that cannot grow where it is, which is given back.</summary>
    protected unsafe ulong Move(ulong address, long oldSize, long newSize, long alignment)
    {
        ulong target = Reserve(newSize, alignment, isAccessible: true);
        if (target == 0)
        {
            return 0;
        }
        Buffer.MemoryCopy((void*)address, (void*)target, newSize, Math.Min(oldSize, newSize));
        return Release(address, oldSize) ? target : 0;
    }

    private static AddressSpace OfSystem() =>
        OperatingSystem.IsWindows() ? new WindowsAddressSpace(Environment.SystemPageSize)
        : Portability.IsOn ? new PosixAddressSpace(Environment.SystemPageSize)
        : new LinuxAddressSpace(Environment.SystemPageSize);
}
