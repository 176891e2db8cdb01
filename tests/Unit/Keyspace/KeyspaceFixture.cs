using System.Text;
using Bixbite.Keyspace;
using Bixbite.Memory;
using Bixbite.Platform;
using Bixbite.Types;
using Bixbite.Types.Strings;
using Record = Bixbite.Keyspace.Record;

namespace Bixbite.Unit.Keyspace;

/// <summary>A keyspace put together by hand, with a clock that stands still and a gauge that can be set.</summary>
internal sealed class KeyspaceFixture : IKeyChanges, IMemoryGauge, IDisposable
{
    public KeyspaceFixture(int databaseCount = 2)
    {
        Access = new AccessClock(Time);
        Databases = new Databases(databaseCount, new ValueContext(Heap, seed: 7), Access, LazyFree);
        Keys = new KeyAccess(Time, Access, Statistics, this);
        Expiry = new ActiveExpiry(Databases, Keys, Statistics, Time, Clock);
        Eviction = new Eviction(Databases, Access, LazyFree, Statistics, this, this, Clock);
        SetTime(1_700_000_000_000);
    }

    public Heap Heap { get; } = new();

    public ManualClock Clock { get; } = new();

    public CommandTime Time { get; } = new();

    public KeyspaceStatistics Statistics { get; } = new();

    public LazyFree LazyFree { get; } = new();

    public AccessClock Access { get; }

    public Databases Databases { get; }

    public KeyAccess Keys { get; }

    public ActiveExpiry Expiry { get; }

    public Eviction Eviction { get; }

    /// <summary>Every change told, as <c>db:event:key</c>.</summary>
    public List<string> Changes { get; } = [];

    public long KeyCountLimit { get; set; } = long.MaxValue;

    public long ByteLimit { get; set; } = long.MaxValue;

    public long UsedBytes => Heap.UsedBytes;

    public long ClientBytes { get; set; }

    public long ExcusedBytes { get; private set; }

    public bool IsOverLimit =>
        Databases.All.ToArray().Sum(d => d.Count) > KeyCountLimit || UsedBytes + ClientBytes - ExcusedBytes > ByteLimit;

    public bool IsOverLimitWith(long added) => UsedBytes + ClientBytes - ExcusedBytes > ByteLimit - added;

    public bool IsOverLimitWithoutData(long added) => ClientBytes - ExcusedBytes > ByteLimit - added;

    public bool IsLimitHeldByClients => IsOverLimitWithoutData(0);

    public bool IsExcusing
    {
        set => ExcusedBytes += value ? -ClientBytes : ClientBytes;
    }

    /// <summary>Called with every change.</summary>
    public Action? Told { get; set; }

    public void Publish(in KeyChange change)
    {
        Told?.Invoke();
        Changes.Add($"{change.Database.Number}:{Encoding.ASCII.GetString(change.Name)}:{Encoding.ASCII.GetString(change.Key)}");
    }

    public void SetTime(long unixMs)
    {
        Clock.SetUnixMs(unixMs);
        Time.Set(unixMs, unixMs * 1000);
    }

    public void Put(string key, string value, long deadlineMs = Deadline.None, int database = 0)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(key);
        KeyRef at = Databases[database].Find(bytes);
        Databases[database].Put(ref at, bytes, StringForm.Of(Encoding.ASCII.GetBytes(value)), deadlineMs);
    }

    public bool Exists(string key, int database = 0) => Databases[database].Find(Encoding.ASCII.GetBytes(key)).Exists;

    /// <summary>What is stored in all databases: each key, as <c>db/key</c>, with what the caller makes of its record.</summary>
    public static Dictionary<string, string> Content(Databases databases, Func<int, Record, string> describe)
    {
        var content = new Dictionary<string, string>();
        var found = new List<Record>();
        foreach (Database database in databases.All)
        {
            ulong cursor = 0;
            do
            {
                found.Clear();
                cursor = database.Scan(cursor, 100, found);
                foreach (Record record in found)
                {
                    content.Add($"{database.Number}/{Encoding.ASCII.GetString(record.Key)}", describe(database.Number, record));
                }
            }
            while (cursor != 0);
        }
        return content;
    }

    /// <summary>Moves a key to this name, unless there is one.</summary>
    public static void MoveIfFree(Database database, ref KeyRef at, Database target, byte[] name)
    {
        KeyRef to = target.Find(name);
        if (!to.Exists)
        {
            database.MoveTo(ref at, target, ref to, name);
        }
    }

    /// <summary>Copies a key to this name, unless there is one.</summary>
    public static void CopyIfFree(Database database, in KeyRef at, byte[] name)
    {
        KeyRef to = database.Find(name);
        if (!to.Exists)
        {
            database.CopyTo(at, database, ref to, name);
        }
    }

    public void Dispose() => Heap.Dispose();
}
