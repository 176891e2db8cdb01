using System.Globalization;
using System.Text;
using Bixbite.Keyspace;
using Bixbite.Types.Strings;
using Xunit;
using Record = Bixbite.Keyspace.Record;

namespace Bixbite.Unit.Keyspace;

/// <summary>Snapshots taken in slices while everything changes hold exactly what there was when they began.</summary>
public sealed class SnapshotTests : IDisposable
{
    private const int KeyCount = 3_000;
    private const int ChangesPerSlice = 40;

    private readonly KeyspaceFixture _keyspace = new(databaseCount: 3);

    public void Dispose() => _keyspace.Dispose();

    [Fact]
    public void HoldsTheStateOfItsBeginning()
    {
        int seed = Random.Shared.Next();
        TestContext.Current.SendDiagnosticMessage($"seed {seed}");
        var random = new Random(seed);
        for (int i = 0; i < 2 * KeyCount; i++)
        {
            Change(random);
        }
        for (int round = 0; round < 5; round++)
        {
            Dictionary<string, string> expected = Content();
            var sink = new Sink();
            Snapshot snapshot = _keyspace.Databases.BeginSnapshot(sink);
            while (!snapshot.Run(() => random.Next(3) == 0))
            {
                for (int i = 0; i < ChangesPerSlice; i++)
                {
                    Change(random);
                }
            }
            Assert.Equal(expected, sink.Taken);
            Assert.Equal(expected.Count, snapshot.TakenCount);
            Assert.Equal(expected.Count, snapshot.KeyCount);
        }
    }

    [Fact]
    public void OutlivesFlushAndSwap()
    {
        var random = new Random(5);
        for (int i = 0; i < 2 * KeyCount; i++)
        {
            Change(random);
        }
        Dictionary<string, string> expected = Content();
        var sink = new Sink();
        Snapshot snapshot = _keyspace.Databases.BeginSnapshot(sink);
        snapshot.Run(() => true);
        _keyspace.Databases.Swap(0, 1);
        _keyspace.Databases.Flush(_keyspace.Databases[0], lazily: false);
        _keyspace.Databases.Flush(_keyspace.Databases[2], lazily: true);
        Change(random);
        while (!snapshot.Run(() => true))
        {
        }
        Assert.Equal(expected, sink.Taken);
        Assert.True(_keyspace.LazyFree.PendingCount > 0);
    }

    [Fact]
    public void EndsWhenItIsCancelled()
    {
        var random = new Random(6);
        for (int i = 0; i < KeyCount; i++)
        {
            Change(random);
        }
        var sink = new Sink();
        Snapshot snapshot = _keyspace.Databases.BeginSnapshot(sink);
        snapshot.Run(() => true);
        snapshot.Cancel();
        long taken = snapshot.TakenCount;
        for (int i = 0; i < KeyCount; i++)
        {
            Change(random);
        }
        Assert.True(snapshot.IsOver);
        Assert.Equal(taken, snapshot.TakenCount);

        Dictionary<string, string> expected = Content();
        sink = new Sink();
        snapshot = _keyspace.Databases.BeginSnapshot(sink);
        Assert.True(snapshot.Run(() => false));
        Assert.Equal(expected, sink.Taken);
    }

    private static string Describe(int database, Record record) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Encoding.ASCII.GetString(record.Text(new byte[24]))} until {record.DeadlineMs} in {database}");

    private Dictionary<string, string> Content()
    {
        var content = new Dictionary<string, string>();
        var found = new List<Record>();
        foreach (Database database in _keyspace.Databases.All)
        {
            ulong cursor = 0;
            do
            {
                found.Clear();
                cursor = database.Scan(cursor, 100, found);
                foreach (Record record in found)
                {
                    content.Add($"{database.Number}/{Encoding.ASCII.GetString(record.Key)}", Describe(database.Number, record));
                }
            }
            while (cursor != 0);
        }
        return content;
    }

    private void Change(Random random)
    {
        Database database = _keyspace.Databases[random.Next(2) * random.Next(3)];
        byte[] key = Encoding.ASCII.GetBytes($"key:{random.Next(KeyCount)}");
        KeyRef at = database.Find(key);
        switch (random.Next(6))
        {
            case 0 when at.Exists:
                database.Remove(ref at);
                break;
            case 1 when at.Exists:
                database.SetDeadline(ref at, random.Next(1000) + 1);
                break;
            case 2 when at.Exists:
                database.EditText(ref at, key, random.Next(60)).Fill((byte)'e');
                break;
            case 3 when at.Exists && at.Record.StringEncoding == StringEncoding.Integer:
                database.SetInteger(ref at, random.NextInt64());
                break;
            case 4 when at.Exists:
                byte[] name = Encoding.ASCII.GetBytes($"key:{random.Next(KeyCount)}");
                Database target = _keyspace.Databases[random.Next(3)];
                KeyRef to = target.Find(name);
                if (!to.Exists)
                {
                    database.MoveTo(ref at, target, ref to, name);
                }
                break;
            default:
                database.Put(ref at, key, StringForm.Of(Encoding.ASCII.GetBytes($"{random.Next()}")), Deadline.Keep);
                break;
        }
    }

    private sealed class Sink : ISnapshotSink
    {
        public Dictionary<string, string> Taken { get; } = [];

        public void Take(int database, Record record) =>
            Taken.Add($"{database}/{Encoding.ASCII.GetString(record.Key)}", Describe(database, record));
    }
}
