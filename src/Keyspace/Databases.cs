using Bixbite.Types;

namespace Bixbite.Keyspace;

/// <summary>The numbered databases of a server. They share one heap, one hash seed and one access clock.</summary>
public sealed class Databases
{
    private readonly Database[] _databases;
    private readonly LazyFree _lazyFree;
    private readonly PendingValues _pending;
    private ulong _epoch;

    public Databases(int count, ValueContext values, AccessClock clock, LazyFree lazyFree)
    {
        _lazyFree = lazyFree;
        Values = values;
        _pending = new PendingValues(values, lazyFree);
        _databases = new Database[count];
        for (int i = 0; i < count; i++)
        {
            _databases[i] = new Database(i, values, clock, lazyFree, _pending);
        }
    }

    public int Count => _databases.Length;

    /// <summary>What their values live in.</summary>
    public ValueContext Values { get; }

    /// <summary>Keys in all of them.</summary>
    public long KeyCount
    {
        get
        {
            long count = 0;
            foreach (Database database in _databases)
            {
                count += database.Count;
            }
            return count;
        }
    }

    /// <summary>Some hash in one of them has fields that expire.</summary>
    public bool HasFieldDeadlines
    {
        get
        {
            foreach (Database database in _databases)
            {
                if (database.FieldVolatileCount > 0)
                {
                    return true;
                }
            }
            return false;
        }
    }

    public Database this[int number] => _databases[number];

    public ReadOnlySpan<Database> All => _databases;

    /// <summary>Empties a database and returns how many keys it had. The memory is given back now, or in slices.</summary>
    public long Flush(Database database, bool lazily)
    {
        long count = database.Count;
        if (database.DetachAll(lazily) is not { } content)
        {
            return count;
        }
        if (lazily)
        {
            _lazyFree.Add(content);
            return count;
        }
        while (content.FreeSome(int.MaxValue))
        {
        }
        return count;
    }

    /// <summary>Told of each key that comes into being; null if nobody wants to know.</summary>
    public Action<Database, Record>? Added
    {
        set
        {
            foreach (Database database in _databases)
            {
                database.Added = value;
            }
        }
    }

    /// <summary>Begins a snapshot of all databases as they are now. The one before must be over.</summary>
    /// <param name="sink">Takes the records.</param>
    /// <param name="isByKey">A step takes one key only: for who wants to rest after each.</param>
    public Snapshot BeginSnapshot(ISnapshotSink sink, bool isByKey = false)
    {
        _epoch++;
        var snapshot = new Snapshot(sink, _pending, _lazyFree, _epoch, isByKey);
        foreach (Database database in _databases)
        {
            database.Join(snapshot);
        }
        return snapshot;
    }

    public void Swap(int first, int second) => _databases[first].SwapWith(_databases[second]);
}
