using Bixbite.Memory;

namespace Bixbite.Structures.Hashing;

/// <summary>
/// Moves an index off slabs that are to be emptied, in slices: its segments with their lanes as it comes to each, the records if the caller
/// says how, and at the end what the directory consists of. A cursor is one of <see cref="IndexScan{TKeys}"/>.
/// </summary>
internal static class IndexRelocation<TKeys>
    where TKeys : struct, IEntryKeys
{
    /// <summary>Entries of one step, whose records are asked for before the first is needed.</summary>
    private const int StepCount = 24;

    /// <summary>Goes on until the evacuation says that it is enough; returns the next cursor, 0 at the end.</summary>
    internal static ulong Run<TMover>(SegmentDirectory directory, ulong seed, ulong cursor, Evacuation evacuation, ref TMover mover)
        where TMover : struct, IEntryMover, allows ref struct
    {
        var slots = new SlotMover<TMover>(mover);
        ulong position = IndexScan<TKeys>.HashOf(cursor);
        do
        {
            MoveSegment(directory, position, evacuation);
            Prefetch(directory, position);
            int left = StepCount;
            position = IndexScan<TKeys>.Step(directory, seed, position, ref left, ref slots);
        }
        while (position != 0 && !evacuation.IsEnough);
        if (position == 0)
        {
            directory.MoveWords(evacuation);
        }
        mover = slots.Mover;
        return IndexScan<TKeys>.CursorOf(position);
    }

    /// <summary>The same for the index alone, without its records.</summary>
    internal static ulong RunAlone(SegmentDirectory directory, ulong cursor, Evacuation evacuation)
    {
        ulong position = IndexScan<TKeys>.HashOf(cursor);
        do
        {
            position = SegmentDirectory.EndOf(MoveSegment(directory, position, evacuation));
        }
        while (position != 0 && !evacuation.IsEnough);
        if (position == 0)
        {
            directory.MoveWords(evacuation);
        }
        return IndexScan<TKeys>.CursorOf(position);
    }

    private static Segment MoveSegment(SegmentDirectory directory, ulong position, Evacuation evacuation)
    {
        DirectoryEntry entry = directory.EntryOf(position);
        Segment segment = entry.Segment;
        directory.MoveNodes(position, evacuation);
        if (segment.Header.Lane != 0)
        {
            segment.Header.Lane = evacuation.Move(segment.Header.Lane, ref directory.Root.MemoryBytes);
        }
        var moved = new Segment(evacuation.Move(segment.Address, ref directory.Root.MemoryBytes));
        if (moved.Address != segment.Address)
        {
            directory.Publish(moved);
        }
        return moved;
    }

    private static void Prefetch(SegmentDirectory directory, ulong position)
    {
        DirectoryEntry at = directory.EntryOf(position);
        int bucketCount = at.BucketCount;
        int first = (int)Segment.HomeOf(at.PlaceOf(position), bucketCount);
        int end = Math.Min(bucketCount, first + 1 + (StepCount / (Bucket.SlotCount - 1)));
        for (int i = first; i < end; i++)
        {
            ulong bucket = at.Segment.BucketAt(i);
            for (ulong occupied = Bucket.Occupied(Native.At<ulong>(bucket)); occupied != 0; occupied &= occupied - 1)
            {
                Native.Prefetch(Bucket.EntryAt(Bucket.FirstSlot(bucket, occupied)));
            }
        }
    }

    private ref struct SlotMover<TMover>(TMover mover) : ISlotVisitor
        where TMover : struct, IEntryMover, allows ref struct
    {
        public TMover Mover = mover;

        public void Visit(ulong slot)
        {
            ref Link link = ref Link.At(slot);
            ulong entry = link.Address;
            ulong moved = Mover.Move(entry);
            if (moved != entry)
            {
                link.Address = moved;
            }
        }
    }
}
