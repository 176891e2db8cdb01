using System.Runtime.InteropServices;
using Bixbite.Structures.Hashing;
using Bixbite.Types;
using Bixbite.Types.Saving;

namespace Bixbite.Keyspace;

/// <summary>
/// The numbered databases of a server. They share one heap, one hash seed and one access clock. A database is made when somebody asks for
/// its number, and forgotten when it has no keys and nobody refers to it:
/// <code>
///   known    number -> database, weakly: whoever asks for a number gets the same one while anybody has it
///   held     the first one always, others from their first key until they are given back empty
/// </code>
/// Until its first key a database reads the one empty index that all share, so numbers that nobody uses cost nothing.
/// </summary>
public sealed class Databases
{
    private const int SweptCountMin = 64;

    private readonly Dictionary<int, WeakReference<Database>> _known = [];
    private readonly List<Database> _held = [];
    private readonly Database _first;
    private int _nextSweepCount = SweptCountMin;
    private int _nextGivenBack;

    /// <param name="count">How many numbers there are.</param>
    /// <param name="values">The context in which their values live.</param>
    /// <param name="clock">Of accesses.</param>
    /// <param name="lazyFree">Frees what is large.</param>
    /// <param name="hasSlots">Keys are found by their slots too, as a cluster needs it.</param>
    public Databases(int count, ValueContext values, AccessClock clock, LazyFree lazyFree, bool hasSlots = false)
    {
        Count = count;
        KeySeed = KeyHash.Seed(values.Seed, hasSlots);
        LazyFree = lazyFree;
        Values = values;
        values.Leftovers = release => lazyFree.Add(new DetachedPart(release));
        Pending = new PendingValues(values, lazyFree);
        Records = new RecordStore(values, lazyFree, Pending);
        Clock = clock;
        EmptyRoot = NewRoot();
        _first = new Database(0, this);
    }

    private Databases(Databases live)
    {
        Count = live.Count;
        KeySeed = live.KeySeed;
        IsAside = true;
        LazyFree = live.LazyFree;
        Values = live.Values;
        Pending = live.Pending;
        Records = live.Records;
        Clock = live.Clock;
        EmptyRoot = live.EmptyRoot;
        LargeValues = live.LargeValues;
        _first = new Database(0, this);
    }

    /// <summary>How many numbers there are.</summary>
    public int Count { get; }

    /// <summary>The context in which their values live.</summary>
    public ValueContext Values { get; }

    /// <summary>Keys in all of them.</summary>
    public long KeyCount
    {
        get
        {
            long count = 0;
            foreach (Database database in All)
            {
                count += database.Count;
            }
            return count;
        }
    }

    /// <summary>Keys of a slot in all of them, including those that are due; for clusters.</summary>
    public long CountInSlot(int slot)
    {
        long count = 0;
        foreach (Database database in All)
        {
            count += database.CountInSlot(slot);
        }
        return count;
    }

    /// <summary>Some hash in one of them has fields that expire.</summary>
    public bool HasFieldDeadlines
    {
        get
        {
            foreach (Database database in All)
            {
                if (database.FieldVolatileCount > 0)
                {
                    return true;
                }
            }
            return false;
        }
    }

    /// <summary>Told of each key that comes into being; null if nobody wants to know.</summary>
    public Action<Database, Record>? Added { get; set; }

    /// <summary>Told of values that may be large; null if nobody wants to know.</summary>
    public ILargeValueWatch? LargeValues { get; set; }

    /// <summary>Those that may have keys, in no order; good until <see cref="GiveBackSome"/>, though emptied ones stay in it.</summary>
    public ReadOnlySpan<Database> All => CollectionsMarshal.AsSpan(_held);

    /// <summary>The index without keys of all databases that own none.</summary>
    internal ulong EmptyRoot { get; }

    /// <summary>They were made by <see cref="MakeAside"/>: none of them has an index before its first key.</summary>
    internal bool IsAside { get; }

    /// <summary>The server is a node of a cluster: keys are found by their slots too.</summary>
    public bool HasSlots => KeyHash.HasSlots(KeySeed);

    /// <summary>The seed of the hashes of keys.</summary>
    internal ulong KeySeed { get; }

    internal PendingValues Pending { get; }

    internal LazyFree LazyFree { get; }

    internal RecordStore Records { get; }

    internal AccessClock Clock { get; }

    /// <summary>The database with this number, from 0 to below <see cref="Count"/>.</summary>
    public Database this[int number]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)number, (uint)Count);
            if (number == 0)
            {
                return _first;
            }
            return _known.TryGetValue(number, out WeakReference<Database>? known) && known.TryGetTarget(out Database? database)
                ? database
                : Make(number);
        }
    }

    /// <summary>Those that may have keys, by their numbers.</summary>
    public Database[] InOrder()
    {
        Database[] databases = [.. _held];
        Array.Sort(databases, static (first, second) => first.Number.CompareTo(second.Number));
        return databases;
    }

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
            LazyFree.Add(content);
            return count;
        }
        while (content.FreeSome(int.MaxValue))
        {
        }
        return count;
    }

    /// <summary>Empties all of them. The memory is given back in slices.</summary>
    public void FlushAll()
    {
        foreach (Database database in InOrder())
        {
            Flush(database, lazily: true);
        }
    }

    /// <summary>
    /// As many databases without keys, for data that is to take the place of what these hold, or to be thrown away with
    /// <see cref="FlushAll"/>. They share everything with these but their keys.
    /// </summary>
    public Databases MakeAside() => new(this);

    /// <summary>Takes over all keys of databases that were made by <see cref="MakeAside"/>, in the place of its own.</summary>
    public void Adopt(Databases aside)
    {
        FlushAll();
        foreach (Database database in aside.InOrder())
        {
            if (database.OwnsIndex)
            {
                this[database.Number].SwapWith(database);
            }
        }
    }

    /// <summary>
    /// Exchanges all keys with those of databases that were made by <see cref="MakeAside"/>; twice leaves everything as it was.
    /// </summary>
    public void ExchangeWith(Databases aside)
    {
        foreach (Database database in _held.Concat(aside._held).DistinctBy(static each => each.Number).ToArray())
        {
            this[database.Number].SwapWith(aside[database.Number]);
        }
    }

    /// <summary>Looks at the next few databases, and takes the index from those that have no keys.</summary>
    public void GiveBackSome(int count)
    {
        for (int left = Math.Min(count, _held.Count); left > 0; left--)
        {
            _nextGivenBack = _nextGivenBack >= _held.Count ? 0 : _nextGivenBack;
            Database database = _held[_nextGivenBack];
            if (!database.IsIdle)
            {
                _nextGivenBack++;
                continue;
            }
            Flush(database, lazily: true);
            database.IsHeld = false;
            _held[_nextGivenBack] = _held[^1];
            _held.RemoveAt(_held.Count - 1);
        }
    }

    /// <summary>
    /// Begins a snapshot of all databases as they are now, whatever others are under way: at most <see cref="SnapshotMemories.CountMax"/>.
    /// </summary>
    /// <param name="sink">Takes the records.</param>
    /// <param name="isByKey">A step takes one key only: for who wants to rest after each.</param>
    /// <param name="memory">The memory that it takes, of the caller; none for one of its own.</param>
    public Snapshot BeginSnapshot(ISnapshotSink sink, bool isByKey = false, SnapshotMemory? memory = null)
    {
        var snapshot = new Snapshot(sink, Pending, memory, isByKey);
        foreach (Database database in InOrder())
        {
            if (database.OwnsIndex)
            {
                database.Join(snapshot);
            }
        }
        return snapshot;
    }

    public void Swap(int first, int second) => this[first].SwapWith(this[second]);

    /// <summary>The root of a new index for keys.</summary>
    internal ulong NewRoot() => IndexRoot.Allocate(Values.Heap, KeyHash.Seed(Values.NextIndexSeed(), HasSlots));

    /// <summary>The database owns an index now.</summary>
    internal void Hold(Database database)
    {
        if (!database.IsHeld)
        {
            database.IsHeld = true;
            _held.Add(database);
        }
    }

    private Database Make(int number)
    {
        if (_known.Count >= _nextSweepCount)
        {
            foreach ((int forgotten, WeakReference<Database> known) in _known)
            {
                if (!known.TryGetTarget(out _))
                {
                    _known.Remove(forgotten);
                }
            }
            _nextSweepCount = Math.Max(SweptCountMin, _known.Count * 2);
        }
        var database = new Database(number, this);
        _known[number] = new WeakReference<Database>(database);
        return database;
    }
}
