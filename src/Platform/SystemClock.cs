using System.Diagnostics;

namespace Bixbite.Platform;

/// <summary>The machine's clocks. They are read in user space, in some 25 ns; a thread's by a system call.</summary>
public sealed class SystemClock : IClock
{
    private static readonly long s_ticksPerUs = Stopwatch.Frequency / 1_000_000;

    public static SystemClock Instance { get; } = new();

    public long UnixMs => (DateTime.UtcNow.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMillisecond;

    public long UnixUs => (DateTime.UtcNow.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    public long MonotonicUs => Stopwatch.GetTimestamp() / s_ticksPerUs;

    public long ThreadCpuUs => ProcessFacts.ThreadCpuUs();
}
