using System.Runtime.InteropServices;

namespace Bixbite.Platform;

/// <summary>
/// The kernel's calls on address space, with Linux' numbers. Results are the kernel's, failures are negative errno values.
/// </summary>
public static unsafe partial class VirtualMemory
{
    public const int PROT_NONE = 0;
    public const int PROT_READ = 1;
    public const int PROT_WRITE = 2;
    public const int PROT_EXEC = 4;

    public const int MAP_PRIVATE = 0x02;
    public const int MAP_FIXED = 0x10;
    public const int MAP_ANONYMOUS = 0x20;
    public const int MAP_NORESERVE = 0x4000;

    public const int MREMAP_MAYMOVE = 1;
    public const int MREMAP_FIXED = 2;

    public const int MADV_DONTNEED = 4;
    public const int MADV_HUGEPAGE = 14;
    public const int MADV_NOHUGEPAGE = 15;
    public const int MADV_POPULATE_WRITE = 23;

    /// <summary>The address of the new mapping, or a negative errno.</summary>
    public static long mmap(ulong address, long size, int protection, int flags) =>
        Libc.Result((long)Map((void*)address, (nuint)size, protection, flags, -1, 0));

    public static int munmap(ulong address, long size) => Libc.Result(Unmap((void*)address, (nuint)size));

    public static int mprotect(ulong address, long size, int protection) =>
        Libc.Result(Protect((void*)address, (nuint)size, protection));

    public static int madvise(ulong address, long size, int advice) => Libc.Result(Advise((void*)address, (nuint)size, advice));

    /// <summary>
    /// The address of the mapping after its resize, or a negative errno. <paramref name="target"/> counts with MREMAP_FIXED.
    /// </summary>
    public static long mremap(ulong address, long oldSize, long newSize, int flags, ulong target) =>
        Libc.Result((long)Remap((void*)address, (nuint)oldSize, (nuint)newSize, flags, (void*)target));

    [LibraryImport(Libc.Name, EntryPoint = "mmap")]
    private static partial nint Map(void* address, nuint size, int protection, int flags, int descriptor, nint offset);

    [LibraryImport(Libc.Name, EntryPoint = "munmap")]
    private static partial int Unmap(void* address, nuint size);

    [LibraryImport(Libc.Name, EntryPoint = "mprotect")]
    private static partial int Protect(void* address, nuint size, int protection);

    [LibraryImport(Libc.Name, EntryPoint = "madvise")]
    private static partial int Advise(void* address, nuint size, int advice);

    [LibraryImport(Libc.Name, EntryPoint = "mremap")]
    private static partial nint Remap(void* address, nuint oldSize, nuint newSize, int flags, void* target);
}
