using System.Diagnostics;
using Bixbite.Memory;
using Bixbite.Structures.Hashing;
using Bixbite.Types.Strings;

namespace Bixbite.Keyspace;

/// <summary>
/// One numbered database: an index of records that it owns. Every change of a key goes through here and nowhere else, so this
/// is where a snapshot will stand in the way. It decides nothing: expiry, statistics and events are <see cref="KeyAccess"/>' business.
/// </summary>
public sealed class Database
{
    private readonly Heap _heap;
    private readonly RecordStore _records;
    private readonly AccessClock _clock;
    private readonly ulong _seed;
    private HashIndex<RecordKeys> _index;

    internal Database(int number, Heap heap, AccessClock clock, ulong seed)
    {
        Number = number;
        _heap = heap;
        _records = new RecordStore(heap);
        _clock = clock;
        _seed = seed;
        _index = new HashIndex<RecordKeys>(heap, seed);
    }

    public int Number { get; }

    /// <summary>Keys stored, including those that are due but not yet removed.</summary>
    public long Count => _index.Count;

    /// <summary>Keys with a deadline.</summary>
    public long VolatileCount => _index.VolatileCount;

    /// <summary>The index's own memory in bytes.</summary>
    public long IndexSize => _index.MemoryBytes;

    internal HashIndex<RecordKeys> Index => _index;

    public ulong HashOf(ReadOnlySpan<byte> key) => KeyHash.Of(_seed, key);

    public void PrefetchBucket(ulong hash) => _index.PrefetchBucket(hash);

    public void PrefetchRecord(ulong hash) => _index.PrefetchEntry(hash);

    /// <summary>The key as it is stored, due or not.</summary>
    public KeyRef Find(ReadOnlySpan<byte> key)
    {
        ulong hash = HashOf(key);
        IndexPosition position = _index.Find(hash, key);
        return new KeyRef(hash, position, position.IsFound ? new Record(_index.EntryAt(position)) : default);
    }

    /// <summary>
    /// Stores a string under the key, new or in place of what was there. <paramref name="deadlineMs"/> is a time, none, or keep.
    /// The form's bytes must not belong to a key of this keyspace.
    /// </summary>
    public void Put(ref KeyRef at, ReadOnlySpan<byte> key, in StringForm form, long deadlineMs)
    {
        long oldDeadlineMs = at.Exists ? at.Record.DeadlineMs : Deadline.None;
        long newDeadlineMs = deadlineMs == Deadline.Keep ? oldDeadlineMs : deadlineMs;
        if (at.Exists)
        {
            Store(ref at, _records.Overwrite(at.Record, form, newDeadlineMs));
        }
        else
        {
            Add(ref at, _records.Create(key, form, newDeadlineMs, _clock.Fresh()));
        }
        if (newDeadlineMs != oldDeadlineMs)
        {
            _index.SetDeadline(at.Position, newDeadlineMs);
        }
    }

    /// <summary>Overwrites the number of a string with integer encoding, where it stands if it fits.</summary>
    public void SetInteger(ref KeyRef at, long value)
    {
        Record record = at.Record;
        Debug.Assert(record.StringEncoding == StringEncoding.Integer, "Only integers are overwritten in place.");
        if (Record.IntegerSizeOf(value) <= record.ValueSize)
        {
            record.Integer = value;
        }
        else
        {
            Store(ref at, _records.Overwrite(record, StringForm.OfInteger(value), record.DeadlineMs));
        }
    }

    /// <summary>
    /// The string's bytes for editing in place, at least <paramref name="length"/> of them, new ones zero; the key is created if it is
    /// missing. The span is valid until the next change.
    /// </summary>
    public Span<byte> Edit(ref KeyRef at, ReadOnlySpan<byte> key, long length)
    {
        if (!at.Exists)
        {
            Put(ref at, key, StringForm.OfRaw(default), Deadline.None);
        }
        Store(ref at, _records.Grow(at.Record, length));
        Record record = at.Record;
        if (record.StringEncoding == StringEncoding.Inline)
        {
            return Native.Bytes(record.Address + (uint)record.ValueOffset, record.ValueSize);
        }
        BlockField block = record.BlockField;
        return Native.Bytes(block.Address, (int)block.Length);
    }

    /// <summary>Sets the time the key expires, or with <see cref="Deadline.None"/> makes it permanent.</summary>
    public void SetDeadline(ref KeyRef at, long deadlineMs)
    {
        Debug.Assert(at.Exists && deadlineMs != Deadline.Keep, "A deadline is set on a key that exists.");
        Store(ref at, _records.WithDeadline(at.Record, deadlineMs));
        _index.SetDeadline(at.Position, deadlineMs);
    }

    public void Remove(ref KeyRef at) => Free(Detach(ref at));

    /// <summary>
    /// Moves the value, deadline and access clock of one key to another name, here or in another database. The target must not exist.
    /// </summary>
    public void MoveTo(ref KeyRef from, Database target, ref KeyRef to, ReadOnlySpan<byte> newKey)
    {
        Debug.Assert(!to.Exists, "The target of a move must not exist.");
        Record record = Detach(ref from);
        to = target.Find(newKey);
        target.Adopt(ref to, _records.Rename(record, newKey));
    }

    /// <summary>Stores a copy of the value under another name, here or in another database. The target must not exist.</summary>
    public void CopyTo(in KeyRef from, Database target, ref KeyRef to, ReadOnlySpan<byte> newKey)
    {
        Debug.Assert(!to.Exists, "The target of a copy must not exist.");
        target.Adopt(ref to, _records.Duplicate(from.Record, newKey));
    }

    /// <summary>Sets the access clock of a record, which eviction reads.</summary>
    public void SetAccess(in KeyRef at, uint access)
    {
        Record record = at.Record;
        record.Access = access;
    }

    /// <summary>Bytes that the key, its value and its share of the index hold.</summary>
    public long SizeOf(Record record) => _records.SizeOf(record) + IndexSizePerKey;

    /// <summary>The index's memory per key now, rounded up.</summary>
    public long IndexSizePerKey => Count == 0 ? 0 : (IndexSize + Count - 1) / Count;

    /// <summary>
    /// Up to a few records from the cursor on; returns the next cursor, 0 at the end. See <see cref="HashIndex{TKeys}.Scan"/>.
    /// </summary>
    public ulong Scan(ulong cursor, int countHint, List<Record> found)
    {
        Debug.Assert(found.Count == 0, "The list is filled anew.");
        return _index.Scan(cursor, countHint, entry => found.Add(new Record(entry)));
    }

    /// <summary>A record chosen at random; none if the database is empty.</summary>
    public Record RandomRecord(Random random) => Count == 0 ? default : new Record(_index.RandomEntry(random));

    /// <summary>
    /// The mean time to live of keys with a deadline, in milliseconds, estimated from a few chosen at random; 0 where there are none.
    /// </summary>
    public long SampleTtlMs(Random random, long nowMs)
    {
        Span<ulong> entries = stackalloc ulong[32];
        int count = VolatileCount == 0 ? 0 : _index.SampleVolatile(random, entries);
        long sum = 0;
        for (int i = 0; i < count; i++)
        {
            sum += Math.Max(new Record(entries[i]).DeadlineMs - nowMs, 0) / count;
        }
        return sum;
    }

    /// <summary>Takes all content out of the database, which is empty afterwards, to be freed in slices.</summary>
    internal DetachedContent DetachAll()
    {
        var content = new DetachedContent(_index, _records);
        _index = new HashIndex<RecordKeys>(_heap, _seed);
        return content;
    }

    /// <summary>Takes a key out of the index; its record lives on until the caller frees it.</summary>
    internal Record Detach(ref KeyRef at)
    {
        Debug.Assert(at.Exists, "Only what exists can be taken out.");
        Record record = at.Record;
        _index.Remove(at.Position);
        at.Record = default;
        at.Position = default;
        return record;
    }

    internal void Free(Record record) => _records.Free(record);

    /// <summary>Exchanges the content of two databases.</summary>
    internal void SwapWith(Database other) => (_index, other._index) = (other._index, _index);

    private void Adopt(ref KeyRef to, Record record)
    {
        long deadlineMs = record.DeadlineMs;
        Add(ref to, record);
        if (deadlineMs != Deadline.None)
        {
            _index.SetDeadline(to.Position, deadlineMs);
        }
    }

    private void Add(ref KeyRef at, Record record)
    {
        at.Position = _index.Insert(at.Hash, record.Address);
        at.Record = record;
    }

    private void Store(ref KeyRef at, Record record)
    {
        if (record.Address != at.Record.Address)
        {
            _index.Replace(at.Position, record.Address);
            at.Record = record;
        }
    }
}
