using Bixbite.Keyspace;
using Bixbite.Types;
using Bixbite.Types.Streams;
using Xunit;

namespace Bixbite.Unit.Keyspace;

/// <summary>Large collections go into a snapshot as they were at its beginning, whatever is done to them meanwhile.</summary>
public sealed class CollectionSnapshotTests : IDisposable
{
    private const int ElementCount = CollectionMix.ElementCount;
    private const int KeyCount = 3;

    private readonly KeyspaceFixture _keyspace = new(databaseCount: 2);

    public void Dispose() => _keyspace.Dispose();

    [Theory]
    [InlineData(KeyType.Hash)]
    [InlineData(KeyType.Set)]
    [InlineData(KeyType.SortedSet)]
    [InlineData(KeyType.List)]
    [InlineData(KeyType.Stream)]
    public void AreWhatTheyWere(KeyType type)
    {
        int seed = Random.Shared.Next();
        TestContext.Current.SendDiagnosticMessage($"seed {seed}");
        var random = new Random(seed);
        for (int round = 0; round < 6; round++)
        {
            for (int i = 0; i < ElementCount; i++)
            {
                Change(type, random, mayRemoveKey: false);
            }
            Dictionary<string, string> expected = KeyspaceFixture.Content(
                _keyspace.Databases, (_, record) => SnapshotText.Describe(_keyspace.Databases.Values, record));
            var sink = new SnapshotText(_keyspace.Databases.Values);
            Snapshot snapshot = _keyspace.Databases.BeginSnapshot(sink);
            bool isCancelled = round == 3;
            for (int slice = 0; !snapshot.Run(() => true) && (!isCancelled || slice < 15); slice++)
            {
                for (int i = random.Next(10); i > 0; i--)
                {
                    Change(type, random, mayRemoveKey: true);
                }
                if (random.Next(100) == 0)
                {
                    _keyspace.Databases.Flush(_keyspace.Databases[random.Next(2)], lazily: true);
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
            _keyspace.Databases.Flush(database, lazily: true);
        }
        _keyspace.LazyFree.Run(() => false);
        Assert.True(_keyspace.LazyFree.IsIdle);
        Assert.True(_keyspace.Heap.UsedBytes < 4096, $"{_keyspace.Heap.UsedBytes} bytes are left");
    }

    [Fact]
    public void AGroupRemovedUnderASnapshotThatIsCancelledIsFreedInSlices()
    {
        const int EntryCount = 20_000;
        Database database = _keyspace.Databases[0];
        KeyRef at = database.Find("stream"u8);
        database.Create(ref at, "stream"u8, KeyType.Stream);
        // The tree of groups has a node from here on.
        Assert.True(new StreamValue(database.Edit(at)).TryCreateGroup("other"u8, StreamId.Min, 0, out _));
        long before = _keyspace.Heap.UsedBytes;
        Assert.True(new StreamValue(database.Edit(at)).TryCreateGroup("group"u8, StreamId.Min, 0, out StreamGroup group));
        group.TryCreateConsumer("consumer"u8, 0, out StreamConsumer consumer);
        for (ulong i = 0; i < EntryCount; i++)
        {
            group.AddPending(new StreamId(1, i), consumer, 0, 1);
        }
        Snapshot snapshot = _keyspace.Databases.BeginSnapshot(new SnapshotText(_keyspace.Databases.Values));
        Assert.True(new StreamValue(database.Edit(at)).TryRemoveGroup("group"u8));
        Assert.True(_keyspace.LazyFree.IsIdle, "it was freed before the snapshot had it");
        Assert.True(_keyspace.Databases.Values.Saving.UsedBytes > EntryCount);
        snapshot.Cancel();
        Assert.Equal(0, _keyspace.Databases.Values.Saving.UsedBytes);
        int slices = 0;
        for (; !_keyspace.LazyFree.IsIdle; slices++)
        {
            _keyspace.LazyFree.Run(() => true);
        }
        Assert.True(slices > 10, $"it took {slices} slices");
        Assert.Equal(before, _keyspace.Heap.UsedBytes);
    }

    private void Change(KeyType type, Random random, bool mayRemoveKey)
    {
        Database database = _keyspace.Databases[random.Next(2)];
        byte[] key = CollectionMix.Bytes($"key:{random.Next(KeyCount)}");
        KeyRef at = database.Find(key);
        if (!at.Exists)
        {
            database.Create(ref at, key, type);
            CollectionMix.ChangeValue(type, database.Edit(at), random, isFirst: true);
            return;
        }
        switch (mayRemoveKey ? random.Next(60) : 60)
        {
            case 0:
                database.Remove(ref at);
                return;
            case 1:
                byte[] name = CollectionMix.Bytes($"key:{random.Next(KeyCount)}");
                KeyspaceFixture.MoveIfFree(database, ref at, _keyspace.Databases[random.Next(2)], name);
                return;
            case 2:
                KeyspaceFixture.CopyIfFree(database, at, CollectionMix.Bytes("copy"));
                return;
        }
        CollectionMix.ChangeValue(type, database.Edit(at), random, isFirst: false);
        if (type == KeyType.Hash)
        {
            database.NoteFieldDeadlines(at);
        }
    }
}
