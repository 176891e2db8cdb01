using Bixbite.Logging;
using Bixbite.Platform;
using Xunit;

namespace Bixbite.Unit.Logging;

public sealed class CrashReportTests : IDisposable
{
    private readonly TempDirectory folder = new();
    private readonly ManualClock clock = new();
    private readonly ServerLog log;
    private readonly CrashReport report;

    public CrashReportTests()
    {
        log = new ServerLog(clock, Path.Combine(folder.Path, "log")) { Threshold = LogLevel.Nothing };
        report = new CrashReport(log, clock, "1.2.3") { CurrentCommand = () => "config|set", UsedMemory = () => 12345 };
    }

    public void Dispose()
    {
        log.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void SaysWhatWhereAndWhen()
    {
        clock.AdvanceMs(90_000);
        try
        {
            throw new InvalidOperationException("the defect");
        }
        catch (InvalidOperationException failure)
        {
            report.Write(failure);
        }
        string text = File.ReadAllText(Path.Combine(folder.Path, "log"));
        foreach (string part in (string[])
            ["BUG REPORT START", "bixbite_version:1.2.3", "uptime_in_seconds:90", "command:config|set", "used_memory:12345", "the defect",
             nameof(SaysWhatWhereAndWhen), "BUG REPORT END"])
            Assert.Contains(part, text, StringComparison.Ordinal);
    }

    [Fact]
    public void RuinedStateLeavesAGap()
    {
        report.CurrentCommand = () => throw new InvalidOperationException();
        Assert.Contains("command:(none)", report.Compose("x"), StringComparison.Ordinal);
    }

    [Fact]
    public void CanBeSwitchedOff()
    {
        report.IsOn = false;
        report.Write("x");
        Assert.False(File.Exists(Path.Combine(folder.Path, "log")));
    }
}
