using System.Text;
using Bixbite.Keyspace;
using Bixbite.Types;
using Bixbite.Types.Hashes;
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
        Assert.Equal(0, _keyspace.Databases[0].WakefulCount);
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
