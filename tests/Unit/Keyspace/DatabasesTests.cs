using System.Text;
using Bixbite.Keyspace;
using Bixbite.Memory;
using Bixbite.Types;
using Bixbite.Types.Strings;
using Xunit;
using Record = Bixbite.Keyspace.Record;

namespace Bixbite.Unit.Keyspace;

/// <summary>Databases are made when they are used, cost nothing before and are given back when they are empty.</summary>
public sealed class DatabasesTests : IDisposable
{
    private readonly Heap _heap = new();
    private readonly LazyFree _lazyFree = new();
    private readonly Databases _databases;

    public DatabasesTests() =>
        _databases = new Databases(int.MaxValue, new ValueContext(_heap, seed: 42), new AccessClock(new CommandTime()), _lazyFree);

    public void Dispose() => _heap.Dispose();

    [Fact]
    public void ANumberThatIsOnlyReadCostsNothing()
    {
        long used = _heap.UsedBytes;
        for (int number = 1; number < 10_000; number++)
        {
            Database database = _databases[number];
            Assert.False(database.Find("key"u8).Exists);
            Assert.Equal(0, database.Count);
            Assert.Equal(0UL, database.Scan(0, 10, []));
            Assert.True(database.RandomRecord(new Random(1)).IsNone);
            Assert.Equal(0, database.IndexSize);
        }
        Assert.Equal(used, _heap.UsedBytes);
        Assert.Equal(1, _databases.All.Length);
    }

    [Fact]
    public void ANumberIsOneDatabaseForAllWhoHaveIt()
    {
        Database last = _databases[int.MaxValue - 1];
        Assert.Throws<ArgumentOutOfRangeException>(() => _databases[int.MaxValue]);
        Assert.Throws<ArgumentOutOfRangeException>(() => _databases[-1]);
        for (int round = 0; round < 3; round++)
        {
            Put(_databases[int.MaxValue - 1], "key");
            Assert.True(last.Find("key"u8).Exists);
            Assert.Same(last, _databases[int.MaxValue - 1]);
            Assert.Equal([0, int.MaxValue - 1], _databases.InOrder().Select(database => database.Number));
            Remove(last, "key");
            _databases.GiveBackSome(10);
            Assert.Equal([0], _databases.InOrder().Select(database => database.Number));
        }
    }

    [Fact]
    public void EmptiedOnesAreGivenBackAndOthersStay()
    {
        Put(_databases[0], "key");
        Remove(_databases[0], "key");
        Put(_databases[77], "stays");
        long used = _heap.UsedBytes;
        for (int number = 1_000; number < 101_000; number++)
        {
            Put(_databases[number], "key");
            Remove(_databases[number], "key");
        }
        Assert.Equal(100_002, _databases.All.Length);
        for (int i = 0; i < 110; i++)
        {
            _databases.GiveBackSome(1_000);
        }
        _lazyFree.Run(static () => false);
        Assert.Equal(used, _heap.UsedBytes);
        Assert.Equal([0, 77], _databases.InOrder().Select(database => database.Number));
        Assert.True(_databases[77].Find("stays"u8).Exists);
    }

    [Theory]
    [InlineData(0, 9)]
    [InlineData(9, 0)]
    [InlineData(5, 9)]
    [InlineData(9, 9)]
    public void ContentIsExchangedWithADatabaseThatIsNotThereYet(int first, int second)
    {
        Put(_databases[first], "key");
        _databases.Swap(first, second);
        Assert.True(_databases[second].Find("key"u8).Exists);
        Assert.Equal(first == second, _databases[first].Find("key"u8).Exists);
        Put(_databases[first], "other");
        Assert.Equal(first == second ? 2 : 1, _databases[second].Count);
        Assert.Equal(2, _databases.KeyCount);
        foreach (Database database in _databases.InOrder())
        {
            _databases.Flush(database, lazily: false);
        }
        _databases.GiveBackSome(10);
        Assert.Equal([0], _databases.InOrder().Select(database => database.Number));
    }

    [Fact]
    public void ASnapshotKeepsWhatItNeedsAndSeesNothingNew()
    {
        Put(_databases[3], "before");
        var taken = new List<string>();
        Snapshot snapshot = _databases.BeginSnapshot(new Sink(taken));
        Put(_databases[4], "after");
        Put(_databases[3], "too late");
        Remove(_databases[3], "before");
        Remove(_databases[3], "too late");
        _databases.GiveBackSome(10);
        _databases.Swap(3, 8);
        _databases.GiveBackSome(10);
        Assert.True(snapshot.Run(static () => false));
        Assert.Equal(["3:before"], taken);
        _databases.GiveBackSome(10);
        Assert.Equal([0, 4], _databases.InOrder().Select(database => database.Number));
    }

    private static void Put(Database database, string key)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(key);
        KeyRef at = database.Find(bytes);
        database.Put(ref at, bytes, StringForm.Of("value"u8), Deadline.None);
    }

    private static void Remove(Database database, string key)
    {
        KeyRef at = database.Find(Encoding.ASCII.GetBytes(key));
        database.Remove(ref at);
    }

    private sealed class Sink(List<string> taken) : ISnapshotSink
    {
        public void Take(int database, Record record) => taken.Add($"{database}:{Encoding.ASCII.GetString(record.Key)}");

        public ISavedValue Open(int database, Record record) => throw new NotSupportedException();
    }
}
