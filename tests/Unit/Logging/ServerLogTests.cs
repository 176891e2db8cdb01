using Bixbite.Logging;
using Bixbite.Platform;
using Xunit;

namespace Bixbite.Unit.Logging;

public sealed class ServerLogTests : IDisposable
{
    private readonly TempDirectory folder = new();
    private readonly ManualClock clock = new();
    private readonly ServerLog log;
    private readonly string path;

    public ServerLogTests()
    {
        path = Path.Combine(folder.Path, "server.log");
        log = new ServerLog(clock, path);
    }

    public void Dispose()
    {
        log.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void LinesHaveTheFormThatToolsKnow()
    {
        log.Write(LogLevel.Notice, "Ready to accept connections tcp");
        string time = DateTime.UnixEpoch.AddMilliseconds(clock.UnixMs).ToLocalTime()
            .ToString("dd MMM yyyy HH:mm:ss.fff", System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal($"{Environment.ProcessId}:M {time} * Ready to accept connections tcp\n", File.ReadAllText(path));
        Assert.Matches(@"^\d+:M \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d\.\d{3} \* Ready", File.ReadAllText(path));
    }

    [Fact]
    public void OnlyTheWantedLevelsAreWritten()
    {
        log.Threshold = LogLevel.Verbose;
        log.Write(LogLevel.Debug, "no");
        log.Write(LogLevel.Verbose, "verbose");
        log.Write(LogLevel.Notice, "notice");
        log.Write(LogLevel.Warning, $"warning {1 + 1}");
        log.Threshold = LogLevel.Debug;
        log.Write(LogLevel.Debug, "debug");
        log.Threshold = LogLevel.Nothing;
        log.Write(LogLevel.Warning, "no");
        Assert.Equal(["- verbose", "* notice", "# warning 2", ". debug"], Texts());
    }

    [Fact]
    public void TextThatNobodyReadsIsNotPutTogether()
    {
        int askedCount = 0;
        log.Write(LogLevel.Debug, $"{Ask()}");
        Assert.Equal(0, askedCount);
        log.Write(LogLevel.Notice, $"{Ask():x}");
        Assert.Equal(["* 1"], Texts());

        int Ask() => ++askedCount;
    }

    [Fact]
    public void ControlCharactersAreEscapedAndLongTextIsCut()
    {
        log.Write(LogLevel.Notice, "a\nb\tc\u0001\u007f é");
        log.Write(LogLevel.Notice, new string('é', 5000));
        Assert.Equal(@"* a\nb\tc\x01\x7f é", Texts()[0]);
        Assert.InRange(new FileInfo(path).Length, 4096, 4200);
        Assert.EndsWith("é", Texts()[1], StringComparison.Ordinal);
    }

    [Fact]
    public void ARotatedFileIsLetGo()
    {
        log.Write(LogLevel.Notice, "one");
        File.Move(path, path + ".1");
        clock.AdvanceMs(1001);
        log.Write(LogLevel.Notice, "two");
        Assert.Equal(["* two"], Texts());
    }

    [Fact]
    public void AFileThatCannotBeWrittenIsNoReasonToStop()
    {
        using ServerLog lost = new(clock, Path.Combine(folder.Path, "none/x.log"));
        lost.Write(LogLevel.Warning, "unheard");
        lost.WriteRaw("unheard");
    }

    [Fact]
    public void ThreadsDoNotMixTheirLines()
    {
        Parallel.For(0, 400, i => log.Write(LogLevel.Notice, $"line {i} {new string('x', i)}"));
        Assert.All(Texts(), text => Assert.Matches(@"^\* line \d+ x*$", text));
        Assert.Equal(400, Texts().Length);
    }

    /// <summary>The lines from their level on.</summary>
    private string[] Texts() => [.. File.ReadAllLines(path).Select(line => line[(line.IndexOf(':', StringComparison.Ordinal) + 28)..])];
}
