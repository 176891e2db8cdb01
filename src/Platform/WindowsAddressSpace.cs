using System.Runtime.InteropServices;

namespace Bixbite.Platform;

/// <summary>
/// Address space of Windows, which is taken as a whole and given back as a whole: a mapping is what one call has reserved. Its size is
/// rounded up, so that it grows where it is up to there.
/// <code>
///   | committed, as large as the mapping | reserved, up to a multiple of the alignment |
/// </code>
/// </summary>
internal sealed unsafe partial class WindowsAddressSpace(long pageSize) : AddressSpace(pageSize)
{
    private const uint MEM_COMMIT = 0x1000;
    private const uint MEM_RESERVE = 0x2000;
    private const uint MEM_DECOMMIT = 0x4000;
    private const uint MEM_RELEASE = 0x8000;
    private const uint PAGE_NOACCESS = 1;
    private const uint PAGE_READWRITE = 4;

    /// <summary>Another thread may take the place that was found before it is taken here.</summary>
    private const int AttemptsMax = 100;

    public override ulong Reserve(long size, long alignment, bool isAccessible)
    {
        nuint reserved = (nuint)RoundUp(size, alignment);
        for (int i = 0; i < AttemptsMax; i++)
        {
            ulong found = (ulong)VirtualAlloc(null, reserved + (nuint)alignment, MEM_RESERVE, PAGE_NOACCESS);
            if (found == 0)
            {
                return 0;
            }
            ulong start = (found + (ulong)alignment - 1) & ~(ulong)(alignment - 1);
            _ = VirtualFree((void*)found, 0, MEM_RELEASE);
            if (VirtualAlloc((void*)start, reserved, MEM_RESERVE, PAGE_NOACCESS) == null)
            {
                continue;
            }
            if (!isAccessible || Open(start, size))
            {
                return start;
            }
            _ = Release(start, size);
            return 0;
        }
        return 0;
    }

    public override bool Release(ulong address, long size) => VirtualFree((void*)address, 0, MEM_RELEASE) != 0;

    public override ulong Resize(ulong address, long oldSize, long newSize, long alignment)
    {
        if (newSize <= oldSize)
        {
            return Shorten(address, oldSize, newSize) ? address : 0;
        }
        if (newSize > RoundUp(oldSize, alignment))
        {
            return Move(address, oldSize, newSize, alignment);
        }
        return Open(address + (ulong)oldSize, newSize - oldSize) ? address : 0;
    }

    public override bool Shorten(ulong address, long oldSize, long newSize)
    {
        (ulong start, long size) = PagesBehind(address, oldSize, newSize);
        return size <= 0 || Close(start, size);
    }

    public override bool Discard(ulong address, long size)
    {
        (ulong start, long whole) = WholePages(address, size);
        return whole == 0 || (Close(start, whole) && Open(start, whole));
    }

    public override bool Open(ulong address, long size) =>
        VirtualAlloc((void*)address, (nuint)size, MEM_COMMIT, PAGE_READWRITE) != null;

    public override bool Close(ulong address, long size) => VirtualFree((void*)address, (nuint)size, MEM_DECOMMIT) != 0;

    private static long RoundUp(long size, long alignment) => (size + alignment - 1) & -alignment;

    [LibraryImport("kernel32")]
    private static partial void* VirtualAlloc(void* address, nuint size, uint type, uint protection);

    [LibraryImport("kernel32")]
    private static partial int VirtualFree(void* address, nuint size, uint type);
}
