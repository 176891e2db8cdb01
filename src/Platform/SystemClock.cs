using System.Diagnostics;

namespace Bixbite.Platform;

/// <summary>The machine's clocks. They are read in user space, in some 25 ns, the coarse one in 5; a thread's by a system call.</summary>
public sealed class SystemClock : IClock
{
    /// <summary>A constant, so that nothing is divided by a number that only running tells. Windows counts otherwise.</summary>
    private const long TicksPerUs = 1000;

    private SystemClock() => Debug.Assert(
        OperatingSystem.IsWindows() || Stopwatch.Frequency == TicksPerUs * 1_000_000, "Ticks are nanoseconds on this system.");

    public static SystemClock Instance { get; } = new();

    public long UnixMs => (DateTime.UtcNow.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMillisecond;

    public long UnixUs => (DateTime.UtcNow.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    public long MonotonicUs => OperatingSystem.IsWindows()
        ? Stopwatch.GetElapsedTime(0).Ticks / TimeSpan.TicksPerMicrosecond
        : Stopwatch.GetTimestamp() / TicksPerUs;

    public long CoarseMs => Environment.TickCount64;

    public long ThreadCpuUs => ProcessFacts.ThreadCpuUs();
}
