namespace Bixbite.Structures.Hashing;

/// <summary>
/// Finds the entries whose deadline has passed. The <see cref="DueTable"/> tells which segments to look at, a segment's lane which
/// slots, and the record itself whether its deadline really is that one or some periods of 35 minutes later.
/// </summary>
internal static class DueCollector<TKeys>
    where TKeys : struct, IEntryKeys
{
    /// <summary>The most slots of a segment.</summary>
    private const int FoundMax = (SegmentSize.BucketCountMax + 1) * Bucket.SlotCount;

    /// <summary>Records read for each wanted entry, before a call ends early.</summary>
    private const int ReadsPerEntryMax = 4;

    internal static int Collect(SegmentDirectory directory, ref long cursor, long nowMs, Span<ulong> entries, out bool more)
    {
        more = false;
        long now = nowMs >> DeadlineLane.TickShift;
        directory.Due.Begin(directory.WordCount, now);
        if (directory.Root.VolatileCount == 0 || entries.IsEmpty) return 0;

        var run = new Run(now, nowMs, (entries.Length + 16) * ReadsPerEntryMax);
        long start = Math.Min(cursor, directory.WordCount);
        int count = 0;
        more = !CollectRange(directory, start, directory.WordCount, ref run, entries, ref count, ref cursor)
            || !CollectRange(directory, 0, start, ref run, entries, ref count, ref cursor);
        return count;
    }

    /// <summary>False if it ended early; the cursor is then at the segment to begin with next time.</summary>
    private static bool CollectRange(
        SegmentDirectory directory, long from, long end, ref Run run, Span<ulong> entries, ref int count, ref long cursor)
    {
        for (long i = from; (i = directory.Due.NextDue(i, end, (uint)run.Now)) < end; i++)
        {
            cursor = i;
            if (run.ReadsLeft <= 0 || !CollectSegment(directory, i, ref run, entries, ref count)) return false;
        }
        return true;
    }

    /// <summary>False if the entries did not fit.</summary>
    private static bool CollectSegment(SegmentDirectory directory, long wordIndex, ref Run run, Span<ulong> entries, ref int count)
    {
        Segment segment = directory.EntryAt(wordIndex).Segment;
        ReadOnlySpan<ushort> ticks = segment.Lane.Ticks(segment.BucketCount);
        uint due = directory.Due.Get(wordIndex);
        long width = (long)((uint)run.Now - due) + 1;
        Span<ushort> found = stackalloc ushort[Math.Min(ticks.Length, FoundMax)];
        found = found[..DeadlineLane.FindWithin(ticks, (ushort)due, width, found)];
        run.ReadsLeft -= found.Length;
        bool isAnyDue = false;
        foreach (ushort slotIndex in found)
        {
            ulong entry = Bucket.EntryAt(segment.SlotAt(slotIndex));
            long deadlineMs = TKeys.DeadlineMsOf(entry);
            if (deadlineMs >= run.NowMs) continue;
            isAnyDue = true;
            if (count == entries.Length) return false;
            entries[count++] = entry;
        }
        if (!isAnyDue)
        {
            long next = run.Now + 1 + DeadlineLane.DistanceToNext(ticks, (ushort)(run.Now + 1));
            directory.Due.Set(wordIndex, DueTable.Narrow(next));
        }
        return true;
    }

    private record struct Run(long Now, long NowMs, int ReadsLeft);
}
