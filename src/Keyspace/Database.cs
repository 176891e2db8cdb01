using System.Diagnostics;
using Bixbite.Memory;
using Bixbite.Structures.Hashing;
using Bixbite.Types;
using Bixbite.Types.Hashes;
using Bixbite.Types.Saving;
using Bixbite.Types.Strings;

namespace Bixbite.Keyspace;

/// <summary>
/// One numbered database: an index of records that it owns. Every change of a key goes through here and nowhere else, so this
/// is where a snapshot stands in the way. It decides nothing: expiry, statistics and events are <see cref="KeyAccess"/>' business.
/// </summary>
public sealed class Database
{
    private readonly ValueContext _values;
    private readonly RecordStore _records;
    private readonly PendingValues _pending;
    private readonly Databases _all;
    private SlotCounts? _slots;
    private ulong _root;
    private HashIndex<RecordKeys> _index;

    /// <summary>Its parts of snapshots, the newest first; some may be over.</summary>
    private SnapshotPart? _parts;

    /// <summary>Keys that the index knows as volatile though only fields of theirs expire.</summary>
    private long _fieldOnlyCount;

    private long _fieldVolatileCount;

    internal Database(int number, Databases all)
    {
        Number = number;
        _all = all;
        _values = all.Values;
        _pending = all.Pending;
        _records = all.Records;
        LoseIndex();
    }

    public int Number { get; }

    /// <summary>Its number, or a negative one where it was made aside: no two that are in use at once have the same.</summary>
    public int Place => _all.IsAside ? -1 - Number : Number;

    /// <summary>The server is a node of a cluster: keys are found by their slots too.</summary>
    public bool HasSlots => _all.HasSlots;

    /// <summary>Keys stored, including those that are due but not yet removed.</summary>
    public long Count => _index.Count;

    /// <summary>Keys with a deadline.</summary>
    public long VolatileCount => _index.VolatileCount - _fieldOnlyCount;

    /// <summary>Hashes of which fields have a deadline.</summary>
    public long FieldVolatileCount => _fieldVolatileCount;

    /// <summary>Keys to which something happens by itself: they expire, or fields of theirs do.</summary>
    public long ExpiringCount => _index.VolatileCount;

    /// <summary>The index's own memory in bytes.</summary>
    public long IndexSize => OwnsIndex ? _index.MemoryBytes : 0;

    /// <summary>It has an index of its own: always if it has keys.</summary>
    internal bool OwnsIndex => _root != _all.EmptyRoot;

    /// <summary>It is among those that may have keys: kept by <see cref="Databases"/>.</summary>
    internal bool IsHeld { get; set; }

    /// <summary>It has no keys, nobody needs its index, and it is not the first one, which always has one.</summary>
    internal bool IsIdle => Number != 0 && Count == 0 && !IsPartOfSnapshot;

    internal HashIndex<RecordKeys> Index => _index;

    private bool IsPartOfSnapshot
    {
        get
        {
            _parts = SnapshotPart.Live(_parts);
            return _parts is not null;
        }
    }

    /// <summary>The types that its values may have.</summary>
    public ValueTypes Types => _values.Types;

    /// <summary>The hash by which a key is found. In a cluster it has the slot in front.</summary>
    public ulong HashOf(ReadOnlySpan<byte> key) => KeyHash.OfKey(_all.KeySeed, key);

    /// <summary>The hash by which the collections find their members.</summary>
    public ulong MemberHashOf(ReadOnlySpan<byte> member) => KeyHash.Of(_values.Seed, member);

    /// <summary>Keys of a slot, including those that are due; for clusters.</summary>
    public int CountInSlot(int slot) => _slots?[slot] ?? 0;

    /// <inheritdoc cref="HashIndex{TKeys}.Order"/>
    public ulong Order => _index.Order;

    /// <summary>Up to a few records of a slot from the cursor on; returns the next cursor, 0 at the end. As <see cref="Scan"/>.</summary>
    public ulong ScanSlot(int slot, ulong cursor, int countHint, List<Record> found)
    {
        Debug.Assert(_all.HasSlots, "Only in a cluster keys are found by their slot.");
        var collector = new RecordCollector(found);
        return _index.ScanSlot(slot, cursor, countHint, ref collector);
    }

    /// <summary>Makes room for so many keys, if there is none yet: they come faster then. For who is about to load them.</summary>
    public void Reserve(long count)
    {
        OwnIndex();
        _index.Reserve(count);
    }

    public void PrefetchBucket(ulong hash) => _index.PrefetchBucket(hash);

    /// <summary>Asks for the memory in which a key of this hash will be added.</summary>
    public void PrefetchRoom(ulong hash) => _index.PrefetchRoom(hash);

    public void PrefetchRecord(ulong hash) => _index.PrefetchEntry(hash);

    /// <summary>
    /// For prefetching members of the large collection at this key, by the same hash as keys have; false if there is none.
    /// </summary>
    public bool TryPrefetchMembers(ulong hash, ReadOnlySpan<byte> key, out IndexPrefetch members)
    {
        Record record = Find(hash, key).Record;
        members = default;
        bool isLarge = !record.IsNone && record.Type != KeyType.String && record.Layout == ValueLayout.Root;
        if (!isLarge || !_values.Types.Collection(record.Type).HasIndex)
        {
            return false;
        }
        members = new IndexPrefetch(_values.Heap, ValueSlot.RootAt(record.ValueAddress));
        return true;
    }

    /// <summary>The key as it is stored, due or not.</summary>
    public KeyRef Find(ReadOnlySpan<byte> key) => Find(HashOf(key), key);

    /// <summary>The same for who knows the key's hash already.</summary>
    public KeyRef Find(ulong hash, ReadOnlySpan<byte> key) => new(hash, _index.Find(hash, key));

    /// <summary>
    /// Stores a string under the key, new or in place of what was there. <paramref name="deadlineMs"/> is a time, none, or keep.
    /// The form's bytes must not belong to a key of this keyspace.
    /// </summary>
    public void Put(ref KeyRef at, ReadOnlySpan<byte> key, in StringForm form, long deadlineMs)
    {
        if (!at.Exists)
        {
            long newDeadlineMs = deadlineMs == Deadline.Keep ? Deadline.None : deadlineMs;
            Add(ref at, _records.Create(key, form, newDeadlineMs, _all.Clock.Fresh()));
            return;
        }
        BeforeChange(at);
        Record old = at.Record;
        bool wasLarge = old.Owned != 0;
        long oldWakeMs = old.WakeMs;
        Forget(old);
        Record record = _records.Overwrite(old, form, deadlineMs == Deadline.Keep ? old.DeadlineMs : deadlineMs);
        Store(at, record);
        if (record.DeadlineMs != oldWakeMs)
        {
            _index.SetDeadline(at.Position, record.DeadlineMs);
        }
        TellLarge(at, record, wasLarge);
    }

    /// <summary>
    /// Takes over a large argument as it is; the form must be stored. The bytes stay where they are as long as the command's round lasts,
    /// whatever becomes of the key, for whoever looks at the argument later.
    /// </summary>
    public StringForm Take(LooseBlock block)
    {
        ulong address = block.GiveTo(_values.Heap);
        _values.Pinned.Pin(address);
        _values.Pinned.UnpinLater(address);
        return StringForm.OfBlock(address, Native.Bytes(address, block.Length));
    }

    /// <summary>Begins a string of a length that is more than <see cref="StringForm.InlineSizeMax"/>.</summary>
    public TextDraft DraftText(int length) => new(_values.Heap.Allocate(length), length);

    /// <summary>Frees what was drafted and is not wanted.</summary>
    public void DiscardText(TextDraft draft) => _values.Heap.Free(draft.Block);

    /// <summary>Stores what was drafted, as <see cref="Put"/> does.</summary>
    public void PutText(ref KeyRef at, ReadOnlySpan<byte> key, TextDraft draft, long deadlineMs) =>
        Put(ref at, key, StringForm.OfRawBlock(draft.Block, draft.Bytes), deadlineMs);

    /// <summary>Overwrites the number of a string with integer encoding, where it stands if it fits.</summary>
    public void SetInteger(ref KeyRef at, long value)
    {
        BeforeChange(at);
        Record record = at.Record;
        Debug.Assert(record.StringEncoding == StringEncoding.Integer, "Only integers are overwritten in place.");
        if (Record.IntegerSizeOf(value) <= record.ValueSize)
        {
            record.Integer = value;
        }
        else
        {
            Store(at, _records.Overwrite(record, StringForm.OfInteger(value), record.DeadlineMs));
        }
    }

    /// <summary>
    /// The string's bytes for editing in place, at least <paramref name="length"/> of them, new ones zero; the key is created if it is
    /// missing. Only so many bytes from the start told on may be changed. The span is valid until the next change.
    /// </summary>
    public Span<byte> EditText(ref KeyRef at, ReadOnlySpan<byte> key, long length, long start = 0, long count = long.MaxValue)
    {
        PendingValue? pending = null;
        if (at.Exists)
        {
            pending = BeforeChange(at);
            if (pending?.Content is TextSnapshot text)
            {
                text.BeforeOverwrite(start, count);
            }
            Store(at, _records.Grow(at.Record, length));
        }
        else
        {
            Add(ref at, _records.CreateText(key, length, _all.Clock.Fresh()));
        }
        Record record = at.Record;
        if (pending is not null)
        {
            _pending.Move(pending, record.Owned);
        }
        if (record.StringEncoding == StringEncoding.Inline)
        {
            return Native.Bytes(record.Address + (uint)record.ValueOffset, record.ValueSize);
        }
        TellLarge(at, record);
        BlockField block = record.BlockField;
        return Native.Bytes(block.Address, (int)block.Length);
    }

    /// <summary>Sets the time the key expires, or with <see cref="Deadline.None"/> makes it permanent.</summary>
    public void SetDeadline(ref KeyRef at, long deadlineMs)
    {
        Debug.Assert(at.Exists && deadlineMs != Deadline.Keep, "A deadline is set on a key that exists.");
        BeforeChange(at);
        Forget(at.Record);
        Record record = _records.WithDeadline(at.Record, deadlineMs);
        Store(at, record);
        Note(record);
        _index.SetDeadline(at.Position, record.WakeMs);
    }

    /// <summary>A new key with an empty collection, which must not stay empty.</summary>
    public void Create(ref KeyRef at, ReadOnlySpan<byte> key, KeyType type)
    {
        Debug.Assert(!at.Exists, "The key is new.");
        Add(ref at, _records.Create(key, type, _all.Clock.Fresh()));
    }

    /// <summary>The collection at a key, for reading it.</summary>
    public ValueSlot Open(scoped in KeyRef at)
    {
        Record record = at.Record;
        Debug.Assert(record.Type != KeyType.String, "A string is no collection.");
        return new ValueSlot(_values, ref at.Position.Link, record.ValueOffset);
    }

    /// <summary>The collection at a key, for changing it. If it is empty afterwards, the key must be removed.</summary>
    public ValueSlot Edit(scoped in KeyRef at)
    {
        ValueSnapshot? saving = BeforeChange(at)?.Content;
        return new ValueSlot(_values, ref at.Position.Link, at.Record.ValueOffset, saving);
    }

    /// <summary>To be called when deadlines of the hash's fields have changed.</summary>
    public void NoteFieldDeadlines(in KeyRef at)
    {
        Record record = at.Record;
        Forget(record);
        bool isAny = _values.Types.Collection(record.Type).HasDeadlines(record.ValueAddress);
        ref RecordFlags flags = ref record.Header.Flags;
        flags = isAny ? flags | RecordFlags.HasFieldDeadlines : flags & ~RecordFlags.HasFieldDeadlines;
        Note(record);
        _index.SetDeadline(at.Position, record.WakeMs);
    }

    /// <summary>Whether the key is a hash of which every field's time was before this one, so that it is there for nobody.</summary>
    internal bool AreAllFieldsBefore(Record record, long nowMs)
    {
        if (!record.HasFieldDeadlines || FieldDeadlines.NextMsAt(record.ValueAddress) >= nowMs)
        {
            return false;
        }
        var link = new Link(record.Address);
        return FieldDeadlines.AreAllBefore(new ValueSlot(_values, ref link, record.ValueOffset), nowMs);
    }

    /// <summary>Begins a value that is built aside, to be given to the key later with <see cref="Attach"/>.</summary>
    /// <param name="key">Copied.</param>
    /// <param name="type">Of a collection.</param>
    /// <param name="packedSize">Bytes that the value will have at once if it is packed; 0 if nobody knows.</param>
    public RecordDraft Draft(ReadOnlySpan<byte> key, KeyType type, int packedSize = 0) =>
        new(_values, _records, _records.Create(key, type, _all.Clock.Fresh(), packedSize));

    /// <summary>Gives a key, new or in place of what it held, the value that was built aside, which must not be empty.</summary>
    public void Attach(ref KeyRef at, ref RecordDraft draft, long deadlineMs)
    {
        if (at.Exists)
        {
            Remove(ref at);
        }
        AddFinished(ref at, Finish(ref draft, deadlineMs));
    }

    /// <summary>Removes a key; a large collection is freed in slices unless <paramref name="lazily"/> says otherwise.</summary>
    public void Remove(ref KeyRef at, bool lazily = true) => Free(Detach(ref at), lazily);

    /// <summary>
    /// Moves the value, deadline and access clock of one key to another name, here or in another database. The target must not exist.
    /// </summary>
    public void MoveTo(ref KeyRef from, Database target, ref KeyRef to, ReadOnlySpan<byte> newKey)
    {
        Debug.Assert(!to.Exists, "The target of a move must not exist.");
        Record record = Detach(ref from);
        to = target.Find(newKey);
        target.Add(ref to, _records.Rename(record, newKey));
    }

    /// <summary>Stores a copy of the value under another name, here or in another database. The target must not exist.</summary>
    public void CopyTo(in KeyRef from, Database target, ref KeyRef to, ReadOnlySpan<byte> newKey)
    {
        Debug.Assert(!to.Exists, "The target of a copy must not exist.");
        target.Add(ref to, _records.Duplicate(from.Record, newKey));
    }

    /// <summary>Sets the access clock of a record, which eviction reads.</summary>
    public void SetAccess(in KeyRef at, uint access)
    {
        Record record = at.Record;
        record.Access = access;
    }

    /// <summary>Bytes that the key, its value and its share of the index hold.</summary>
    public long SizeOf(Record record) => _records.SizeOf(record) + IndexSizePerKey;

    /// <summary>The sizes of its values, as they are told of large ones.</summary>
    public ValueSizes Sizes => new(_values, _records, IndexSizePerKey);

    /// <summary>The index's memory per key now, rounded up.</summary>
    public long IndexSizePerKey => Count == 0 ? 0 : (IndexSize + Count - 1) / Count;

    /// <summary>
    /// Up to a few records from the cursor on; returns the next cursor, 0 at the end. See <see cref="HashIndex{TKeys}.Scan"/>.
    /// </summary>
    public ulong Scan(ulong cursor, int countHint, List<Record> found)
    {
        Debug.Assert(found.Count == 0, "The list is filled anew.");
        var collector = new RecordCollector(found);
        return _index.Scan(cursor, countHint, ref collector);
    }

    /// <summary>A record chosen at random; none if the database is empty.</summary>
    public Record RandomRecord(Random random) => Count == 0 ? default : new Record(_index.RandomEntry(random));

    /// <summary>
    /// The mean time to live of keys with a deadline, in milliseconds, estimated from a few chosen at random; 0 where there are none.
    /// </summary>
    public long SampleTtlMs(Random random, long nowMs) => new VolatileSample(this).MeanTtlMs(random, nowMs);

    /// <summary>
    /// Takes all content out of the database, which is empty afterwards, to be freed in slices; none if a snapshot still needs it and
    /// frees it then.
    /// </summary>
    internal DetachedContent? DetachAll(bool lazily)
    {
        if (!OwnsIndex)
        {
            return null;
        }
        _all.LargeValues?.Emptied(Place);
        bool isNeeded = IsPartOfSnapshot;
        var content = new DetachedContent(_values.Heap, _root, _index, _records, lazily || isNeeded);
        if (isNeeded)
        {
            LeaveToSnapshots(content);
        }
        LoseIndex();
        return isNeeded ? null : content;
    }

    /// <summary>The snapshots under way are still to have the content; how large it is, is estimated from its share of the keys.</summary>
    private void LeaveToSnapshots(DetachedContent content)
    {
        long bytes = (long)(_parts!.ShareOf(Count) * Math.Max(_values.Heap.UsedBytes - _values.Saving.OrphanBytes, 0));
        var kept = new KeptOrphan(_values.Saving, bytes, () => _all.LazyFree.Add(content));
        for (SnapshotPart? part = _parts; part is not null; part = part.Next)
        {
            part.Keep(kept);
        }
        _parts = null;
    }

    /// <summary>Makes the database a part of a snapshot that begins.</summary>
    internal void Join(Snapshot snapshot) => _parts = snapshot.Add(this, SnapshotPart.Live(_parts));

    /// <summary>Takes a key out of the index; its record lives on until the caller frees it.</summary>
    internal Record Detach(ref KeyRef at)
    {
        Debug.Assert(at.Exists, "Only what exists can be taken out.");
        BeforeChange(at);
        Record record = at.Record;
        if (record.Owned != 0)
        {
            _all.LargeValues?.Gone(this, at.Hash);
        }
        Forget(record);
        _slots?.Add(at.Hash, -1);
        _index.Remove(at.Position);
        at.Position = default;
        return record;
    }

    /// <summary>A record that is in no database yet.</summary>
    internal Record Make(ReadOnlySpan<byte> key, in StringForm form, long deadlineMs) =>
        _records.Create(key, form, deadlineMs, _all.Clock.Fresh());

    /// <summary>The record of what was built aside, which is in no database yet.</summary>
    internal Record Finish(ref RecordDraft draft, long deadlineMs)
    {
        Record record = draft.Take();
        return deadlineMs == Deadline.None ? record : _records.WithDeadline(record, deadlineMs);
    }

    /// <summary>Adds a record under its key, which is not there.</summary>
    internal void AddFinished(ref KeyRef at, Record record)
    {
        Add(ref at, record);
        if (record.Type != KeyType.String && _values.Types.Collection(record.Type).HasDeadlines(record.ValueAddress))
        {
            NoteFieldDeadlines(at);
        }
    }

    internal void Free(Record record, bool lazily = true) => _records.Free(record, lazily);

    /// <summary>
    /// Moves records and the index off slabs that are to be emptied, from the cursor on until the evacuation says that it is enough.
    /// Returns the next cursor; 0 begins and ends.
    /// </summary>
    internal ulong Relocate(ulong cursor, Evacuation evacuation, LargeValues large)
    {
        if (OwnsIndex && !IsPartOfSnapshot)
        {
            _root = evacuation.Move(_root);
            _index = new HashIndex<RecordKeys>(_values.Heap, _root, _all.KeySeed);
        }
        var mover = new RecordMover(_values, _pending, evacuation, large);
        return _index.Relocate(cursor, evacuation, ref mover);
    }

    /// <summary>Moves a part of the collection at a key, if there is one; false at the end.</summary>
    internal bool RelocateValue(ReadOnlySpan<byte> key, ref RelocationCursor cursor, Evacuation evacuation, LargeValues large)
    {
        Record record = Find(key).Record;
        return !record.IsNone && new RecordMover(_values, _pending, evacuation, large).MoveSome(record, ref cursor);
    }

    /// <summary>Exchanges the content of two databases.</summary>
    internal void SwapWith(Database other)
    {
        (_root, other._root) = (other._root, _root);
        (_index, other._index) = (other._index, _index);
        (_slots, other._slots) = (other._slots, _slots);
        (_parts, other._parts) = (other._parts, _parts);
        (_fieldOnlyCount, other._fieldOnlyCount) = (other._fieldOnlyCount, _fieldOnlyCount);
        (_fieldVolatileCount, other._fieldVolatileCount) = (other._fieldVolatileCount, _fieldVolatileCount);
        Settle();
        other.Settle();
        _all.LargeValues?.Exchanged(Place, other.Place);
    }

    /// <summary>From now on the database reads the index that has no keys; the first one gets a new index at once.</summary>
    private void LoseIndex()
    {
        UseIndex(_all.EmptyRoot);
        _slots = null;
        _fieldOnlyCount = 0;
        _fieldVolatileCount = 0;
        if (Number == 0 && !_all.IsAside)
        {
            OwnIndex();
        }
    }

    private void OwnIndex()
    {
        if (!OwnsIndex)
        {
            UseIndex(_all.NewRoot());
            _slots = _all.HasSlots ? new SlotCounts() : null;
            _all.Hold(this);
        }
    }

    /// <summary>Takes note of an index that came from another database.</summary>
    private void Settle()
    {
        if (Number == 0 && !_all.IsAside)
        {
            OwnIndex();
        }
        else if (OwnsIndex)
        {
            _all.Hold(this);
        }
    }

    private void UseIndex(ulong root)
    {
        _root = root;
        _index = new HashIndex<RecordKeys>(_values.Heap, root, _all.KeySeed);
    }

    private void Add(ref KeyRef at, Record record)
    {
        BeforeChange(at);
        OwnIndex();
        at.Position = _index.Insert(at.Hash, record.Address);
        _slots?.Add(at.Hash, 1);
        Note(record);
        long wakeMs = record.WakeMs;
        if (wakeMs != Deadline.None)
        {
            _index.SetDeadline(at.Position, wakeMs);
        }
        _all.Added?.Invoke(this, record);
        TellLarge(at, record);
    }

    private void TellLarge(in KeyRef at, Record record, bool wasLarge = false) =>
        (wasLarge || record.Owned != 0 ? _all.LargeValues : null)?.Noticed(this, at.Hash, record);

    /// <summary>
    /// Called before anything is changed at this key: the snapshots under way take first what they need. The key's value, if pieces of it
    /// are still to be taken, so that each change of it must be told before.
    /// </summary>
    private PendingValue? BeforeChange(in KeyRef at)
    {
        if (_parts is not null)
        {
            TellSnapshots(at);
        }
        // A pending value may have come here from another database.
        return _pending.IsEmpty || !at.Exists ? null : _pending.Of(at.Record);
    }

    private void TellSnapshots(in KeyRef at)
    {
        bool isOver = false;
        for (SnapshotPart? part = _parts; part is not null; part = part.Next)
        {
            if (part.IsLive)
            {
                part.BeforeChange(at);
            }
            else
            {
                isOver = true;
            }
        }
        _parts = isOver ? SnapshotPart.Live(_parts) : _parts;
    }

    private static void Store(in KeyRef at, Record record) => at.Position.Link.Address = record.Address;

    private void Note(Record record) => CountFieldDeadlines(record, 1);

    private void Forget(Record record) => CountFieldDeadlines(record, -1);

    private void CountFieldDeadlines(Record record, int added)
    {
        if (record.HasFieldDeadlines)
        {
            _fieldVolatileCount += added;
            _fieldOnlyCount += record.HasDeadline ? 0 : added;
        }
    }
}
