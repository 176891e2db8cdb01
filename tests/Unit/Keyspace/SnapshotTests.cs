using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Bixbite.Keyspace;
using Bixbite.Types.Saving;
using Bixbite.Types.Strings;
using Xunit;
using Record = Bixbite.Keyspace.Record;

namespace Bixbite.Unit.Keyspace;

/// <summary>Snapshots taken in slices while everything changes hold exactly what there was when they began.</summary>
public sealed class SnapshotTests : IDisposable
{
    private const int KeyCount = 3_000;
    private const int ChangesPerSlice = 40;
    private const int LargeCount = 12;

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

    [Fact]
    public void HoldsLargeStringsWhateverHappensToThem()
    {
        int seed = Random.Shared.Next();
        TestContext.Current.SendDiagnosticMessage($"seed {seed}");
        var random = new Random(seed);
        for (int round = 0; round < 6; round++)
        {
            for (int i = 0; i < LargeCount * 3; i++)
            {
                ChangeLarge(random);
            }
            Dictionary<string, string> expected = Content();
            var sink = new Sink();
            Snapshot snapshot = _keyspace.Databases.BeginSnapshot(sink, isByKey: round == 5);
            bool isCancelled = round == 3;
            for (int slice = 0; !snapshot.Run(() => true) && (!isCancelled || slice < 20); slice++)
            {
                for (int i = random.Next(3); i > 0; i--)
                {
                    ChangeLarge(random);
                }
                if (random.Next(60) == 0)
                {
                    _keyspace.Databases.Swap(0, 1);
                }
                if (random.Next(60) == 0)
                {
                    _keyspace.Databases.Flush(_keyspace.Databases[random.Next(3)], random.Next(2) == 0);
                }
            }
            if (isCancelled)
            {
                snapshot.Cancel();
                continue;
            }
            Assert.Equal(expected, sink.Taken);
            Assert.Equal(expected.Count, snapshot.TakenCount);
        }
        foreach (Database database in _keyspace.Databases.All)
        {
            _keyspace.Databases.Flush(database, lazily: false);
        }
        _keyspace.LazyFree.Run(() => false);
        Assert.Equal(0, _keyspace.Databases.Values.Pinned.Count);
    }

    [Fact]
    public void TakesOneKeyAStepIfAskedTo()
    {
        for (int i = 0; i < 50; i++)
        {
            _keyspace.Put($"key:{i}", "value");
        }
        Snapshot snapshot = _keyspace.Databases.BeginSnapshot(new Sink(), isByKey: true);
        for (long taken = 0; !snapshot.Run(() => true); taken = snapshot.TakenCount)
        {
            Assert.InRange(snapshot.TakenCount, taken, taken + 1);
        }
        Assert.Equal(50, snapshot.TakenCount);
    }

    private static byte[] Noise(Random random, int size)
    {
        byte[] bytes = new byte[size];
        random.NextBytes(bytes);
        return bytes;
    }

    private void ChangeLarge(Random random)
    {
        Database database = _keyspace.Databases[random.Next(3)];
        byte[] key = Encoding.ASCII.GetBytes($"large:{random.Next(LargeCount)}");
        KeyRef at = database.Find(key);
        if (!at.Exists)
        {
            database.Put(ref at, key, StringForm.Of(Noise(random, random.Next(1_000_000))), Deadline.None);
            return;
        }
        long length = at.Record.TextLength;
        switch (random.Next(8))
        {
            case 0:
                database.Remove(ref at);
                break;
            case 1:
                database.Put(ref at, key, StringForm.Of(Noise(random, random.Next(1_000_000))), Deadline.Keep);
                break;
            case 2:
                database.SetDeadline(ref at, random.Next(1000) + 1);
                break;
            case 3:
                byte[] more = Noise(random, random.Next(200_000));
                more.CopyTo(database.EditText(ref at, key, length + more.Length, length)[(int)length..]);
                break;
            case 4:
                byte[] name = Encoding.ASCII.GetBytes($"large:{random.Next(LargeCount)}");
                KeyspaceFixture.MoveIfFree(database, ref at, _keyspace.Databases[random.Next(3)], name);
                break;
            case 5:
                KeyspaceFixture.CopyIfFree(database, at, Encoding.ASCII.GetBytes("copy"));
                break;
            default:
                long start = random.NextInt64(length + 1);
                byte[] piece = Noise(random, random.Next(60_000));
                piece.CopyTo(database.EditText(ref at, key, start + piece.Length, start, piece.Length)[(int)start..]);
                break;
        }
    }

    private static string Describe(int database, Record record) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Text(record.Text(new byte[24]))} until {record.DeadlineMs} in {database}");

    private static string Text(ReadOnlySpan<byte> text) =>
        text.Length <= 24 ? Encoding.ASCII.GetString(text) : Convert.ToHexString(SHA256.HashData(text));

    private Dictionary<string, string> Content() => KeyspaceFixture.Content(_keyspace.Databases, Describe);

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
                KeyspaceFixture.MoveIfFree(database, ref at, _keyspace.Databases[random.Next(3)], name);
                break;
            default:
                database.Put(ref at, key, StringForm.Of(Encoding.ASCII.GetBytes($"{random.Next()}")), Deadline.Keep);
                break;
        }
    }

    private sealed class Sink : ISnapshotSink
    {
        private int _attachedCount;

        public Dictionary<string, string> Taken { get; } = [];

        public void Take(int database, Record record) =>
            Add($"{database}/{Encoding.ASCII.GetString(record.Key)}", Describe(database, record));

        public ISavedValue Open(int database, Record record) => new Saved(this, database, record);

        private void Add(string key, string content)
        {
            Assert.Equal(0, _attachedCount);
            Taken.Add(key, content);
        }

        /// <summary>A value in pieces; only one at a time may be attached.</summary>
        private sealed class Saved(Sink sink, int database, Record record) : ISavedValue, IValueSink
        {
            private readonly string _key = $"{database}/{Encoding.ASCII.GetString(record.Key)}";
            private readonly long _deadlineMs = record.DeadlineMs;
            private readonly ArrayBufferWriter<byte> _text = new();
            private long _length;
            private string? _whole;

            public void Discard()
            {
            }

            public void Attach() => Assert.Equal(1, ++sink._attachedCount);

            public IValueSink Begin(Record record)
            {
                _length = record.TextLength;
                return this;
            }

            public void Take(Record record) => _whole = Describe(database, record);

            public void Text(ReadOnlySpan<byte> piece) => _text.Write(piece);

            public void EndElement() => Assert.Fail("There are only strings.");

            public void Close()
            {
                sink._attachedCount--;
                if (_whole is null)
                {
                    Assert.Equal(_length, _text.WrittenCount);
                }
                sink.Add(
                    _key,
                    _whole ?? string.Create(
                        CultureInfo.InvariantCulture, $"{SnapshotTests.Text(_text.WrittenSpan)} until {_deadlineMs} in {database}"));
            }
        }
    }
}
