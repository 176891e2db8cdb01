using System.Globalization;
using System.Text;
using Bixbite.Keyspace;
using Bixbite.Types;
using Bixbite.Types.Streams;
using Xunit;

namespace Bixbite.Unit.Keyspace;

/// <summary>
/// What a value gives up while it goes on is freed in slices, to the byte; and so are the many small parts of one that is removed.
/// </summary>
public sealed class LeftoverTests : IDisposable
{
    private const int EntryCount = 20_000;

    /// <summary>A slice frees a few hundred parts of some 64 bytes, or the blocks of as many consumers.</summary>
    private const long SliceSizeMax = 64 << 10;

    private readonly KeyspaceFixture _keyspace = new();

    private long UsedByValues => _keyspace.Heap.UsedBytes - _keyspace.Databases[0].IndexSize;

    public void Dispose() => _keyspace.Dispose();

    [Theory]
    [InlineData(1, EntryCount)]
    [InlineData(7, EntryCount)]
    [InlineData(5000, 0)]
    [InlineData(5000, 5000)]
    public void ADestroyedGroupGoesInSlices(int consumerCount, int entryCount)
    {
        KeyRef at = CreateStream();
        long before = _keyspace.Heap.UsedBytes;
        Fill(at, "group", consumerCount, entryCount);
        Assert.True(Open(at).TryRemoveGroup("group"u8));
        Assert.False(Open(at).TryFindGroup("group"u8, out _));
        Assert.Equal(1, _keyspace.LazyFree.PendingCount);
        Assert.True(FreeInSlices() > 10, "it did not take many slices");
        Assert.Equal(before, _keyspace.Heap.UsedBytes);
    }

    [Fact]
    public void ASmallGroupGoesAtOnce()
    {
        KeyRef at = CreateStream();
        long before = _keyspace.Heap.UsedBytes;
        Fill(at, "group", consumerCount: 3, entryCount: 20);
        Assert.True(Open(at).TryRemoveGroup("group"u8));
        Assert.True(_keyspace.LazyFree.IsIdle);
        Assert.Equal(before, _keyspace.Heap.UsedBytes);
    }

    [Fact]
    public void ManySmallGroupsOfARemovedStreamGoInSlices()
    {
        long before = UsedByValues;
        KeyRef at = CreateStream();
        for (int i = 0; i < 5000; i++)
        {
            Fill(at, string.Create(CultureInfo.InvariantCulture, $"group:{i}"), consumerCount: 2, entryCount: 3);
        }
        _keyspace.Databases[0].Remove(ref at);
        Assert.True(FreeInSlices() > 10, "it did not take many slices");
        Assert.Equal(before, UsedByValues);
    }

    private StreamValue Open(in KeyRef at) => new(_keyspace.Databases[0].Edit(at));

    private KeyRef CreateStream()
    {
        Database database = _keyspace.Databases[0];
        KeyRef at = database.Find("stream"u8);
        database.Create(ref at, "stream"u8, KeyType.Stream);
        // The tree of groups has a node from here on.
        Fill(at, "other", consumerCount: 1, entryCount: 1);
        return at;
    }

    private void Fill(in KeyRef at, string name, int consumerCount, int entryCount)
    {
        StreamValue stream = Open(at);
        Assert.True(stream.TryCreateGroup(Encoding.ASCII.GetBytes(name), StreamId.Min, 0, out StreamGroup group));
        for (int i = 0; i < Math.Max(consumerCount, entryCount); i++)
        {
            byte[] consumerName = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"consumer:{i % consumerCount}"));
            group.TryCreateConsumer(consumerName, 0, out StreamConsumer consumer);
            if (i < entryCount)
            {
                group.AddPending(new StreamId(1, (ulong)i), consumer, 0, 1);
            }
        }
    }

    /// <summary>Returns how many slices it took; none may free much.</summary>
    private int FreeInSlices()
    {
        int slices = 0;
        for (; !_keyspace.LazyFree.IsIdle; slices++)
        {
            long before = _keyspace.Heap.UsedBytes;
            _keyspace.LazyFree.Run(() => true);
            Assert.InRange(before - _keyspace.Heap.UsedBytes, 0, SliceSizeMax);
        }
        return slices;
    }
}
