using System.Text;
using Bixbite.Keyspace;
using Bixbite.Logging;
using Bixbite.Persistence.Aof;
using Bixbite.Persistence.Saving;
using Bixbite.Platform;
using Xunit;

namespace Bixbite.Unit.Persistence.Aof;

/// <summary>A folder in memory with a log, and who repeats its requests.</summary>
internal sealed class LogFixture : IDisposable
{
    public const string Name = "appendonly.aof";
    public const string Folder = "/data/appendonlydir";
    public const string First = Folder + "/appendonly.aof.1.incr.aof";
    public const string Second = Folder + "/appendonly.aof.2.incr.aof";

    private readonly ValueFixture _values = new();
    private readonly string _logPath = Path.GetTempFileName();
    private readonly ServerLog _log;

    public LogFixture() => _log = new ServerLog(new ManualClock(), _logPath);

    public MemoryDisk Disk { get; } = new();

    public NotedReplay Replay { get; set; } = new();

    public AofLoadOptions Options { get; set; } = new();

    /// <summary>What was told.</summary>
    public string Told => File.ReadAllText(_logPath);

    /// <summary>Bytes of a request for each line of words.</summary>
    public static byte[] Requests(params string[] lines) => [.. lines.SelectMany(line => Request(line.Split(' ')))];

    public static byte[] Request(params string[] words)
    {
        var text = new StringBuilder().Append(System.Globalization.CultureInfo.InvariantCulture, $"*{words.Length}\r\n");
        foreach (string word in words)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"${word.Length}\r\n{word}\r\n");
        }
        return Encoding.Latin1.GetBytes(text.ToString());
    }

    /// <summary>A log of increments with these contents.</summary>
    public void Write(params byte[][] increments)
    {
        var manifest = new AofManifest();
        foreach (byte[] increment in increments)
        {
            Disk.Files[$"{Folder}/{manifest.AddIncrement(Name).Name}"] = increment;
        }
        Disk.Files[$"{Folder}/{AofManifest.NameFor(Name)}"] = manifest.Format();
    }

    /// <summary>Loads the log with a replay of its own; null, or what is wrong.</summary>
    public string? Load(Func<bool>? isPaused = null)
    {
        var databases = new Databases(1, _values.Values, new AccessClock(new CommandTime()), _values.LazyFree);
        Replay = new NotedReplay { Unknown = { "NOSUCH" } };
        using var loader = new AofLoader(
            new AofDirectory(Disk, Folder, Name), databases, new AccessClock(new CommandTime()), _values.Heap, Replay,
            new SavingTools(Disk, new ManualClock(), _log, new NoGauge()), Options);
        while (!loader.Run(isPaused ?? (static () => false)))
        {
        }
        if (loader.Problem is null)
        {
            Assert.Equal(loader.BytesTotal, loader.BytesRead);
        }
        return loader.Problem;
    }

    public void Dispose()
    {
        _log.Dispose();
        File.Delete(_logPath);
        _values.Dispose();
    }

    private sealed class NoGauge : IMemoryGauge
    {
        public long UsedBytes => 0;

        public bool IsOverLimit => false;

        public bool IsOverLimitWith(long added) => false;

        public bool IsOverLimitWithoutData(long added) => false;

        public bool IsLimitHeldByClients => false;

        public bool IsExcusing
        {
            set
            {
            }
        }
    }
}
