using Bixbite.Keyspace;
using Bixbite.Memory;
using Bixbite.Types;
using Bixbite.Types.Saving;
using Bixbite.Types.Strings;
using Bixbite.Unit.Structures;
using Xunit;

namespace Bixbite.Unit.Keyspace;

/// <summary>
/// Snapshots that overlap, begin, end and are cancelled in any order hold exactly what there was when each began, whatever is done to the
/// keys meanwhile, and leave nothing.
/// </summary>
public sealed class OverlappingSnapshotTests : IDisposable
{
    private const int DatabaseCount = 3;
    private const int SmallCount = 100;
    private const int LargeCount = 2;
    private const long StartMs = 1_700_000_000_000;

    private static readonly KeyType[] s_types =
        [KeyType.String, KeyType.String, KeyType.Hash, KeyType.Set, KeyType.SortedSet, KeyType.List, KeyType.Stream];

    private readonly KeyspaceFixture _keyspace = new(DatabaseCount);
    private readonly Random _random = Seed.NewRandom();
    private readonly Evacuation _evacuation;
    private readonly RelocationWalk _walk;
    private readonly List<Pending> _underWay = [];
    private long _nowMs = StartMs;

    public OverlappingSnapshotTests()
    {
        _evacuation = new Evacuation(_keyspace.Heap, _keyspace.Databases.Values.Pinned);
        _walk = new RelocationWalk(_keyspace.Databases, _evacuation);
        _walk.Large.CountMin = 50;
        _keyspace.Eviction.SetPolicy(EvictionPolicy.AllKeysRandom);
    }

    private SnapshotMemories Memories => _keyspace.Databases.Values.Saving;

    public void Dispose()
    {
        Memories.Dispose();
        _keyspace.Dispose();
    }

    [Theory]
    [InlineData(2, false)]
    [InlineData(3, false)]
    [InlineData(4, false)]
    [InlineData(3, true)]
    public void EachHoldsTheStateOfItsBeginning(int countMax, bool isByKey)
    {
        const int wanted = 8;
        for (int i = 0; i < 3_000; i++)
        {
            ChangeSome(mayFlush: false);
        }
        int complete = 0;
        int cancelled = 0;
        while (complete < wanted || _underWay.Count > 0)
        {
            if (complete < wanted && _underWay.Count < countMax && _random.Next(20) == 0)
            {
                Begin(isByKey);
            }
            for (int i = _random.Next(12); i > 0; i--)
            {
                ChangeSome(mayFlush: true);
            }
            if (_underWay.Count == 0)
            {
                continue;
            }
            Pending next = _underWay[_random.Next(_underWay.Count)];
            if (_random.Next(500) == 0)
            {
                next.Snapshot.Cancel();
                _underWay.Remove(next);
                cancelled++;
            }
            else if (next.Snapshot.Run(() => true))
            {
                Assert.Equal(next.Expected, next.Sink.Taken);
                Assert.Equal(next.Expected.Count, next.Snapshot.TakenCount);
                _underWay.Remove(next);
                complete++;
            }
        }
        TestContext.Current.SendDiagnosticMessage($"{complete} complete, {cancelled} cancelled, {_evacuation.MovedCount} blocks moved");
        AssertNothingIsLeft();
    }

    [Fact]
    public void TheyMayBeCancelledInAnyOrder()
    {
        foreach (int[] order in (int[][])[[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]])
        {
            for (int i = 0; i < 500; i++)
            {
                ChangeSome(mayFlush: false);
            }
            for (int i = 0; i < order.Length; i++)
            {
                Begin(isByKey: false);
                Go(stepCount: 15);
            }
            _keyspace.Databases.Flush(_keyspace.Databases[1], lazily: true);
            foreach (int index in order)
            {
                Go(stepCount: 5);
                _underWay[index].Snapshot.Cancel();
                Go(stepCount: 5);
            }
            _underWay.Clear();
            Assert.Equal(0, Memories.UsedBytes);
        }
        AssertNothingIsLeft();
    }

    [Fact]
    public void WhatSeveralKeepCountsOnceInTheSumAndForEach()
    {
        Database database = _keyspace.Databases[0];
        byte[] key = "large"u8.ToArray();
        KeyRef at = database.Find(key);
        database.Put(ref at, key, StringForm.Of(Noise(1_000_000)), Deadline.None);
        long size = _keyspace.Heap.SizeOf(at.Record.TextBlock);
        SnapshotMemory[] memories = [Memories.Take(), Memories.Take()];
        Snapshot[] snapshots = [.. memories.Select(memory => _keyspace.Databases.BeginSnapshot(NewSink(), memory: memory))];
        database.Remove(ref at);
        Assert.All(memories, memory => Assert.Equal(size, memory.OrphanBytes));
        Assert.Equal(size, Memories.OrphanBytes);
        Assert.True(Memories.PeakBytes >= Memories.UsedBytes);

        snapshots[1].Cancel();
        Assert.Equal([size, 0], memories.Select(memory => memory.OrphanBytes));
        Assert.Equal(size, Memories.OrphanBytes);
        snapshots[0].Cancel();
        Assert.Equal(0, Memories.OrphanBytes);
        Assert.Equal(0, Memories.UsedBytes);
        Assert.All(memories, Memories.Return);
    }

    [Fact]
    public void ThereAreAsManyAsThereAreLanes()
    {
        for (int i = 0; i < SnapshotMemories.CountMax; i++)
        {
            Assert.True(Memories.HasRoom);
            Begin(isByKey: false);
        }
        Assert.False(Memories.HasRoom);
        _underWay[2].Snapshot.Cancel();
        Assert.True(Memories.HasRoom);
        _underWay.ForEach(pending => pending.Snapshot.Cancel());
        Assert.False(Memories.IsActive);
    }

    private SnapshotText NewSink() => new(_keyspace.Databases.Values);

    private void Begin(bool isByKey)
    {
        SnapshotText sink = NewSink();
        Dictionary<string, string> expected = KeyspaceFixture.Content(
            _keyspace.Databases, (_, record) => SnapshotText.Describe(_keyspace.Databases.Values, record));
        _underWay.Add(new Pending(_keyspace.Databases.BeginSnapshot(sink, isByKey), sink, expected));
    }

    private void Go(int stepCount)
    {
        for (int i = 0; i < stepCount; i++)
        {
            ChangeSome(mayFlush: false);
            _underWay[_random.Next(_underWay.Count)].Snapshot.Run(() => true);
        }
    }

    private void AssertNothingIsLeft()
    {
        _keyspace.Databases.FlushAll();
        _keyspace.LazyFree.Run(() => false);
        Assert.Equal(0, _keyspace.Databases.Values.Pinned.Count);
        Assert.Equal(0, Memories.UsedBytes);
        Assert.Equal(0, Memories.AsideHeapBytes);
        Assert.False(Memories.IsActive);
        Assert.InRange(_keyspace.Heap.UsedBytes, 0, 4096);
    }

    /// <summary>A change of a key or its value; now and then of a database as a whole, or what happens by itself.</summary>
    private void ChangeSome(bool mayFlush)
    {
        switch (_random.Next(3_000))
        {
            case < 8 when mayFlush:
                _keyspace.Databases.Flush(_keyspace.Databases[_random.Next(DatabaseCount)], _random.Next(2) == 0);
                break;
            case < 20:
                _keyspace.Databases.Swap(_random.Next(DatabaseCount), _random.Next(DatabaseCount));
                break;
            case < 40:
                _nowMs += _random.Next(1000);
                _keyspace.SetTime(_nowMs);
                _keyspace.Expiry.Run(budgetUs: 1000);
                break;
            case < 50:
                _keyspace.KeyCountLimit = Math.Max(_keyspace.Databases.KeyCount - _random.Next(4), 0);
                _keyspace.Eviction.MakeRoom();
                _keyspace.KeyCountLimit = long.MaxValue;
                break;
            case < 60:
                _keyspace.LazyFree.Run(() => true);
                _keyspace.Databases.GiveBackSome(10);
                break;
            case < 120:
                MoveBlocks();
                break;
            default:
                ChangeKey();
                break;
        }
    }

    private void MoveBlocks()
    {
        while (!_evacuation.HasWork && _evacuation.Begin())
        {
        }
        _evacuation.Allow(_random.Next(300));
        if (!_walk.Step())
        {
            _evacuation.End();
            _walk.Restart();
        }
    }

    private void ChangeKey()
    {
        Database database = _keyspace.Databases[_random.Next(DatabaseCount)];
        (byte[] key, KeyType type) = RandomKey();
        KeyRef at = database.Find(key);
        bool isSmall = key[0] == 's';
        if (!at.Exists)
        {
            Create(database, ref at, key, type, isSmall);
            return;
        }
        switch (_random.Next(isSmall ? 12 : 250))
        {
            case 0:
                database.Remove(ref at);
                break;
            case 1:
                KeyspaceFixture.MoveIfFree(database, ref at, _keyspace.Databases[_random.Next(DatabaseCount)], SameKind(key));
                break;
            case 2:
                KeyspaceFixture.CopyIfFree(database, at, SameKind(key));
                break;
            case 3:
                database.SetDeadline(ref at, _random.Next(3) == 0 ? Deadline.None : _nowMs + _random.Next(3000));
                break;
            default:
                ChangeValue(database, ref at, key, type, isSmall);
                break;
        }
    }

    private void Create(Database database, ref KeyRef at, byte[] key, KeyType type, bool isSmall)
    {
        if (type == KeyType.String)
        {
            database.Put(ref at, key, StringForm.Of(Noise(isSmall ? _random.Next(40) : 3_000 + _random.Next(400_000))), Deadline.None);
            return;
        }
        database.Create(ref at, key, type);
        CollectionMix.ChangeValue(type, database.Edit(at), _random, isFirst: true);
        for (int i = isSmall ? 0 : 200; i > 0; i--)
        {
            CollectionMix.ChangeValue(type, database.Edit(at), _random, isFirst: false);
        }
        NoteDeadlines(database, at, type);
    }

    private void ChangeValue(Database database, ref KeyRef at, byte[] key, KeyType type, bool isSmall)
    {
        if (type != KeyType.String)
        {
            CollectionMix.ChangeValue(type, database.Edit(at), _random, isFirst: false);
            NoteDeadlines(database, at, type);
            return;
        }
        long length = at.Record.TextLength;
        byte[] piece = Noise(_random.Next(isSmall ? 10 : 20_000));
        long start = _random.Next(4) == 0 ? length : _random.NextInt64(length + 1);
        if (isSmall && _random.Next(3) == 0)
        {
            database.Put(ref at, key, StringForm.Of(piece), Deadline.Keep);
            return;
        }
        piece.CopyTo(database.EditText(ref at, key, start + piece.Length, start, piece.Length)[(int)start..]);
    }

    private static void NoteDeadlines(Database database, in KeyRef at, KeyType type)
    {
        if (type == KeyType.Hash)
        {
            database.NoteFieldDeadlines(at);
        }
    }

    /// <summary>The first letter tells whether the value stays small, the second its type.</summary>
    private (byte[] Key, KeyType Type) RandomKey()
    {
        bool isSmall = _random.Next(3) == 0;
        int type = _random.Next(s_types.Length);
        int number = _random.Next(isSmall ? SmallCount : LargeCount);
        return (CollectionMix.Bytes($"{(isSmall ? 's' : 'l')}{type}:{number}"), s_types[type]);
    }

    private byte[] SameKind(byte[] key)
    {
        int number = _random.Next(key[0] == 's' ? SmallCount : LargeCount);
        return CollectionMix.Bytes($"{(char)key[0]}{(char)key[1]}:{number}");
    }

    private byte[] Noise(int size)
    {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++)
        {
            bytes[i] = (byte)(' ' + _random.Next(90));
        }
        return bytes;
    }

    private sealed record Pending(Snapshot Snapshot, SnapshotText Sink, Dictionary<string, string> Expected);
}
