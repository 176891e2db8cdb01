namespace Bixbite.Keyspace;

/// <summary>Keys of a database with a deadline, chosen at random: for eviction, and to estimate how long they live.</summary>
internal readonly struct VolatileSample(Database database)
{
    /// <summary>Among keys of which only fields expire it is drawn again so often.</summary>
    private const int TriesMax = 1000;

    private const int MeanCount = 32;

    /// <summary>Some different records with a deadline, near each other in memory; none only where there are none, or hardly any.</summary>
    public int Draw(Random random, Span<ulong> entries)
    {
        int count = 0;
        for (int tries = 0; count == 0 && tries < TriesMax && database.VolatileCount > 0; tries++)
        {
            int sampled = database.Index.SampleVolatile(random, entries);
            foreach (ulong entry in entries[..sampled])
            {
                if (new Record(entry).HasDeadline)
                {
                    entries[count++] = entry;
                }
            }
        }
        return count;
    }

    /// <summary>The mean time to live in milliseconds, estimated; 0 where no key has a deadline.</summary>
    public long MeanTtlMs(Random random, long nowMs)
    {
        Span<ulong> entries = stackalloc ulong[MeanCount];
        int count = Draw(random, entries);
        long sum = 0;
        foreach (ulong entry in entries[..count])
        {
            sum += Math.Max(new Record(entry).DeadlineMs - nowMs, 0) / count;
        }
        return sum;
    }
}
