using Bixbite.Logging;
using Bixbite.Platform;
using Xunit;

namespace Bixbite.Unit.Logging;

public sealed class CrashReportTests : IDisposable
{
    private readonly TempDirectory _folder = new();
    private readonly ManualClock _clock = new();
    private readonly ServerLog _log;
    private readonly CrashReport _report;

    public CrashReportTests()
    {
        _log = new ServerLog(_clock, Path.Combine(_folder.Path, "log")) { Threshold = LogLevel.Nothing };
        _report = new CrashReport(_log, _clock, "1.2.3") { CurrentCommand = () => "config|set", UsedMemory = () => 12345 };
    }

    public void Dispose()
    {
        _log.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void SaysWhatWhereAndWhen()
    {
        _clock.AdvanceMs(90_000);
        try
        {
            throw new InvalidOperationException("the defect");
        }
        catch (InvalidOperationException failure)
        {
            _report.Write(failure);
        }
        string text = File.ReadAllText(Path.Combine(_folder.Path, "log"));
        foreach (string part in (string[])
            ["BUG REPORT START", "bixbite_version:1.2.3", "uptime_in_seconds:90", "command:config|set", "used_memory:12345", "the defect",
             nameof(SaysWhatWhereAndWhen), "BUG REPORT END"])
        {
            Assert.Contains(part, text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void RuinedStateLeavesAGap()
    {
        _report.CurrentCommand = () => throw new InvalidOperationException();
        Assert.Contains("command:(none)", _report.Compose("x"), StringComparison.Ordinal);
    }

    [Fact]
    public void CanBeSwitchedOff()
    {
        _report.IsOn = false;
        _report.Write("x");
        Assert.False(File.Exists(Path.Combine(_folder.Path, "log")));
    }
}
