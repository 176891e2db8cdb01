using System.Globalization;
using System.Text;
using Bixbite.Keyspace;
using Bixbite.Memory;
using Bixbite.Platform;
using Bixbite.Types;
using Bixbite.Types.Hashes;
using Bixbite.Types.Lists;
using Bixbite.Types.Sets;
using Bixbite.Types.SortedSets;
using Bixbite.Types.Streams;
using Bixbite.Types.Strings;
using Xunit;

namespace Bixbite.Unit.Keyspace;

/// <summary>Large collections die gently: whichever way they go, their memory is given back in slices, and all of it.</summary>
public sealed class LargeValueTests : IKeyChanges, IMemoryGauge, IDisposable
{
    private const int ElementCount = 20_000;

    /// <summary>What one slice may free: some hundred elements.</summary>
    private const long SliceSizeMax = 200_000;

    private readonly Heap _heap = new(isFenced: false);
    private readonly LazyFree _lazyFree = new();
    private readonly CommandTime _time = new();
    private readonly KeyspaceStatistics _statistics = new();
    private readonly AccessClock _access;
    private readonly Databases _databases;
    private readonly KeyAccess _keys;
    private bool _isOverLimit;

    public LargeValueTests()
    {
        _time.Set(1_000_000);
        _access = new AccessClock(_time);
        var values = new ValueContext(_heap, seed: 3);

        // Small nodes, so that a list or stream of this length has many.
        values.Limits.ListNodeFill = 16;
        values.Limits.StreamNodeEntriesMax = 16;
        _databases = new Databases(1, values, _access, _lazyFree);
        _keys = new KeyAccess(_time, _access, _statistics, this);
    }

    public static TheoryData<KeyType, string> Ways
    {
        get
        {
            var ways = new TheoryData<KeyType, string>();
            foreach (KeyType type in new[] { KeyType.List, KeyType.Set, KeyType.SortedSet, KeyType.Hash, KeyType.Stream })
            {
                foreach (string way in new[] { "unlink", "overwrite", "expire", "evict", "flush", "replace" })
                {
                    ways.Add(type, way);
                }
            }
            return ways;
        }
    }

    long IMemoryGauge.UsedBytes => _heap.UsedBytes;

    bool IMemoryGauge.IsOverLimit => _isOverLimit;

    void IKeyChanges.Publish(in KeyChange change) => _isOverLimit = false;

    bool IMemoryGauge.IsOverLimitWith(long added) => _isOverLimit;

    bool IMemoryGauge.IsOverLimitWithoutData(long added) => false;

    bool IMemoryGauge.IsLimitHeldByClients => false;

    bool IMemoryGauge.IsExcusing
    {
        set
        {
        }
    }

    public void Dispose() => _heap.Dispose();

    [Theory]
    [MemberData(nameof(Ways))]
    public void GoesInSlices(KeyType type, string way)
    {
        Database database = _databases[0];
        long before = _heap.UsedBytes - database.IndexSize;
        KeyRef at = Build(database, type);
        long full = _heap.UsedBytes;
        Remove(database, ref at, way);
        Assert.True(full - _heap.UsedBytes < SliceSizeMax, "most of the value is still there");
        Assert.Equal(1, _lazyFree.PendingCount);

        int slices = 0;
        while (!_lazyFree.IsIdle)
        {
            long usedBefore = _heap.UsedBytes;
            _lazyFree.Run(() => true);
            Assert.InRange(usedBefore - _heap.UsedBytes, 0, SliceSizeMax);
            slices++;
        }
        Assert.True(slices > 10, "it took many slices");
        at = database.Find("big"u8);
        if (at.Exists)
        {
            database.Remove(ref at);
        }
        Assert.Equal(before, _heap.UsedBytes - database.IndexSize);
    }

    [Theory]
    [InlineData(KeyType.List)]
    [InlineData(KeyType.Set)]
    [InlineData(KeyType.SortedSet)]
    [InlineData(KeyType.Hash)]
    [InlineData(KeyType.Stream)]
    public void GoesAtOnceWhereThatIsAskedFor(KeyType type)
    {
        Database database = _databases[0];
        long before = _heap.UsedBytes;
        KeyRef at = Build(database, type);
        database.Remove(ref at, lazily: false);
        Assert.True(_lazyFree.IsIdle);
        Assert.Equal(before, _heap.UsedBytes);
    }

    private static KeyRef Build(Database database, KeyType type)
    {
        KeyRef at = database.Find("big"u8);
        database.Create(ref at, "big"u8, type);
        for (int i = 0; i < ElementCount; i++)
        {
            byte[] element = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"element:{i:D8}"));
            switch (type)
            {
                case KeyType.List:
                    new ListValue(database.Edit(at)).Append(element);
                    break;
                case KeyType.Set:
                    new SetValue(database.Edit(at)).Add(element);
                    break;
                case KeyType.SortedSet:
                    new SortedSetValue(database.Edit(at)).Add(element, i);
                    break;
                case KeyType.Stream:
                    new StreamValue(database.Edit(at)).Append(new StreamId(1, (ulong)i), new OneField(i));
                    break;
                default:
                    new HashValue(database.Edit(at)).Set(element, "value"u8);
                    break;
            }
        }
        return at;
    }

    private void Remove(Database database, ref KeyRef at, string way)
    {
        switch (way)
        {
            case "unlink":
                database.Remove(ref at);
                break;
            case "overwrite":
                database.Put(ref at, "big"u8, StringForm.Of("small"u8), Deadline.None);
                break;
            case "expire":
                database.SetDeadline(ref at, 1);
                Assert.False(_keys.Write(database, "big"u8).Exists);
                break;
            case "evict":
                _isOverLimit = true;
                var eviction = new Eviction(_databases, _access, _lazyFree, _statistics, this, this, new ManualClock());
                eviction.SetPolicy(EvictionPolicy.AllKeysRandom);
                Assert.True(eviction.MakeRoom());
                break;
            case "flush":
                _databases.Flush(database, lazily: true);
                break;
            default:
                RecordDraft draft = database.Draft("big"u8, KeyType.Set);
                new SetValue(draft.Open()).Add("one"u8);
                database.Attach(ref at, ref draft, Deadline.None);
                break;
        }
    }

    private readonly struct OneField(int number) : IStreamFields
    {
        public int Count => 1;

        public ReadOnlySpan<byte> Field(int index) => "field"u8;

        public ReadOnlySpan<byte> Value(int index) => BitConverter.GetBytes(number);
    }
}
