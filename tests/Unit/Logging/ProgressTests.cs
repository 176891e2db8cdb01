using Bixbite.Logging;
using Bixbite.Platform;
using Xunit;

namespace Bixbite.Unit.Logging;

public sealed class ProgressTests
{
    [Theory]
    [InlineData(4000, "Loading: 25.0%, 100 bytes/s, 30 seconds left")]
    [InlineData(0, "Loading: 1000 bytes, 100 bytes/s")]
    public void ALineTellsWhatIsKnown(long total, string expected)
    {
        List<string> lines = [];
        using ServerLog log = new(new ManualClock(), (_, line) => lines.Add(line));
        Progress progress = new(log, "Loading", "bytes", total, nowUs: 0);
        progress.Report(100, 1_000_000);
        Assert.Empty(lines);
        progress.Report(1000, 10_000_000);
        progress.Report(1001, 10_000_001);
        Assert.EndsWith(expected, Assert.Single(lines), StringComparison.Ordinal);
    }
}
