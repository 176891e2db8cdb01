using System.Buffers.Text;
using System.Runtime.InteropServices;

namespace Bixbite.Platform;

/// <summary>CPU time used so far, in microseconds.</summary>
public readonly record struct CpuTimes(long UserUs, long SystemUs);

/// <summary>Facts about this process and its machine, asked of the kernel each time.</summary>
public static unsafe partial class ProcessFacts
{
    private const int RUSAGE_SELF = 0;
    private const int RUSAGE_CHILDREN = -1;
    private const int RUSAGE_THREAD = 1;
    private const int CpuSetSize = 128;

    /// <summary>As many handles as a process of Windows may have.</summary>
    private const long WindowsHandlesMax = 1 << 24;

    /// <summary>As many descriptors as macOS gives, though it may call the limit higher.</summary>
    private const ulong MacOSFilesMax = 10_240;

    // Linux and macOS have other numbers for them.
    private static readonly int s_descriptors = OperatingSystem.IsMacOS() ? 8 : 7;
    private static readonly int s_threadClock = OperatingSystem.IsMacOS() ? 16 : 3;

    /// <summary>Resident bytes of this process, or 0 where /proc is missing.</summary>
    public static long ResidentBytes()
    {
        if (Portability.IsOn)
        {
            return Environment.WorkingSet;
        }
        Span<byte> text = stackalloc byte[128];
        int length = ReadAll("/proc/self/statm"u8, text);
        int space = text[..length].IndexOf((byte)' ');
        if (space < 0 || !Utf8Parser.TryParse(text[(space + 1)..length], out long pages, out _))
        {
            return 0;
        }
        return pages * Environment.SystemPageSize;
    }

    public static CpuTimes ProcessCpu()
    {
        if (!Portability.IsOn)
        {
            return Usage(RUSAGE_SELF);
        }
        Environment.ProcessCpuUsage usage = Environment.CpuUsage;
        return new CpuTimes(Microseconds(usage.UserTime.Ticks), Microseconds(usage.PrivilegedTime.Ticks));
    }

    /// <summary>That of child processes that have ended, of which there are none; only Linux is asked.</summary>
    public static CpuTimes ChildrenCpu() => Portability.IsOn ? default : Usage(RUSAGE_CHILDREN);

    /// <summary>CPU time of the calling thread alone. Where the system does not tell its parts apart, all of it is the user's.</summary>
    public static CpuTimes ThreadCpu()
    {
        if (OperatingSystem.IsWindows())
        {
            return WindowsThread.Cpu();
        }
        return Portability.IsOn ? new CpuTimes(ThreadCpuUs(), 0) : Usage(RUSAGE_THREAD);
    }

    /// <summary>
    /// Microseconds of CPU time of the calling thread alone, exact to the microsecond, where <see cref="ThreadCpu"/> may go by ticks; in
    /// Windows it goes by ticks too.
    /// </summary>
    public static long ThreadCpuUs()
    {
        if (OperatingSystem.IsWindows())
        {
            CpuTimes cpu = WindowsThread.Cpu();
            return cpu.UserUs + cpu.SystemUs;
        }
        Timespec time = default;
        return GetTime(s_threadClock, &time) < 0 ? 0 : (time.Seconds * 1_000_000) + (time.Nanoseconds / 1000);
    }

    /// <summary>Bytes of memory the machine has, or 0 if the kernel does not say.</summary>
    public static long SystemMemoryBytes()
    {
        if (Portability.IsOn)
        {
            return GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        }
        SystemInfo info;
        return SystemInformation(&info) < 0 ? 0 : (long)(info.TotalRam * info.Unit);
    }

    /// <summary>How many descriptors the process may have open now.</summary>
    public static long OpenFilesLimit()
    {
        if (OperatingSystem.IsWindows())
        {
            return WindowsHandlesMax;
        }
        ResourceLimit limit;
        return GetLimit(s_descriptors, &limit) < 0 ? 0 : (long)Math.Min(limit.Soft, long.MaxValue);
    }

    /// <summary>
    /// Raises the limit of open descriptors to <paramref name="wanted"/>, the hard limit too where that is permitted;
    /// returns the limit reached, which may be lower, and never lowers it.
    /// </summary>
    public static long RaiseOpenFilesLimit(long wanted)
    {
        if (OperatingSystem.IsWindows())
        {
            return WindowsHandlesMax;
        }
        ResourceLimit limit;
        if (GetLimit(s_descriptors, &limit) < 0)
        {
            return 0;
        }
        if (limit.Soft >= (ulong)wanted)
        {
            return OpenFilesLimit();
        }
        ResourceLimit raised = new() { Soft = (ulong)wanted, Hard = Math.Max(limit.Hard, (ulong)wanted) };
        if (SetLimit(s_descriptors, &raised) < 0)
        {
            raised = new() { Soft = Math.Min(limit.Hard, (ulong)wanted), Hard = limit.Hard };
            if (SetLimit(s_descriptors, &raised) < 0 && limit.Soft < MacOSFilesMax)
            {
                raised.Soft = MacOSFilesMax;
                _ = SetLimit(s_descriptors, &raised);
            }
        }
        return OpenFilesLimit();
    }

    /// <summary>Whether there is a process with this number, of whatever user.</summary>
    public static bool IsRunning(int processId) =>
        OperatingSystem.IsWindows() ? WindowsThread.IsProcess(processId) : Signals.IsProcess(processId);

    /// <summary>Binds the calling thread to one CPU (0 to 1023); 0, or a negative errno: only Linux can.</summary>
    public static int PinThread(int cpu)
    {
        if (!OperatingSystem.IsLinux())
        {
            return -Errno.EOPNOTSUPP;
        }
        if (cpu is < 0 or >= CpuSetSize * 8)
        {
            return -Errno.EINVAL;
        }
        byte* mask = stackalloc byte[CpuSetSize];
        new Span<byte>(mask, CpuSetSize).Clear();
        mask[cpu / 8] = (byte)(1 << (cpu % 8));
        return Libc.Result(SetAffinity(0, CpuSetSize, mask));
    }

    private static long Microseconds(long ticks) => ticks / TimeSpan.TicksPerMicrosecond;

    private static CpuTimes Usage(int who)
    {
        ResourceUsage usage;
        if (GetUsage(who, &usage) < 0)
        {
            return default;
        }
        return new CpuTimes((usage.UserSeconds * 1_000_000) + usage.UserUs, (usage.SystemSeconds * 1_000_000) + usage.SystemUs);
    }

    private static int ReadAll(ReadOnlySpan<byte> zeroEndedPath, Span<byte> destination)
    {
        int descriptor;
        fixed (byte* path = zeroEndedPath)
        {
            descriptor = Libc.Result(Open(path, 0));
        }
        if (descriptor < 0)
        {
            return 0;
        }
        long length = Files.read(descriptor, destination);
        Files.close(descriptor);
        return (int)Math.Max(length, 0);
    }

    /// <summary><c>struct rusage</c> of 64-bit Linux: two times, then fourteen counters that are not used here.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 144)]
    internal struct ResourceUsage
    {
        internal long UserSeconds;
        internal long UserUs;
        internal long SystemSeconds;
        internal long SystemUs;
    }

    /// <summary><c>struct rlimit</c> of 64-bit Linux.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct ResourceLimit
    {
        internal ulong Soft;
        internal ulong Hard;
    }

    /// <summary><c>struct sysinfo</c> of 64-bit Linux.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 112)]
    internal struct SystemInfo
    {
        [FieldOffset(32)] internal ulong TotalRam;
        [FieldOffset(40)] internal ulong FreeRam;
        [FieldOffset(104)] internal uint Unit;
    }

    [LibraryImport(Libc.Name, EntryPoint = "open")]
    private static partial int Open(byte* path, int flags);

    [LibraryImport(Libc.Name, EntryPoint = "getrusage")]
    private static partial int GetUsage(int who, ResourceUsage* usage);

    [LibraryImport(Libc.Name, EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, Timespec* time);

    [LibraryImport(Libc.Name, EntryPoint = "getrlimit")]
    private static partial int GetLimit(int resource, ResourceLimit* limit);

    [LibraryImport(Libc.Name, EntryPoint = "setrlimit")]
    private static partial int SetLimit(int resource, ResourceLimit* limit);

    [LibraryImport(Libc.Name, EntryPoint = "sysinfo")]
    private static partial int SystemInformation(SystemInfo* info);

    [LibraryImport(Libc.Name, EntryPoint = "sched_setaffinity")]
    private static partial int SetAffinity(int process, nuint size, byte* mask);
}
