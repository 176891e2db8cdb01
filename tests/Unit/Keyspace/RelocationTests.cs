using System.Text;
using Bixbite.Commands.Debugging;
using Bixbite.Keyspace;
using Bixbite.Memory;
using Bixbite.Structures.Packed;
using Bixbite.Types;
using Bixbite.Types.Hashes;
using Bixbite.Types.Lists;
using Bixbite.Types.Saving;
using Bixbite.Types.Sets;
using Bixbite.Types.SortedSets;
using Bixbite.Types.Streams;
using Xunit;
using Record = Bixbite.Keyspace.Record;

namespace Bixbite.Unit.Keyspace;

/// <summary>
/// A keyspace whose blocks move again and again is equal to one whose blocks stay. Under the fence every move frees an address for good.
/// </summary>
public sealed class RelocationTests
{
    private const int StepCount = 4_000;

    [Theory]
    [InlineData(1, 1000)]
    [InlineData(2, 10)]
    [InlineData(3, 1)]
    public void WhatMovesIsEqualToWhatStays(int seed, long elementsAtOnceMax)
    {
        using var moving = new KeyspaceTrial(seed);
        using var staying = new KeyspaceTrial(seed);
        var evacuation = new Evacuation(moving.Keyspace.Heap, moving.Keyspace.Databases.Values.Pinned);
        var walk = new RelocationWalk(moving.Keyspace.Databases, evacuation);
        walk.Large.CountMin = elementsAtOnceMax;
        var random = new Random(seed);
        int walkCount = 0;
        for (int step = 0; step < StepCount; step++)
        {
            moving.Step();
            staying.Step();
            if (step % 3 == 0 && !Move(evacuation, walk, random))
            {
                walkCount++;
            }
            if (step % 250 == 0)
            {
                Assert.Equal(staying.Digest(), moving.Digest());
            }
        }
        Assert.Equal(staying.Digest(), moving.Digest());
        Assert.InRange(walkCount, 5, int.MaxValue);
        Assert.InRange(evacuation.MovedCount, StepCount, long.MaxValue);
        Assert.InRange(walk.Large.MovedKeyCount, StepCount / 10, long.MaxValue);
        long used = moving.Keyspace.Heap.UsedBytes;
        foreach (Database database in moving.Keyspace.Databases.All)
        {
            moving.Keyspace.Databases.Flush(database, lazily: false);
        }
        moving.Keyspace.LazyFree.Run(() => false);
        Assert.InRange(moving.Keyspace.Heap.UsedBytes, 0, 3 * 512);
        Assert.True(used > 50_000);
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public void ASnapshotHoldsItsBeginningThoughBlocksMove(int seed)
    {
        using var trial = new KeyspaceTrial(seed);
        Databases databases = trial.Keyspace.Databases;
        var evacuation = new Evacuation(trial.Keyspace.Heap, databases.Values.Pinned);
        var walk = new RelocationWalk(databases, evacuation);
        var random = new Random(seed);
        for (int round = 0; round < 12; round++)
        {
            for (int i = 0; i < 200; i++)
            {
                trial.Step();
            }
            trial.Keyspace.Put("large", new string((char)('a' + round), 300_000));
            Dictionary<string, string> expected = Content(databases);
            var sink = new Sink(databases.Values);
            Snapshot snapshot = databases.BeginSnapshot(sink, isByKey: round % 4 == 3);
            bool isCancelled = round == 5;
            for (int slice = 0; !snapshot.Run(() => random.Next(4) == 0) && (!isCancelled || slice < 10); slice++)
            {
                for (int i = random.Next(6); i > 0; i--)
                {
                    trial.Step();
                }
                if (random.Next(8) == 0)
                {
                    trial.Keyspace.Put("large", "small");
                }
                Move(evacuation, walk, random);
            }
            snapshot.Cancel();
            if (!isCancelled)
            {
                Assert.Equal(expected, sink.Taken);
            }
            trial.Digest();
        }
        Assert.InRange(evacuation.MovedCount, 1_000, long.MaxValue);
    }

    /// <summary>However large the elements of a small collection are, a step ends with the work that it was allowed.</summary>
    [Theory]
    [InlineData(400, 4_000, "")]
    [InlineData(900, 20, "")]
    [InlineData(900, 20, "long")]
    public void AStepMovesNoMoreThanItIsAllowed(int memberCount, int memberSize, string keyKind)
    {
        const int Work = 100;
        const int StepMax = Work + 50;
        const int SetCount = 3;
        using var keyspace = new KeyspaceFixture();
        Database database = keyspace.Databases[0];
        for (int i = 0; i < SetCount; i++)
        {
            byte[] key = Encoding.ASCII.GetBytes($"set:{i}{new string('k', keyKind.Length * 50_000)}");
            KeyRef at = database.Find(key);
            database.Create(ref at, key, KeyType.Set);
            var set = new SetValue(database.Edit(at));
            for (int member = 0; member < memberCount; member++)
            {
                set.Add(Encoding.ASCII.GetBytes($"{member}".PadRight(memberSize, 'm')));
            }
        }
        var evacuation = new Evacuation(keyspace.Heap);
        var walk = new RelocationWalk(keyspace.Databases, evacuation);
        bool isMoved = keyKind.Length == 0;
        evacuation.Begin();
        bool isLeft = true;
        while (isLeft)
        {
            (long moved, long stayed) = (evacuation.MovedCount, evacuation.StayedCount);
            evacuation.Allow(Work);
            isLeft = walk.Step();
            Assert.InRange(evacuation.MovedCount - moved + evacuation.StayedCount - stayed, isLeft ? 1 : 0, StepMax);
        }
        evacuation.End();
        Assert.InRange(evacuation.MovedCount, isMoved ? SetCount * memberCount : 0, isMoved ? 2 * SetCount * memberCount : memberCount);
        Assert.Equal(SetCount, walk.Large.MovedKeyCount + walk.Large.StayedKeyCount);
        Assert.Equal(SetCount, database.Count);
    }

    [Fact]
    public void APinnedStringStays()
    {
        using var keyspace = new KeyspaceFixture();
        keyspace.Put("key", new string('x', 20_000));
        Databases databases = keyspace.Databases;
        ulong block = databases[0].Find("key"u8).Record.TextBlock;
        ulong record = databases[0].Find("key"u8).Record.Address;
        PinnedBlocks pinned = databases.Values.Pinned;
        pinned.Pin(block);
        var evacuation = new Evacuation(keyspace.Heap, pinned);
        var walk = new RelocationWalk(databases, evacuation);
        MoveAll();
        Assert.Equal(block, databases[0].Find("key"u8).Record.TextBlock);
        Assert.NotEqual(record, databases[0].Find("key"u8).Record.Address);
        pinned.Unpin(block);
        MoveAll();
        Assert.NotEqual(block, databases[0].Find("key"u8).Record.TextBlock);
        Assert.Equal(20_000, databases[0].Find("key"u8).Record.Text(default).Count((byte)'x'));

        void MoveAll()
        {
            walk.Restart();
            evacuation.Begin();
            evacuation.Allow(10_000);
            Assert.False(walk.Step());
            evacuation.End();
        }
    }

    [Fact]
    public void ScansMeetEveryElementOnceThoughAllMove()
    {
        using var keyspace = new KeyspaceFixture();
        Databases databases = keyspace.Databases;
        for (int i = 0; i < 1_500; i++)
        {
            keyspace.Put($"key:{i}", "value");
        }
        var evacuation = new Evacuation(keyspace.Heap);
        var walk = new RelocationWalk(databases, evacuation);
        var random = new Random(4);
        var met = new List<string>();
        var found = new List<Record>();
        ulong cursor = 0;
        do
        {
            found.Clear();
            cursor = databases[0].Scan(cursor, 5, found);
            met.AddRange(found.Select(record => Encoding.ASCII.GetString(record.Key)));
            Move(evacuation, walk, random);
        }
        while (cursor != 0);
        Assert.Equal(Enumerable.Range(0, 1_500).Select(i => $"key:{i}").Order(), met.Order());
    }

    /// <summary>A slice of a walk; false where it is over and the next one begins.</summary>
    private static bool Move(Evacuation evacuation, RelocationWalk walk, Random random)
    {
        evacuation.Begin();
        evacuation.Allow(random.Next(800));
        if (walk.Step())
        {
            return true;
        }
        evacuation.End();
        walk.Restart();
        return false;
    }

    private static string Describe(ValueContext values, int database, Record record)
    {
        var digest = new DatasetDigest(values);
        digest.AddValue(record);
        return $"{database} {digest} {record.DeadlineMs}";
    }

    private static Dictionary<string, string> Content(Databases databases) =>
        KeyspaceFixture.Content(databases, (database, record) => Describe(databases.Values, database, record));

    /// <summary>Takes whole values, of strings in pieces the length, and of collections in pieces the count of elements.</summary>
    private sealed class Sink(ValueContext values) : ISnapshotSink
    {
        public Dictionary<string, string> Taken { get; } = [];

        public void Take(int database, Record record) =>
            Taken.Add($"{database}/{Encoding.ASCII.GetString(record.Key)}", Describe(values, database, record));

        public ISavedValue Open(int database, Record record) => new Saved(this, values, database, record);

        private sealed class Saved(Sink sink, ValueContext values, int database, Record record)
            : ISavedValue, IListSink, ISetSink, ISortedSetSink, IHashSink, IStreamSink
        {
            private readonly string _name = $"{database}/{Encoding.ASCII.GetString(record.Key)}";
            private readonly string _whole = Describe(values, database, record);
            private readonly StringBuilder _text = new();
            private readonly long _count = CountOf(values, record);
            private long _length;
            private long _taken;

            private static long CountOf(ValueContext values, Record record) =>
                record.Type != KeyType.String && record.Layout == ValueLayout.Root
                    ? values.Types.Collection(record.Type).CountOf(values, record.Owned)
                    : 0;

            public void Discard()
            {
            }

            public void Attach()
            {
            }

            public IValueSink Begin(Record record)
            {
                _length = record.Type == KeyType.String ? record.TextLength : 0;
                return this;
            }

            public void Take(Record record)
            {
            }

            public void Text(ReadOnlySpan<byte> piece) => _text.Append(Encoding.ASCII.GetString(piece));

            public void Node(ReadOnlySpan<byte> pack) => _taken += Listpack.Count(pack);

            public void StreamNode(StreamId masterId, ReadOnlySpan<byte> pack)
            {
            }

            public IGroupSink EndStreamNodes() => new GroupText(_ => { });

            public bool TryBeginNode(ReadOnlySpan<byte> pack, out Range text)
            {
                Node(pack);
                text = default;
                return false;
            }

            public bool TryBeginStreamNode(StreamId masterId, ReadOnlySpan<byte> pack, out Range text)
            {
                text = default;
                return false;
            }

            public void Member(ReadOnlySpan<byte> member) => _taken++;

            public void Scored(ReadOnlySpan<byte> member, double score) => _taken++;

            public void Field(ReadOnlySpan<byte> field, ReadOnlySpan<byte> value, long deadlineMs) => _taken++;

            public void BeginMember(int length) => _taken++;

            public void BeginScored(int length, double score) => _taken++;

            public void BeginField(ReadOnlySpan<byte> field, int valueLength, long deadlineMs) => _taken++;

            public void EndElement()
            {
            }

            public void Close()
            {
                Assert.True(_taken == 0 || _taken == _count);
                Assert.True(_text.Length == 0 || (_text.Length == _length && _text.ToString().Distinct().Count() == 1));
                sink.Taken.Add(_name, _whole);
            }
        }
    }
}
