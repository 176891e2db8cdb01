using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Bixbite.Memory;
using Bixbite.Structures.Digests;

namespace Bixbite.Structures.Hashing;

/// <summary>
/// A set of records found by key: extendible hashing over segments that grow by small steps, so memory follows the number of keys and no
/// change but the doubling of the small directory takes longer than some microseconds, in whatever order keys come. About 11 bytes
/// per key, 2.5 more for a deadline.
/// <code>
///   hash    | prefix -> directory word | place: 19 bits -> bucket | ...... | tag: 8 bits -> slot |
///
///   SegmentDirectory --> Segment: header, buckets of a cache line each --> record (the caller's)
///     + SegmentTable       + DeadlineLane
///     + DueTable
/// </code>
/// Callers pass the hash of a key, the same for all indexes; each index mixes its own seed into it, so none has the order of another.
/// A search touches the directory (small enough for the cache), one bucket, and the record. The index owns its segments and never the
/// records: who removes an entry frees its record. One owner at a time. Keys are distinct: insert only what <see cref="Find"/> missed.
/// See docs/formats/hash-index.md.
/// </summary>
/// <typeparam name="TKeys">How to read the records.</typeparam>
public readonly struct HashIndex<TKeys>
    where TKeys : struct, IEntryKeys
{
    private readonly SegmentDirectory _directory;
    private readonly ulong _seed;

    /// <summary>Opens the index whose root is at this address.</summary>
    /// <param name="heap">Where the index lives.</param>
    /// <param name="root">The address of an <see cref="IndexRoot"/>, made by <see cref="IndexRoot.Initialize"/>.</param>
    /// <param name="seed">The seed of the hashes that callers pass, always the same one.</param>
    public HashIndex(Heap heap, ulong root, ulong seed)
    {
        _directory = new SegmentDirectory(heap, root);
        _seed = seed;
    }

    public long Count => _directory.Root.Count;

    /// <summary>Entries with a deadline.</summary>
    public long VolatileCount => _directory.Root.VolatileCount;

    /// <summary>Exactly the heap bytes that the index holds, without its root.</summary>
    public long MemoryBytes => _directory.Root.MemoryBytes + _directory.Due.MemoryBytes;

    public long SegmentCount => _directory.Root.SegmentCount;

    /// <summary>
    /// A number of the order in which entries are walked through: cursors of another order mean nothing in this one. The seeds from which
    /// the order follows cannot be told from it.
    /// </summary>
    public ulong Order
    {
        get
        {
            Span<byte> seeds = stackalloc byte[2 * sizeof(ulong)];
            BinaryPrimitives.WriteUInt64LittleEndian(seeds, _seed);
            BinaryPrimitives.WriteUInt64LittleEndian(seeds[sizeof(ulong)..], _directory.Root.Seed);
            return BinaryPrimitives.ReadUInt64LittleEndian(Sha256.Hash(seeds));
        }
    }

    internal SegmentDirectory Directory => _directory;

    /// <summary>The hash to pass for this key: that of every index with the same seed.</summary>
    public ulong HashOf(ReadOnlySpan<byte> key) => TKeys.HashOf(_seed, key);

    /// <inheritdoc cref="IndexPrefetch.Bucket"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrefetchBucket(ulong hash) => new IndexPrefetch(_directory).Bucket(hash);

    /// <inheritdoc cref="IndexPrefetch.Room"/>
    public void PrefetchRoom(ulong hash) => new IndexPrefetch(_directory).Room(hash);

    /// <inheritdoc cref="IndexPrefetch.Entry"/>
    public void PrefetchEntry(ulong hash) => new IndexPrefetch(_directory).Entry(hash);

    public IndexPosition Find(ulong hash, ReadOnlySpan<byte> key)
    {
        hash = Spread(hash);
        DirectoryEntry entry = _directory.EntryOf(hash);
        int bucketCount = entry.BucketCount;
        uint place = entry.PlaceOf(hash);
        byte tag = Bucket.TagOf(hash);
        uint index = Segment.HomeOf(place, bucketCount);
        ulong first = entry.Segment.FirstBucket;
        for (int visited = 0; visited < bucketCount; visited++)
        {
            ulong bucket = first + ((ulong)index * Bucket.Size);
            ulong meta = Native.At<ulong>(bucket);
            for (ulong matches = Bucket.Matches(meta, tag); matches != 0; matches &= matches - 1)
            {
                ulong slot = Bucket.FirstSlot(bucket, matches);
                ulong content = Native.At<ulong>(slot);
                if (Bucket.PlaceIn(content) == place && TKeys.KeyOf(Bucket.EntryIn(content)).SequenceEqual(key))
                {
                    return new IndexPosition(hash, slot);
                }
            }
            if (!Bucket.IsPassed(meta))
            {
                break;
            }
            index = index + 1 == bucketCount ? 0 : index + 1;
        }
        return default;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong EntryAt(IndexPosition position) => position.Link.Address;

    /// <summary>
    /// Makes room for so many entries in an index that has none: they are then added without the index growing step by step. Their number
    /// may turn out different. Takes time and memory by the number, unlike all other changes.
    /// </summary>
    public void Reserve(long count)
    {
        if (Count == 0 && SegmentCount == 1)
        {
            _directory.Reserve(count);
        }
    }

    /// <summary>Adds an entry whose key is not there. Other positions are invalid afterwards.</summary>
    public IndexPosition Insert(ulong hash, ulong entry)
    {
        hash = Spread(hash);
        DirectoryEntry at = _directory.EntryOf(hash);
        while (at.Segment.Header.Count >= SegmentSize.CountMax(at.BucketCount))
        {
            MakeRoom(at);
            _directory.EvacuateSome();
            at = _directory.EntryOf(hash);
        }
        Segment segment = at.Segment;
        segment.Header.Count++;
        _directory.Root.Count++;
        ulong slot = Segment.Place(segment.FirstBucket, at.BucketCount, Bucket.TagOf(hash), at.PlaceOf(hash), entry);
        return new IndexPosition(hash, slot);
    }

    /// <summary>Takes an entry out. Other positions are invalid afterwards.</summary>
    public void Remove(IndexPosition position)
    {
        DirectoryEntry at = _directory.EntryOf(position.Hash);
        Segment segment = at.Segment;
        SetDeadline(position, EntryDeadline.None);
        Segment.Vacate(segment.FirstBucket, at.BucketCount, position.SlotAddress);
        segment.Header.Count--;
        _directory.Root.Count--;
        if (segment.Header.Count < SegmentSize.CountMin(at.BucketCount))
        {
            SegmentResizing.Shrink(_directory, segment);
            _directory.EvacuateSome();
            if (Count == 0)
            {
                _directory.DrawSeed();
            }
        }
    }

    /// <summary>Notes when the entry expires, in Unix milliseconds, or that it does not with <see cref="EntryDeadline.None"/>.</summary>
    public void SetDeadline(IndexPosition position, long deadlineMs)
    {
        Segment segment = _directory.EntryOf(position.Hash).Segment;
        ref SegmentHeader header = ref segment.Header;
        if (deadlineMs == EntryDeadline.None)
        {
            if (header.Lane != 0)
            {
                ClearDeadline(segment, position);
            }
            return;
        }
        if (header.Lane == 0)
        {
            _directory.AddLane(segment);
        }
        ref ushort slotTick = ref segment.Lane.Ticks(segment.BucketCount)[segment.SlotIndexOf(position.SlotAddress)];
        if (slotTick == 0)
        {
            header.VolatileCount++;
            _directory.Root.VolatileCount++;
        }
        long tick = DeadlineLane.TickOf(deadlineMs);
        slotTick = DeadlineLane.ShortTickOf(tick);
        _directory.Due.Note(header.Number, tick);
    }

    /// <summary>
    /// Entries whose deadline has passed, as many as fit; the caller removes them (or gives them another deadline), or they come again.
    /// With <paramref name="more"/>, call again soon. Costs next to nothing while nothing is due.
    /// </summary>
    public int CollectDue(long nowMs, Span<ulong> entries, out bool more) =>
        DueCollector<TKeys>.Collect(_directory, ref _directory.Root.DueCursor, nowMs, entries, out more);

    /// <summary>
    /// As <see cref="CollectDue"/>, to the millisecond: for entries whose deadline nobody looks at before using them. Reads not many more
    /// records than <paramref name="readsMax"/>. With <paramref name="isAll"/> nothing else is due.
    /// </summary>
    public int CollectDueExactly(long nowMs, Span<ulong> entries, int readsMax, out bool isAll) =>
        DueCollector<TKeys>.CollectExactly(_directory, ref _directory.Root.DueCursor, nowMs, entries, readsMax, out isAll);

    /// <inheritdoc cref="DueWindow{TKeys}.Count"/>
    public long CountWithin(long fromMs, long toMs, DeadlineRange all, out long laterMs) =>
        DueWindow<TKeys>.Count(_directory, fromMs, toMs, all, out laterMs);

    /// <inheritdoc cref="DueWindow{TKeys}.VisitFrom"/>
    public void VisitFrom<TVisitor>(long fromMs, DeadlineRange all, ref TVisitor visitor)
        where TVisitor : struct, IEntryVisitor, allows ref struct =>
        DueWindow<TKeys>.VisitFrom(_directory, fromMs, all, ref visitor);

    /// <inheritdoc cref="DueCollector{TKeys}.NextMs"/>
    public long NextDueMs(int readsMax) => DueCollector<TKeys>.NextMs(_directory, readsMax);

    /// <summary>See <see cref="Scan{TVisitor}"/>; allocates a delegate at most.</summary>
    public ulong Scan(ulong cursor, int countHint, Action<ulong> visit)
    {
        var visitor = new DelegateVisitor(visit);
        return Scan(cursor, countHint, ref visitor);
    }

    /// <summary>
    /// Visits some entries from the cursor on and returns the next cursor: 0 begins and, returned, ends. A cursor is a position in the
    /// space of hashes, of at most 48 bits: every entry that is present from the first call to the last is visited exactly once,
    /// whatever happens to the others and to the segments in between.
    /// </summary>
    public ulong Scan<TVisitor>(ulong cursor, int countHint, ref TVisitor visitor)
        where TVisitor : struct, IEntryVisitor, allows ref struct =>
        IndexScan<TKeys>.Scan(_directory, _seed, cursor, countHint, ref visitor);

    /// <summary>
    /// As <see cref="Scan{TVisitor}"/>, for the entries of one slot, in an index whose hashes have slots: it reads the index's own words,
    /// and of other slots neither entries nor records.
    /// </summary>
    public ulong ScanSlot<TVisitor>(int slot, ulong cursor, int countHint, ref TVisitor visitor)
        where TVisitor : struct, IEntryVisitor, allows ref struct =>
        IndexScan<TKeys>.ScanSlot(_directory, _seed, slot, cursor, countHint, ref visitor);

    /// <summary>Visits all entries.</summary>
    public void VisitAll<TVisitor>(ref TVisitor visitor)
        where TVisitor : struct, IEntryVisitor, allows ref struct
    {
        ulong hash = 0;
        do
        {
            Segment segment = _directory.EntryOf(hash).Segment;
            segment.Visit(ref visitor);
            hash = SegmentDirectory.EndOf(segment);
        }
        while (hash != 0);
    }

    /// <summary>
    /// Visits all entries of the segment at the cursor, a few hundred, unless that has happened in this epoch, and returns the next
    /// segment's cursor; 0 begins and ends. Entries added to a segment after its visit are not visited.
    /// </summary>
    public ulong VisitSegmentOnce<TVisitor>(ulong cursor, VisitEpoch epoch, ref TVisitor visitor)
        where TVisitor : struct, IEntryVisitor, allows ref struct
    {
        Segment segment = _directory.EntryOf(IndexScan<TKeys>.HashOf(cursor)).Segment;
        VisitOnce(segment, epoch, ref visitor);
        return IndexScan<TKeys>.CursorOf(SegmentDirectory.EndOf(segment));
    }

    /// <summary>As <see cref="VisitSegmentOnce"/>, whenever it was visited before.</summary>
    public ulong VisitSegment<TVisitor>(ulong cursor, ref TVisitor visitor)
        where TVisitor : struct, IEntryVisitor, allows ref struct
    {
        Segment segment = _directory.EntryOf(IndexScan<TKeys>.HashOf(cursor)).Segment;
        segment.Visit(ref visitor);
        return IndexScan<TKeys>.CursorOf(SegmentDirectory.EndOf(segment));
    }

    /// <summary>As <see cref="VisitSegmentOnce"/>, for the segment to which this hash belongs.</summary>
    public void VisitOnce<TVisitor>(ulong hash, VisitEpoch epoch, ref TVisitor visitor)
        where TVisitor : struct, IEntryVisitor, allows ref struct =>
        VisitOnce(_directory.EntryOf(Spread(hash)).Segment, epoch, ref visitor);

    /// <summary>As <see cref="VisitSegmentOnce"/>, for the segment in which this entry is.</summary>
    public void VisitOnce<TVisitor>(IndexPosition position, VisitEpoch epoch, ref TVisitor visitor)
        where TVisitor : struct, IEntryVisitor, allows ref struct =>
        VisitOnce(_directory.EntryOf(position.Hash).Segment, epoch, ref visitor);

    /// <summary>
    /// Moves the index off slabs that are to be emptied, and lets the caller move the records, from the cursor on until the evacuation says
    /// that it is enough. Returns the next cursor; 0 begins and ends. What else happens to the index between two calls is as with
    /// <see cref="Scan{TVisitor}"/>.
    /// </summary>
    public ulong Relocate<TMover>(ulong cursor, Evacuation evacuation, ref TMover mover)
        where TMover : struct, IEntryMover, allows ref struct =>
        IndexRelocation<TKeys>.Run(_directory, _seed, cursor, evacuation, ref mover);

    /// <summary>As <see cref="Relocate"/>, but the records stay.</summary>
    public ulong RelocateAlone(ulong cursor, Evacuation evacuation) =>
        IndexRelocation<TKeys>.RunAlone(_directory, cursor, evacuation);

    /// <summary>
    /// Takes the next few entries of a walk through all of them, as many whole buckets as fit, and asks for their records; 0 at the end.
    /// </summary>
    public int Walk(ref IndexWalk walk, Span<ulong> entries) => walk.Step(_directory, entries);

    /// <summary>An entry chosen at random, each exactly as likely; 0 if there is none.</summary>
    public ulong RandomEntry(Random random) => Count == 0 ? 0 : EntryAt(RandomPosition(random));

    /// <summary>The place of an entry chosen at random, each exactly as likely, in an index that is not empty.</summary>
    public IndexPosition RandomPosition(Random random) => IndexSample.RandomPosition(_directory, random);

    /// <summary>Up to so many different entries that lie together somewhere at random.</summary>
    public int Sample(Random random, Span<ulong> entries) => IndexSample.Take(_directory, random, entries, isVolatileOnly: false);

    /// <summary>As <see cref="Sample"/>, of the entries with a deadline.</summary>
    public int SampleVolatile(Random random, Span<ulong> entries) => IndexSample.Take(_directory, random, entries, isVolatileOnly: true);

    /// <summary>
    /// Gives up the index, in slices: hands about <paramref name="countMax"/> entries to the caller, who frees their records, and frees
    /// their segments. Returns whether any are left. After the first call nothing else may be called but this and <see cref="Count"/>.
    /// The root's bytes stay the owner's.
    /// </summary>
    public bool ReleaseSome(int countMax, Action<ulong> release)
    {
        var visitor = new DelegateVisitor(release);
        long countBefore = Count;
        while (!IsReleased && countBefore - Count < countMax)
        {
            Segment segment = _directory.EntryOf(_directory.Root.Released).Segment;
            segment.Visit(ref visitor);
            FreeNextSegment(segment);
        }
        return !IsReleased;
    }

    /// <summary>Gives up the index at once, but none of the records.</summary>
    public void Release()
    {
        while (!IsReleased)
        {
            FreeNextSegment(_directory.EntryOf(_directory.Root.Released).Segment);
        }
    }

    /// <summary>Checks every count, place, tag, lane and tick against the records; throws where one is wrong.</summary>
    internal void Verify() => IndexVerifier<TKeys>.Verify(_directory, _seed);

    private static void VisitOnce<TVisitor>(Segment segment, VisitEpoch epoch, ref TVisitor visitor)
        where TVisitor : struct, IEntryVisitor, allows ref struct
    {
        if (!segment.Header.Visited.Has(epoch))
        {
            segment.Visit(ref visitor);
            segment.Header.Visited.Note(epoch);
        }
    }

    private ulong Spread(ulong hash) => TKeys.Spread(hash, _directory.Root.Seed);

    private bool IsReleased => _directory.Root.Words == 0;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void MakeRoom(DirectoryEntry at)
    {
        int next = SegmentSize.Next(at.BucketCount);
        bool isLarge = next > SegmentSize.BucketCountNormalMax && at.Depth < SegmentDirectory.DepthMax;
        if (isLarge || HasCrowdedSlot(at))
        {
            SegmentSplit<TKeys>.Split(_directory, at.Segment, _seed);
            return;
        }
        Invariant.Require(next > at.BucketCount, "hundreds of millions of keys have one hash");
        SegmentResizing.Resize(_directory, at.Segment, next);
    }

    /// <summary>
    /// Places begin with what the prefix leaves of the slot. Where many keys are of one slot, they would all have one home bucket: such a
    /// segment splits early, until its prefix is a whole slot and places are bits of the hash.
    /// </summary>
    private bool HasCrowdedSlot(DirectoryEntry at)
    {
        if (!KeyHash.HasSlots(_directory.Root.Seed) || at.Depth >= KeyHash.SlotBits)
        {
            return false;
        }
        for (int i = 0; i < at.BucketCount; i++)
        {
            if (Bucket.PassedCount(Native.At<ulong>(at.Segment.BucketAt(i))) >= SegmentSize.PassedCountMax)
            {
                return true;
            }
        }
        return false;
    }

    private void ClearDeadline(Segment segment, IndexPosition position)
    {
        ref ushort slotTick = ref segment.Lane.Ticks(segment.BucketCount)[segment.SlotIndexOf(position.SlotAddress)];
        if (slotTick == 0)
        {
            return;
        }
        slotTick = 0;
        _directory.Root.VolatileCount--;
        if (--segment.Header.VolatileCount != 0)
        {
            return;
        }
        _directory.FreeLane(segment);
        _directory.Due.Set(segment.Header.Number, DueTable.None);
    }

    private void FreeNextSegment(Segment segment)
    {
        ulong end = SegmentDirectory.EndOf(segment);
        _directory.FreeNodesThatEndWith(segment);
        _directory.Root.Count -= segment.Header.Count;
        _directory.Root.VolatileCount -= segment.Header.VolatileCount;
        _directory.FreeSegment(segment);
        _directory.Root.Released = end;
        if (end == 0)
        {
            _directory.FreeWords();
        }
    }

    private readonly struct DelegateVisitor(Action<ulong> visit) : IEntryVisitor
    {
        public void Visit(ulong entry) => visit(entry);
    }
}
