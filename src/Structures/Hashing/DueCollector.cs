namespace Bixbite.Structures.Hashing;

/// <summary>
/// Finds the entries whose deadline has passed. The <see cref="DueTable"/> tells which segments to look at, a segment's lane which
/// slots, and the record itself whether its deadline really is that one or some periods of 35 minutes later.
/// </summary>
internal static class DueCollector<TKeys>
    where TKeys : struct, IEntryKeys
{
    /// <summary>Slots looked at in one go: all of a segment, but for segments that cannot split any more.</summary>
    private const int PartSize = (SegmentSize.BucketCountNormalMax + 1) * Bucket.SlotCount;

    /// <summary>Records read for each wanted entry, before a call ends early.</summary>
    private const int ReadsPerEntryMax = 4;

    /// <summary>A tick begins after its deadlines, and one in 65,536 is told as the one behind it.</summary>
    private const int TicksAheadMax = 2;

    internal static int Collect(SegmentDirectory directory, ref int cursor, long nowMs, Span<ulong> entries, out bool more)
    {
        long now = nowMs >> DeadlineLane.TickShift;
        var run = new Run(now, now, nowMs, (entries.Length + 16) * ReadsPerEntryMax);
        return Collect(directory, ref cursor, run, entries, out more);
    }

    /// <summary>
    /// As <see cref="Collect(SegmentDirectory, ref int, long, Span{ulong}, out bool)"/>, but to the millisecond. Reads not many more
    /// records than <paramref name="readsMax"/>. With <paramref name="isAll"/> nothing else is due.
    /// </summary>
    internal static int CollectExactly(
        SegmentDirectory directory, ref int cursor, long nowMs, Span<ulong> entries, int readsMax, out bool isAll)
    {
        long now = nowMs >> DeadlineLane.TickShift;
        int count = Collect(directory, ref cursor, new Run(now, now + TicksAheadMax, nowMs, readsMax), entries, out bool more);
        isAll = !more;
        return count;
    }

    /// <summary>
    /// When the next deadline comes, or some time before that, in Unix milliseconds; to be exact, not many more records are read than
    /// <paramref name="readsMax"/>. There must be one, and entries must have been collected at least once.
    /// </summary>
    internal static long NextMs(SegmentDirectory directory, int readsMax)
    {
        DueTable due = directory.Due;
        int segmentCount = directory.Root.SegmentCount;
        long earliest = due.EarliestTick();
        long nextMs = earliest << DeadlineLane.TickShift;
        for (long i = 0; (i = due.NextDue(i, segmentCount, (uint)(earliest + 1))) < segmentCount; i++)
        {
            if (readsMax <= 0)
            {
                return Math.Min(nextMs, (earliest - 1) << DeadlineLane.TickShift);
            }
            nextMs = Math.Min(nextMs, NextMsFrom(directory.Segments[(int)i].Segment, earliest, ref readsMax));
        }
        return nextMs;
    }

    /// <summary>The earliest deadline among the segment's entries whose tick is this one or the one behind it.</summary>
    private static long NextMsFrom(Segment segment, long tick, ref int readsLeft)
    {
        ReadOnlySpan<ushort> ticks = segment.Lane.Ticks(segment.BucketCount);
        Span<ushort> room = stackalloc ushort[PartSize];
        long nextMs = long.MaxValue;
        for (int start = 0; start < ticks.Length; start += PartSize)
        {
            ReadOnlySpan<ushort> part = ticks.Slice(start, Math.Min(PartSize, ticks.Length - start));
            ReadOnlySpan<ushort> found = room[..DeadlineLane.FindWithin(part, (ushort)tick, TicksAheadMax, room)];
            readsLeft -= found.Length;
            foreach (ushort slotIndex in found)
            {
                nextMs = Math.Min(nextMs, TKeys.DeadlineMsOf(Bucket.EntryAt(segment.SlotAt(start + slotIndex))));
            }
        }
        return nextMs;
    }

    private static int Collect(SegmentDirectory directory, ref int cursor, Run run, Span<ulong> entries, out bool more)
    {
        more = false;
        directory.Due.Begin(run.Now);
        if (directory.Root.VolatileCount == 0 || entries.IsEmpty)
        {
            return 0;
        }

        int segmentCount = directory.Root.SegmentCount;
        int start = Math.Min(cursor, segmentCount);
        int count = 0;
        more = !CollectRange(directory, start, segmentCount, ref run, entries, ref count, ref cursor)
            || !CollectRange(directory, 0, start, ref run, entries, ref count, ref cursor);
        return count;
    }

    /// <summary>False if it ended early; the cursor is then at the segment to begin with next time.</summary>
    private static bool CollectRange(
        SegmentDirectory directory, int from, int end, ref Run run, Span<ulong> entries, ref int count, ref int cursor)
    {
        for (long i = from; (i = directory.Due.NextDue(i, end, (uint)run.Until)) < end; i++)
        {
            cursor = (int)i;
            if (run.ReadsLeft <= 0 || !CollectSegment(directory, cursor, ref run, entries, ref count))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>False if the entries did not fit.</summary>
    private static bool CollectSegment(SegmentDirectory directory, int number, ref Run run, Span<ulong> entries, ref int count)
    {
        Segment segment = directory.Segments[number].Segment;
        ReadOnlySpan<ushort> ticks = segment.Lane.Ticks(segment.BucketCount);
        uint due = directory.Due.Get(number);
        long width = (long)((uint)run.Until - due) + 1;
        Span<ushort> room = stackalloc ushort[PartSize];
        bool isAnyDue = false;
        for (int start = 0; start < ticks.Length; start += PartSize)
        {
            ReadOnlySpan<ushort> part = ticks.Slice(start, Math.Min(PartSize, ticks.Length - start));
            ReadOnlySpan<ushort> found = room[..DeadlineLane.FindWithin(part, (ushort)due, width, room)];
            run.ReadsLeft -= found.Length;
            foreach (ushort slotIndex in found)
            {
                ulong entry = Bucket.EntryAt(segment.SlotAt(start + slotIndex));
                if (TKeys.DeadlineMsOf(entry) >= run.NowMs)
                {
                    continue;
                }
                isAnyDue = true;
                if (count == entries.Length)
                {
                    return false;
                }
                entries[count++] = entry;
            }
        }
        if (!isAnyDue)
        {
            long next = run.Now + 1 + DeadlineLane.DistanceToNext(ticks, (ushort)(run.Now + 1));
            directory.Due.Set(number, DueTable.Narrow(next));
        }
        return true;
    }

    /// <param name="Now">The last tick that has begun.</param>
    /// <param name="Until">The last tick to look at.</param>
    /// <param name="NowMs">The time.</param>
    /// <param name="ReadsLeft">How many records may still be read.</param>
    private record struct Run(long Now, long Until, long NowMs, long ReadsLeft);
}
