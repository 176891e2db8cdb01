using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Bixbite.Memory;

/// <summary>
/// Memory outside the managed heap by its address. An address is a <see cref="ulong"/>, and 0 is "none". Nothing here checks
/// bounds or lifetime: that is the business of the structure that owns the block, and of the <see cref="Fence"/> in tests.
/// </summary>
public static unsafe class Native
{
    /// <summary>The value at the address, which need not be aligned.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref T At<T>(ulong address)
        where T : unmanaged
    {
        Debug.Assert(address != 0, "Address 0 means none.");
        return ref Unsafe.AsRef<T>((void*)address);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Span<byte> Bytes(ulong address, int length)
    {
        Debug.Assert(address != 0 || length == 0, "Address 0 means none.");
        return MemoryMarshal.CreateSpan(ref Unsafe.AsRef<byte>((void*)address), length);
    }

    /// <summary>Where these bytes lie, which must be in native memory; 1 for none, of which nobody knows where they are.</summary>
    public static ulong AddressOf(ReadOnlySpan<byte> bytes) =>
        bytes.IsEmpty ? 1 : (ulong)Unsafe.AsPointer(ref MemoryMarshal.GetReference(bytes));

    /// <summary>Asks for the cache line at the address. Any address will do: a bad one is ignored.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(ulong address)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0((void*)address);
        }
    }

    /// <summary>Copies between blocks that may overlap and may be larger than a span.</summary>
    public static void Copy(ulong source, ulong target, long size) =>
        Buffer.MemoryCopy((void*)source, (void*)target, size, size);

    public static void Clear(ulong address, long size) => NativeMemory.Clear((void*)address, (nuint)size);
}
