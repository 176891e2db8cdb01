using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Bixbite.Platform;

/// <summary>The epoll and eventfd family. Results are the kernel's, failures are negative errno values.</summary>
public static unsafe partial class Epoll
{
    public const uint EPOLLIN = 0x001;
    public const uint EPOLLOUT = 0x004;
    public const uint EPOLLERR = 0x008;
    public const uint EPOLLHUP = 0x010;
    public const uint EPOLLRDHUP = 0x2000;
    public const uint EPOLLET = 1u << 31;

    public const int EPOLL_CTL_ADD = 1;
    public const int EPOLL_CTL_DEL = 2;
    public const int EPOLL_CTL_MOD = 3;

    private const int CloseOnExec = 0x80000;
    private const int NonBlocking = 0x800;

    /// <summary>A new epoll descriptor, closed on exec.</summary>
    public static int epoll_create1() => Libc.Result(Create(CloseOnExec));

    /// <param name="epoll">The epoll descriptor.</param>
    /// <param name="operation">One of the EPOLL_CTL constants.</param>
    /// <param name="descriptor">What is watched.</param>
    /// <param name="events">EPOLL bits of interest.</param>
    /// <param name="data">Comes back with every event of this descriptor.</param>
    public static int epoll_ctl(int epoll, int operation, int descriptor, uint events, ulong data)
    {
        byte* bytes = stackalloc byte[16];
        *(uint*)bytes = events;
        Unsafe.WriteUnaligned(bytes + EpollEvents.DataOffset, data);
        return Libc.Result(Control(epoll, operation, descriptor, bytes));
    }

    /// <summary>
    /// Waits at most <paramref name="timeoutMs"/> (-1: for ever), fills <paramref name="events"/> and returns their count.
    /// </summary>
    public static int epoll_wait(int epoll, EpollEvents events, int timeoutMs) =>
        Libc.Result(Wait(epoll, events.Address, events.Capacity, timeoutMs));

    /// <summary>A new event counter, non-blocking and closed on exec.</summary>
    public static int eventfd(bool isBlocking = false) =>
        Libc.Result(EventDescriptor(0, isBlocking ? CloseOnExec : CloseOnExec | NonBlocking));

    [LibraryImport(Libc.Name, EntryPoint = "epoll_create1")]
    private static partial int Create(int flags);

    [LibraryImport(Libc.Name, EntryPoint = "epoll_ctl")]
    private static partial int Control(int epoll, int operation, int descriptor, byte* epollEvent);

    [LibraryImport(Libc.Name, EntryPoint = "epoll_wait")]
    private static partial int Wait(int epoll, byte* events, int capacity, int timeoutMs);

    [LibraryImport(Libc.Name, EntryPoint = "eventfd")]
    private static partial int EventDescriptor(uint initial, int flags);
}

/// <summary>The array that epoll_wait fills, in native memory. Owned by one loop.</summary>
/// <remarks>
/// The kernel packs <c>struct epoll_event</c> on x86-64 only, so that its 32-bit programs share the layout:
/// <code>
///   x86-64   | events 4 | data 8 |               12 bytes
///   others   | events 4 | pad 4  | data 8 |      16 bytes
/// </code>
/// </remarks>
public sealed unsafe class EpollEvents : IDisposable
{
    private static readonly bool s_isPacked = RuntimeInformation.ProcessArchitecture == Architecture.X64;
    internal static int DataOffset => s_isPacked ? 4 : 8;
    internal static int Stride => s_isPacked ? 12 : 16;

    internal byte* Address { get; private set; }
    public int Capacity { get; }

    public EpollEvents(int capacity)
    {
        Capacity = capacity;
        Address = (byte*)NativeMemory.AllocZeroed((nuint)capacity, (nuint)Stride);
    }

    public uint EventsAt(int index)
    {
        Debug.Assert((uint)index < (uint)Capacity && Address != null);
        return *(uint*)(Address + (index * Stride));
    }

    public ulong DataAt(int index)
    {
        Debug.Assert((uint)index < (uint)Capacity && Address != null);
        return Unsafe.ReadUnaligned<ulong>(Address + (index * Stride) + DataOffset);
    }

    public void Dispose()
    {
        NativeMemory.Free(Address);
        Address = null;
    }
}
