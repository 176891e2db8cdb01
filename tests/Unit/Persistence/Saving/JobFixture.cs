using System.Globalization;
using System.Text;
using Bixbite.Configuration;
using Bixbite.Keyspace;
using Bixbite.Logging;
using Bixbite.Persistence.Loading;
using Bixbite.Persistence.Saving;
using Bixbite.Persistence.Values;
using Bixbite.Platform;
using Bixbite.Types;
using Bixbite.Types.Hashes;
using Bixbite.Types.Saving;
using Bixbite.Unit.Keyspace;
using Bixbite.Unit.Persistence.Aof;
using Record = Bixbite.Keyspace.Record;

namespace Bixbite.Unit.Persistence.Saving;

/// <summary>A keyspace whose snapshots go wherever a test wants them, and how they have ended.</summary>
internal sealed class JobFixture : IDisposable
{
    private readonly string _logPath = Path.GetTempFileName();
    private readonly ServerLog _log;

    public JobFixture()
    {
        _log = new ServerLog(new ManualClock(), _logPath);
        var settings = new Settings();
        Tools = new SavingTools(Disk, Keyspace.Clock, _log, Keyspace);
        Jobs = new SnapshotJobs(
            Keyspace.Databases, Keyspace.Access, new SnapshotSettings(settings), new MemorySettings(settings), Tools);
    }

    public KeyspaceFixture Keyspace { get; } = new();

    public MemoryDisk Disk { get; } = new();

    public SavingTools Tools { get; }

    public SnapshotJobs Jobs { get; }

    public SnapshotMemories Memory => Keyspace.Databases.Values.Saving;

    /// <summary>Of the jobs that are over, in that order.</summary>
    public List<SnapshotEnd> Ends { get; } = [];

    /// <summary>Strings of all sizes in two databases.</summary>
    public void Fill(int count)
    {
        var random = new Random(7);
        for (int i = 0; i < count; i++)
        {
            int length = i % 50 == 0 ? 40_000 : i % 10;
            string value = random.GetString("0123456789abcdefghijklmnopqrstuvwxyz", length);
            Keyspace.Put(string.Create(CultureInfo.InvariantCulture, $"key:{i}"), value, database: i % 2);
        }
    }

    public SnapshotJob Begin(ISnapshotTarget target)
    {
        var options = new RdbFileOptions(true, true, false, AccessKept.None, 1_700_000_000, 0);
        return Jobs.Begin(
            target,
            pipe => new RdbFileEncoder(pipe, Keyspace.Databases, Keyspace.Access, Tools, options),
            Ends.Add);
    }

    public NewFile File(string path) => new(Disk, path, path + ".temp");

    /// <summary>Goes on as the cron does, until all jobs are over.</summary>
    public void RunToEnd()
    {
        while (Jobs.IsRunning)
        {
            if (!Jobs.Run(static () => true))
            {
                Thread.Sleep(1);
            }
        }
    }

    /// <summary>What an RDB file holds, as text.</summary>
    public static Dictionary<string, string> ContentOf(byte[] bytes)
    {
        using var other = new KeyspaceFixture();
        var disk = new MemoryDisk { Files = { ["file"] = bytes } };
        disk.Open("file", out IDiskFile? file);
        using var loader = new RdbLoader(
            new FileSource(file!, "file"), other.Databases, other.Access, new RdbLoadOptions(0, ValueCodecs.BuiltIn));
        loader.Run(static () => false);
        Xunit.Assert.Null(loader.Problem);
        return ContentOf(other);
    }

    public static Dictionary<string, string> ContentOf(KeyspaceFixture keyspace) =>
        KeyspaceFixture.Content(keyspace.Databases, (_, record) => TextOf(keyspace.Databases.Values, record));

    private static string TextOf(ValueContext values, Record record)
    {
        if (record.Type == KeyType.String)
        {
            return Encoding.Latin1.GetString(record.Text(new byte[24]));
        }
        var fields = new List<string>();
        var reading = new RecordReading(values, record);
        var visitor = new FieldTexts(fields);
        new HashValue(reading.Open()).Visit(ref visitor);
        fields.Sort(StringComparer.Ordinal);
        return string.Join(',', fields);
    }

    private readonly struct FieldTexts(List<string> fields) : IFieldVisitor
    {
        public void Visit(scoped ReadOnlySpan<byte> field, scoped ReadOnlySpan<byte> value, long deadlineMs) =>
            fields.Add($"{Encoding.Latin1.GetString(field)}={Encoding.Latin1.GetString(value)}");
    }

    public void Dispose()
    {
        Jobs.Dispose();
        Keyspace.Dispose();
        _log.Dispose();
        System.IO.File.Delete(_logPath);
    }
}
