using System.Text;
using Bixbite.Keyspace;
using Bixbite.Types;
using Bixbite.Types.Hashes;
using Bixbite.Unit.Structures;
using Xunit;

namespace Bixbite.Unit.Keyspace;

/// <summary>Keys of which fields expire: found in time, told, counted, and gone with their last field.</summary>
public sealed class FieldExpiryTests : IDisposable
{
    private const long Now = 1_700_000_000_000;
    private const long Unbounded = long.MaxValue / 4;

    private readonly KeyspaceFixture _keyspace = new();

    public void Dispose() => _keyspace.Dispose();

    [Fact]
    public void FieldsGoByThemselvesAndTheKeyWithTheLast()
    {
        Put("h", fieldCount: 3);
        Expire("h", "f0", Now + 100);
        Expire("h", "f1", Now + 200);
        RunAt(Now + 150);
        Assert.Equal(["0:hexpired:h"], _keyspace.Changes);
        Assert.Equal(2, Find("h").Count);
        RunAt(Now + 100_000);
        Assert.Equal(1, Find("h").Count);
        Assert.Equal(0, _keyspace.Databases[0].FieldVolatileCount);
        Assert.Equal(0, _keyspace.Databases[0].ExpiringCount);
        Expire("h", "f2", Now + 100_001);
        RunAt(Now + 200_000);
        Assert.False(_keyspace.Exists("h"));
        Assert.Equal(["0:hexpired:h", "0:hexpired:h", "0:hexpired:h", "0:del:h"], _keyspace.Changes);
        Assert.Equal(3, _keyspace.Statistics.ExpiredFields);
        Assert.Equal(0, _keyspace.Statistics.Expired);
    }

    [Theory]
    [InlineData(10, 512)]
    [InlineData(5_000, 512)]
    public void ManyHashesLoseTheRightFields(int fieldCount, int hashCount)
    {
        hashCount = fieldCount > 512 ? 3 : hashCount;
        for (int i = 0; i < hashCount; i++)
        {
            Put($"h{i}", fieldCount);
            for (int field = 0; field < fieldCount; field += 2)
            {
                Expire($"h{i}", $"f{field}", Now + 1_000 + field);
            }
        }
        RunAt(Now + 500);
        Assert.Equal(0, _keyspace.Statistics.ExpiredFields);
        RunAt(Now + 1_000 + fieldCount + 100);
        Assert.Equal(hashCount * fieldCount / 2, _keyspace.Statistics.ExpiredFields);
        for (int i = 0; i < hashCount; i++)
        {
            Assert.Equal(fieldCount / 2, Find($"h{i}").Count);
        }
    }

    [Fact]
    public void TheKeysOwnDeadlineCountsBeside()
    {
        Put("h", fieldCount: 2);
        Expire("h", "f0", Now + 1_000);
        KeyRef at = _keyspace.Databases[0].Find("h"u8);
        _keyspace.Databases[0].SetDeadline(ref at, Now + 500);
        Assert.Equal(1, _keyspace.Databases[0].VolatileCount);
        Assert.Equal(1, _keyspace.Databases[0].FieldVolatileCount);
        RunAt(Now + 800);
        Assert.False(_keyspace.Exists("h"));
        Assert.Equal(["0:expired:h"], _keyspace.Changes);

        Put("h", fieldCount: 2);
        Expire("h", "f0", Now + 1_000);
        at = _keyspace.Databases[0].Find("h"u8);
        _keyspace.Databases[0].SetDeadline(ref at, Now + 5_000);
        RunAt(Now + 1_100);
        Assert.Equal(1, Find("h").Count);
        RunAt(Now + 6_000);
        Assert.Equal(["0:expired:h", "0:hexpired:h", "0:expired:h"], _keyspace.Changes);
        Assert.Equal(0, _keyspace.Databases[0].FieldVolatileCount);
    }

    [Fact]
    public void DeadlinesGoWithTheHash()
    {
        Put("h", fieldCount: 2);
        Expire("h", "f0", Now + 1_000);
        Database database = _keyspace.Databases[0];
        KeyRef from = database.Find("h"u8);
        KeyRef to = database.Find("copy"u8);
        database.CopyTo(from, database, ref to, "copy"u8);
        from = database.Find("h"u8);
        to = _keyspace.Databases[1].Find("moved"u8);
        database.MoveTo(ref from, _keyspace.Databases[1], ref to, "moved"u8);
        Assert.Equal(1, database.FieldVolatileCount);
        Assert.Equal(1, _keyspace.Databases[1].FieldVolatileCount);
        RunAt(Now + 2_000);
        Assert.Equal(1, Find("copy").Count);
        Assert.Equal(["0:hexpired:copy", "1:hexpired:moved"], _keyspace.Changes);
        database.SwapWith(_keyspace.Databases[1]);
        Assert.Equal(1, Find("moved").Count);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(7, 10)]
    [InlineData(0, 3_000_000)]
    public void AnAccessRemovesFewFieldsAndHidesTheOthers(long spreadMs, long othersAfterMs)
    {
        const int Count = 4_000;
        Put("h", Count);
        for (int i = 0; i < Count; i++)
        {
            Expire("h", $"f{i}", i % 4 == 0 ? Now + 100 + othersAfterMs + spreadMs : Now + 100 - (i % (spreadMs + 1)));
        }
        _keyspace.SetTime(Now + 101);
        long storedBefore = Count;
        while (storedBefore > Count / 4)
        {
            HashValue hash = Access("h");
            long stored = FieldDeadlines.StoredCountAt(_keyspace.Databases[0].Find("h"u8).Record.ValueAddress);
            Assert.InRange(storedBefore - stored, 1, 64);
            storedBefore = stored;
            CheckOnlyEveryFourth(hash, Count);
        }
        Assert.Equal(Count * 3 / 4, _keyspace.Statistics.ExpiredFields);
        _keyspace.SetTime(Now + 102 + othersAfterMs + spreadMs);
        Assert.False(_keyspace.Keys.Read(_keyspace.Databases[0], "h"u8).Exists);
        Assert.Equal(Count, _keyspace.Statistics.ExpiredFields);
        Assert.Equal("0:del:h", _keyspace.Changes[^1]);
        Assert.Equal("0:hexpired:h", _keyspace.Changes[^2]);
    }

    [Fact]
    public void WhatIsHiddenIsRemovedBeforeItIsChanged()
    {
        Put("h", 3_000);
        for (int i = 0; i < 2_999; i++)
        {
            Expire("h", $"f{i}", Now + 100);
        }
        var told = new List<string>();
        _keyspace.Keys.FieldDue = (_, _, field) => told.Add(Encoding.ASCII.GetString(field));
        _keyspace.SetTime(Now + 200);
        Assert.Equal(1, Access("h").Count);
        KeyRef at = _keyspace.Databases[0].Find("h"u8);
        for (int i = 0; i < 3_000; i++)
        {
            _keyspace.Keys.TryExpireField(_keyspace.Databases[0], at, Encoding.ASCII.GetBytes($"f{i}"));
        }
        Assert.Equal(2_999, told.Distinct().Count());
        Assert.Equal(2_999, told.Count);
        Assert.Equal(1, Access("h").Count);
        Assert.True(Access("h").Set("f0"u8, "new"u8));
        Assert.Equal(2, Access("h").Count);
        Assert.Equal(2_999, _keyspace.Statistics.ExpiredFields);
    }

    [Fact]
    public void AHashOfWhichAllIsDueIsGoneWithTheFirstAccess()
    {
        Put("h", 3_000);
        for (int i = 0; i < 3_000; i++)
        {
            Expire("h", $"f{i}", Now + 100 + i);
        }
        int wholeCount = 0;
        _keyspace.Keys.HashDue = (_, _) => wholeCount++;
        _keyspace.SetTime(Now + 200);
        Assert.Equal(2_900, Access("h").Count);
        _keyspace.SetTime(Now + 4_000);
        Assert.False(_keyspace.Keys.Read(_keyspace.Databases[0], "h"u8).Exists);
        Assert.Equal(0, _keyspace.Databases[0].Count);
        Assert.Equal(1, wholeCount);
        Assert.Equal(3_000, _keyspace.Statistics.ExpiredFields);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(3_000)]
    public void APauseHidesAndRemovesNothing(int count)
    {
        var hide = new AccessMode(ExpiryMode.Hide);
        Database database = _keyspace.Databases[0];
        Put("h", count);
        Put("gone", count);
        for (int i = 0; i < count; i++)
        {
            Expire("gone", $"f{i}", Now + 50);
            if (i % 4 != 0)
            {
                Expire("h", $"f{i}", Now + 100);
            }
        }
        _keyspace.Keys.FieldDue = (_, _, _) => Assert.Fail("nothing is removed");
        _keyspace.Keys.HashDue = (_, _) => Assert.Fail("nothing is removed");
        _keyspace.SetTime(Now + 101);
        Assert.False(_keyspace.Keys.Inspect(database, "gone"u8, hide).Exists);
        Assert.True(_keyspace.Keys.IsDue(database, database.Find("gone"u8).Record, hide));
        Assert.False(_keyspace.Keys.IsDue(database, database.Find("gone"u8).Record, new AccessMode(ExpiryMode.Ignore)));
        CheckOnlyEveryFourth(new HashValue(database.Open(_keyspace.Keys.Read(database, "h"u8, hide))), count);
        Assert.Equal(2, database.Count);
        Assert.Equal(count, FieldDeadlines.StoredCountAt(database.Find("h"u8).Record.ValueAddress));
        Assert.Empty(_keyspace.Changes);
        Assert.Equal(0, _keyspace.Statistics.ExpiredFields);

        int told = 0;
        _keyspace.Keys.FieldDue = (_, _, _) => told++;
        _keyspace.Keys.HashDue = (_, _) => told += count;
        RunAt(Now + 300);
        Assert.Equal(1, database.Count);
        Assert.Equal(count / 4, FieldDeadlines.StoredCountAt(database.Find("h"u8).Record.ValueAddress));
        Assert.Equal(count * 7 / 4, told);
        Assert.Equal(count * 7 / 4, _keyspace.Statistics.ExpiredFields);
    }

    [Fact]
    public void AHashThatLosesItsLastVisibleFieldGoesWithTheHiddenOnes()
    {
        Put("h", 1_000);
        for (int i = 1; i < 1_000; i++)
        {
            Expire("h", $"f{i}", Now + 100);
        }
        _keyspace.SetTime(Now + 200);
        Assert.Equal(1, Access("h").Count);
        int told = 0;
        _keyspace.Keys.HashDue = (_, _) => told++;
        KeyRef at = _keyspace.Keys.Write(_keyspace.Databases[0], "h"u8);
        Assert.True(new HashValue(_keyspace.Databases[0].Edit(at)).Remove("f0"u8));
        Assert.True(new HashValue(_keyspace.Databases[0].Open(at)).IsEmpty);
        _keyspace.Keys.RemoveHash(_keyspace.Databases[0], ref at);
        Assert.Equal(1, told);
        Assert.Equal(999, _keyspace.Statistics.ExpiredFields);
    }

    /// <summary>Also where the clock goes back, deadlines lie far apart, and fields are changed while others are hidden.</summary>
    [Theory]
    [InlineData(40)]
    [InlineData(3_000)]
    [InlineData(5_000_000)]
    public void WhatIsSeenIsWhatIsNotDue(int stepMs)
    {
        Random random = Seed.NewRandom();
        Database database = _keyspace.Databases[0];
        var model = new Dictionary<string, long>();
        _keyspace.Keys.FieldDue = (_, _, field) => Assert.True(model.Remove(Encoding.ASCII.GetString(field)));
        _keyspace.Keys.HashDue = (_, _) => model.Clear();
        long nowMs = Now;
        for (int step = 0; step < 400; step++)
        {
            nowMs += random.Next(20) == 0 ? -random.Next(stepMs) : random.Next(stepMs);
            _keyspace.SetTime(nowMs);
            bool isHiding = random.Next(4) == 0;
            KeyRef at = isHiding
                ? _keyspace.Keys.Read(database, "h"u8, new AccessMode(ExpiryMode.Hide))
                : _keyspace.Keys.Write(database, "h"u8);
            string[] due = [.. model.Where(pair => pair.Value < nowMs).Select(pair => pair.Key)];
            CheckAgainst(at, model, due, nowMs, random);
            if (isHiding)
            {
                continue;
            }
            if (!at.Exists)
            {
                Assert.Empty(model);
                database.Create(ref at, "h"u8, KeyType.Hash);
            }
            ChangeSome(at, model, nowMs, stepMs, random);
        }
    }

    private void ChangeSome(KeyRef at, Dictionary<string, long> model, long nowMs, int stepMs, Random random)
    {
        Database database = _keyspace.Databases[0];
        for (int i = random.Next(300); i >= 0; i--)
        {
            string name = $"f{random.Next(1_500)}";
            byte[] field = Encoding.ASCII.GetBytes(name);
            _keyspace.Keys.TryExpireField(database, at, field);
            var hash = new HashValue(database.Edit(at));
            Assert.Equal(!model.ContainsKey(name), hash.Set(field, "v"u8));
            model[name] = FieldDeadlines.None;
            if (i > 0 && random.Next(8) != 0)
            {
                model[name] = nowMs + random.Next(stepMs * 4);
                hash.SetDeadline(field, model[name]);
            }
            else if (i > 0 && random.Next(3) == 0)
            {
                Assert.True(hash.Remove(field));
                model.Remove(name);
            }
        }
        database.NoteFieldDeadlines(at);
    }

    private void CheckAgainst(KeyRef at, Dictionary<string, long> model, string[] due, long nowMs, Random random)
    {
        Assert.Equal(model.Count > due.Length, at.Exists);
        if (!at.Exists)
        {
            return;
        }
        var hash = new HashValue(_keyspace.Databases[0].Open(at));
        if (random.Next(2) == 0)
        {
            Assert.Equal(model.Count - due.Length, hash.Count);
        }
        var all = new Names([]);
        hash.Visit(ref all);
        Assert.Equal(model.Keys.Except(due).Order(), all.Fields.Order());
        hash.VisitRandom(ref all);
        hash.VisitRandomDistinct(5, ref all);
        Assert.All(all.Fields, field => Assert.True(model[field] >= nowMs));
        foreach (string name in model.Keys.Take(20))
        {
            Assert.Equal(model[name] >= nowMs, hash.Contains(Encoding.ASCII.GetBytes(name)));
        }
    }

    private static void CheckOnlyEveryFourth(HashValue hash, int count)
    {
        Assert.Equal(count / 4, hash.Count);
        var all = new Names([]);
        hash.Visit(ref all);
        Assert.Equal(count / 4, all.Fields.Count);
        hash.VisitRandom(ref all);
        hash.VisitRandomRepeatedly(10, ref all);
        hash.VisitRandomDistinct(10, ref all);
        hash.VisitRandomDistinct((count / 4) - 1, ref all);
        ulong cursor = 0;
        do
        {
            cursor = hash.Scan(cursor, 100, ref all);
        }
        while (cursor != 0);
        Assert.All(all.Fields, name => Assert.Equal(0, int.Parse(name[1..], System.Globalization.CultureInfo.InvariantCulture) % 4));
        Assert.True(hash.Contains("f4"u8));
        Assert.False(hash.Contains("f5"u8));
        Assert.False(hash.TryGetDeadline("f6"u8, out _));
    }

    private HashValue Access(string key)
    {
        Database database = _keyspace.Databases[0];
        return new HashValue(database.Open(_keyspace.Keys.Read(database, Encoding.ASCII.GetBytes(key))));
    }

    private readonly struct Names(List<string> fields) : IFieldVisitor
    {
        public List<string> Fields => fields;

        public void Visit(scoped ReadOnlySpan<byte> field, scoped ReadOnlySpan<byte> value, long deadlineMs) =>
            fields.Add(Encoding.ASCII.GetString(field));
    }

    private void RunAt(long nowMs)
    {
        _keyspace.SetTime(nowMs);
        while (_keyspace.Expiry.Run(Unbounded))
        {
        }
    }

    private void Put(string key, int fieldCount)
    {
        byte[] name = Encoding.ASCII.GetBytes(key);
        KeyRef at = _keyspace.Databases[0].Find(name);
        _keyspace.Databases[0].Create(ref at, name, KeyType.Hash);
        for (int i = 0; i < fieldCount; i++)
        {
            new HashValue(_keyspace.Databases[0].Edit(at)).Set(Encoding.ASCII.GetBytes($"f{i}"), "v"u8);
        }
    }

    private void Expire(string key, string field, long deadlineMs)
    {
        KeyRef at = _keyspace.Databases[0].Find(Encoding.ASCII.GetBytes(key));
        new HashValue(_keyspace.Databases[0].Edit(at)).SetDeadline(Encoding.ASCII.GetBytes(field), deadlineMs);
        _keyspace.Databases[0].NoteFieldDeadlines(at);
    }

    private HashValue Find(string key) =>
        new(_keyspace.Databases[0].Open(_keyspace.Databases[0].Find(Encoding.ASCII.GetBytes(key))));
}
