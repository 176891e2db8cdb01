using Bixbite.Logging;
using Bixbite.Platform;
using Xunit;

namespace Bixbite.Unit.Logging;

public sealed class ServerLogTests : IDisposable
{
    private readonly TempDirectory _folder = new();
    private readonly ManualClock _clock = new();
    private readonly ServerLog _log;
    private readonly string _path;

    public ServerLogTests()
    {
        _path = Path.Combine(_folder.Path, "server.log");
        _log = new ServerLog(_clock, _path);
    }

    public void Dispose()
    {
        _log.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void LinesHaveTheFormThatToolsKnow()
    {
        _log.Write(LogLevel.Notice, "Ready to accept connections tcp");
        string time = DateTime.UnixEpoch.AddMilliseconds(_clock.UnixMs).ToLocalTime()
            .ToString("dd MMM yyyy HH:mm:ss.fff", System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal($"{Environment.ProcessId}:M {time} * Ready to accept connections tcp\n", File.ReadAllText(_path));
        Assert.Matches(@"^\d+:M \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d\.\d{3} \* Ready", File.ReadAllText(_path));
    }

    [Fact]
    public void OnlyTheWantedLevelsAreWritten()
    {
        _log.Threshold = LogLevel.Verbose;
        _log.Write(LogLevel.Debug, "no");
        _log.Write(LogLevel.Verbose, "verbose");
        _log.Write(LogLevel.Notice, "notice");
        _log.Write(LogLevel.Warning, $"warning {1 + 1}");
        _log.Threshold = LogLevel.Debug;
        _log.Write(LogLevel.Debug, "debug");
        _log.Threshold = LogLevel.Nothing;
        _log.Write(LogLevel.Warning, "no");
        Assert.Equal(["- verbose", "* notice", "# warning 2", ". debug"], Texts());
    }

    [Fact]
    public void TextThatNobodyReadsIsNotPutTogether()
    {
        int askedCount = 0;
        _log.Write(LogLevel.Debug, $"{Ask()}");
        Assert.Equal(0, askedCount);
        _log.Write(LogLevel.Notice, $"{Ask():x}");
        Assert.Equal(["* 1"], Texts());

        int Ask() => ++askedCount;
    }

    [Fact]
    public void ControlCharactersAreEscapedAndLongTextIsCut()
    {
        _log.Write(LogLevel.Notice, "a\nb\tc\u0001\u007f é");
        _log.Write(LogLevel.Notice, new string('é', 5000));
        Assert.Equal(@"* a\nb\tc\x01\x7f é", Texts()[0]);
        Assert.InRange(new FileInfo(_path).Length, 4096, 4200);
        Assert.EndsWith("é", Texts()[1], StringComparison.Ordinal);
    }

    [Fact]
    public void ARotatedFileIsLetGo()
    {
        _log.Write(LogLevel.Notice, "one");
        File.Move(_path, _path + ".1");
        _clock.AdvanceMs(1001);
        _log.Write(LogLevel.Notice, "two");
        Assert.Equal(["* two"], Texts());
    }

    [Fact]
    public void AFileThatCannotBeWrittenIsNoReasonToStop()
    {
        using ServerLog lost = new(_clock, Path.Combine(_folder.Path, "none/x.log"));
        lost.Write(LogLevel.Warning, "unheard");
        lost.WriteRaw("unheard");
    }

    [Fact]
    public void ThreadsDoNotMixTheirLines()
    {
        Parallel.For(0, 400, i => _log.Write(LogLevel.Notice, $"line {i} {new string('x', i)}"));
        Assert.All(Texts(), text => Assert.Matches(@"^\* line \d+ x*$", text));
        Assert.Equal(400, Texts().Length);
    }

    /// <summary>The lines from their level on.</summary>
    private string[] Texts() => [.. File.ReadAllLines(_path).Select(line => line[(line.IndexOf(':', StringComparison.Ordinal) + 28)..])];
}
