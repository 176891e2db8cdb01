using Bixbite.Commands.Observability.Shared;
using Bixbite.Engine.Observability;
using Xunit;

namespace Bixbite.Unit.Commands.Observability;

public sealed class DoctorTests
{
    private const long Mebi = 1024 * 1024;

    private static readonly MemoryOverview s_healthy = new()
    {
        Used = 100 * Mebi,
        Peak = 100 * Mebi,
        Startup = Mebi,
        Data = 90 * Mebi,
        Mapped = 95 * Mebi,
        Kept = 0,
        Resident = 110 * Mebi,
        Clients = Mebi,
        Tables = 0,
        Excused = 0,
        Workspace = Mebi,
        AofBuffer = 0,
        Runtime = Mebi,
        Indexes = 10 * Mebi,
        KeyCount = 1000,
    };

    [Fact]
    public void Memory_is_examined()
    {
        Assert.Contains("almost empty", MemoryDoctor.Report(s_healthy with { Used = Mebi }, 0, 10), StringComparison.Ordinal);
        Assert.Contains("No problem", MemoryDoctor.Report(s_healthy, 0, 10), StringComparison.Ordinal);
        Assert.Contains("Peak:", MemoryDoctor.Report(s_healthy with { Peak = 200 * Mebi }, 0, 10), StringComparison.Ordinal);
        Assert.Contains("Fragmentation:", MemoryDoctor.Report(s_healthy with { Mapped = 190 * Mebi }, 0, 10), StringComparison.Ordinal);
        Assert.Contains("Process:", MemoryDoctor.Report(s_healthy with { Resident = 200 * Mebi }, 0, 10), StringComparison.Ordinal);
        Assert.Contains("Clients:", MemoryDoctor.Report(s_healthy with { Clients = 91 * Mebi }, 0, 10), StringComparison.Ordinal);
        Assert.Contains("Limit:", MemoryDoctor.Report(s_healthy, 101 * Mebi, 10), StringComparison.Ordinal);
    }

    [Fact]
    public void Memory_is_summed_up()
    {
        Assert.Equal(80 * Mebi, s_healthy.Dataset);
        Assert.Equal(20 * Mebi, s_healthy.Overhead);
        Assert.Equal(105 * Mebi, s_healthy.Active);
        Assert.Equal(100, s_healthy.PeakPercent);
        Assert.Equal(80 * 100.0 / 99, s_healthy.DatasetPercent, precision: 9);
        Assert.Equal(99 * Mebi / 1000, s_healthy.BytesPerKey);
    }

    [Fact]
    public void Latency_is_explained()
    {
        var monitor = new LatencyMonitor();
        Assert.Contains("is off", LatencyDoctor.Report(monitor, 0), StringComparison.Ordinal);
        monitor.ThresholdMs = 10;
        Assert.Contains("No event", LatencyDoctor.Report(monitor, 0), StringComparison.Ordinal);
        monitor.Add("command", 100, unixSeconds: 1000);
        monitor.Add("command", 200, unixSeconds: 1001);
        string report = LatencyDoctor.Report(monitor, 1010);
        Assert.Contains("command: 2 latency spikes in the last 10 seconds, 150 ms on average", report, StringComparison.Ordinal);
        Assert.Contains("(mean deviation 50 ms). The longest ever took 200 ms.", report, StringComparison.Ordinal);
        Assert.Contains("SLOWLOG GET", report, StringComparison.Ordinal);
    }
}
