using Bixbite.Memory;

namespace Bixbite.Structures.Hashing;

/// <summary>
/// Counts entries whose deadline lies within a window of time, and visits the others. Where all deadlines of the index lie within one
/// period of the lanes' ticks, a tick says without its record on which side a deadline lies, but for the ticks at the window's edges:
/// <code>
///   ticks   ... | read | certain ........................ certain | read |  read (a tick that is told as the next) | ...
///                  ^ from                                            ^ to
/// </code>
/// So a window over a million entries costs the reading of their lanes, two bytes each.
/// </summary>
internal static class DueWindow<TKeys>
    where TKeys : struct, IEntryKeys
{
    /// <summary>The window's time lies in a tick that begins after it, and one in 65,536 is told as the next.</summary>
    private const int TicksAheadMax = 2;

    /// <summary>Slots looked at in one go.</summary>
    private const int PartSize = 1024;

    /// <summary>How many entries have a deadline from <paramref name="fromMs"/> on and before <paramref name="toMs"/>.</summary>
    /// <param name="directory">The index.</param>
    /// <param name="fromMs">The window's begin.</param>
    /// <param name="toMs">Its end, which is no later than now.</param>
    /// <param name="all">Where all deadlines of the index lie.</param>
    /// <param name="laterMs">No deadline lies from the window's end on and before this.</param>
    internal static long Count(SegmentDirectory directory, long fromMs, long toMs, DeadlineRange all, out long laterMs)
    {
        laterMs = long.MaxValue;
        if (directory.Root.VolatileCount == 0)
        {
            return 0;
        }
        directory.Due.Begin(toMs >> DeadlineLane.TickShift);
        var window = new Window(fromMs, toMs, all);
        laterMs = (toMs | ((1L << DeadlineLane.TickShift) - 1)) + 1;
        int segmentCount = directory.Root.SegmentCount;
        long count = 0;
        for (long i = 0; (i = directory.Due.NextDue(i, segmentCount, (uint)window.LastTick)) < segmentCount; i++)
        {
            count += CountIn(directory.Segments[(int)i].Segment, window, ref laterMs);
        }
        return count;
    }

    /// <summary>Visits entries, among them all that have no deadline or one from <paramref name="fromMs"/> on.</summary>
    internal static void VisitFrom<TVisitor>(SegmentDirectory directory, long fromMs, DeadlineRange all, ref TVisitor visitor)
        where TVisitor : struct, IEntryVisitor, allows ref struct
    {
        var due = new Window(all.EarliestMs, fromMs, all);
        ulong hash = 0;
        do
        {
            Segment segment = directory.EntryOf(hash).Segment;
            if (segment.Header.Lane == 0 || !due.HasCertain)
            {
                segment.Visit(ref visitor);
            }
            else
            {
                VisitOthers(segment, due, ref visitor);
            }
            hash = SegmentDirectory.EndOf(segment);
        }
        while (hash != 0);
    }

    private static int CountIn(Segment segment, Window window, ref long laterMs)
    {
        ReadOnlySpan<ushort> ticks = segment.Lane.Ticks(segment.BucketCount);
        Span<ushort> room = stackalloc ushort[PartSize];
        int count = 0;
        for (int start = 0; start < ticks.Length; start += PartSize)
        {
            ReadOnlySpan<ushort> part = ticks.Slice(start, Math.Min(PartSize, ticks.Length - start));
            int found = DeadlineLane.FindWithin(part, (ushort)window.FirstTick, window.Width, room);
            int uncertainCount = 0;
            foreach (ushort slotIndex in room[..found])
            {
                if (window.IsCertain(part[slotIndex]))
                {
                    continue;
                }
                Native.Prefetch(Bucket.EntryAt(segment.SlotAt(start + slotIndex)));
                room[uncertainCount++] = slotIndex;
            }
            count += found - uncertainCount;
            foreach (ushort slotIndex in room[..uncertainCount])
            {
                long deadlineMs = TKeys.DeadlineMsOf(Bucket.EntryAt(segment.SlotAt(start + slotIndex)));
                count += window.Contains(deadlineMs) ? 1 : 0;
                if (deadlineMs >= window.ToMs)
                {
                    laterMs = Math.Min(laterMs, deadlineMs);
                }
            }
        }
        return count;
    }

    private static void VisitOthers<TVisitor>(Segment segment, Window due, ref TVisitor visitor)
        where TVisitor : struct, IEntryVisitor, allows ref struct
    {
        ReadOnlySpan<ushort> ticks = segment.Lane.Ticks(segment.BucketCount);
        for (int i = 0; i < ticks.Length; i++)
        {
            if (segment.IsOccupied(i) && (ticks[i] == 0 || !due.IsCertain(ticks[i])))
            {
                visitor.Visit(Bucket.EntryAt(segment.SlotAt(i)));
            }
        }
    }

    /// <summary>The ticks to look at, and which of them are certain.</summary>
    private readonly struct Window
    {
        private readonly long _fromMs;
        private readonly ushort _firstCertain;
        private readonly int _certainCount;

        internal Window(long fromMs, long toMs, DeadlineRange all)
        {
            _fromMs = Math.Max(fromMs, all.EarliestMs);
            ToMs = toMs;
            FirstTick = DeadlineLane.TickOf(_fromMs);
            LastTick = (toMs >> DeadlineLane.TickShift) + TicksAheadMax;
            if (all.IsWithinPeriod(toMs))
            {
                long firstCertain = fromMs <= all.EarliestMs ? FirstTick : FirstTick + TicksAheadMax;
                _firstCertain = (ushort)firstCertain;
                _certainCount = (int)Math.Max(LastTick - TicksAheadMax - firstCertain + 1, 0);
            }
        }

        internal long ToMs { get; }

        internal long FirstTick { get; }

        internal long LastTick { get; }

        internal long Width => LastTick - FirstTick + 1;

        internal bool HasCertain => _certainCount > 0;

        /// <summary>Whether all deadlines of this tick lie within the window.</summary>
        internal bool IsCertain(ushort tick) => (ushort)(tick - _firstCertain) < _certainCount;

        internal bool Contains(long deadlineMs) => deadlineMs >= _fromMs && deadlineMs < ToMs;
    }
}

/// <summary>Where the deadlines of an index lie, in Unix milliseconds: none is earlier than the one or later than the other.</summary>
public readonly record struct DeadlineRange(long EarliestMs, long LatestMs)
{
    private const long PeriodMs = (DeadlineLane.TickPeriod - 16) << DeadlineLane.TickShift;

    /// <summary>Whether all of them and this time lie so near each other that no two ticks are told alike.</summary>
    internal bool IsWithinPeriod(long ms) => (ulong)(Math.Max(LatestMs, ms) - EarliestMs) < PeriodMs && ms >= EarliestMs;
}
