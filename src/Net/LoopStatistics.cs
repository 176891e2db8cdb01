namespace Bixbite.Net;

/// <summary>The counts of a loop. Written by the loop's thread; any thread may read.</summary>
public sealed class LoopStatistics
{
    private long _longestRoundUs;

    public long BytesReceived { get; internal set; }

    public long BytesSent { get; internal set; }

    /// <summary>Receives that brought bytes.</summary>
    public long Reads { get; internal set; }

    /// <summary>Sends that took bytes.</summary>
    public long Writes { get; internal set; }

    public long Accepted { get; internal set; }

    /// <summary>Connections aborted because their output exceeded its limit.</summary>
    public long OutputLimitAborts { get; internal set; }

    /// <summary>Replies that were held for too long, and replaced.</summary>
    public long LateReplies { get; internal set; }

    /// <summary>How often the loop has waited for events.</summary>
    public long Rounds { get; internal set; }

    /// <summary>Microseconds in which the loop did not wait for events.</summary>
    public long BusyUs { get; internal set; }

    /// <summary>Microseconds of the longest round since the start or <see cref="ForgetLongestRound"/>.</summary>
    public long LongestRoundUs => Volatile.Read(ref _longestRoundUs);

    /// <summary>Any thread. A round that ends at this moment counts as before it.</summary>
    public void ForgetLongestRound() => Volatile.Write(ref _longestRoundUs, 0);

    internal void NoteRound(long us)
    {
        long longestUs = _longestRoundUs;
        if (us > longestUs)
        {
            Interlocked.CompareExchange(ref _longestRoundUs, us, longestUs);
        }
    }

    /// <summary>Starts again from zero; the loop's thread only.</summary>
    public void Reset()
    {
        BytesReceived = BytesSent = Reads = Writes = Accepted = OutputLimitAborts = LateReplies = Rounds = BusyUs = 0;
        ForgetLongestRound();
    }
}
