namespace Bixbite.Engine.Statistics;

/// <summary>Bytes and calls of all sockets; the counts only grow.</summary>
public readonly record struct NetworkCounts(
    long BytesReceived, long BytesSent, long ReadCount, long WriteCount, long OutputLimitCloseCount, long RoundCount, long BusyUs)
{
    /// <summary>Replies that came too late for the level of durability that was asked for.</summary>
    public long LateReplyCount { get; init; }

    public static NetworkCounts operator +(NetworkCounts left, NetworkCounts right) => new(
        left.BytesReceived + right.BytesReceived,
        left.BytesSent + right.BytesSent,
        left.ReadCount + right.ReadCount,
        left.WriteCount + right.WriteCount,
        left.OutputLimitCloseCount + right.OutputLimitCloseCount,
        left.RoundCount + right.RoundCount,
        left.BusyUs + right.BusyUs) { LateReplyCount = left.LateReplyCount + right.LateReplyCount };

    public static NetworkCounts operator -(NetworkCounts left, NetworkCounts right) => new(
        left.BytesReceived - right.BytesReceived,
        left.BytesSent - right.BytesSent,
        left.ReadCount - right.ReadCount,
        left.WriteCount - right.WriteCount,
        left.OutputLimitCloseCount - right.OutputLimitCloseCount,
        left.RoundCount - right.RoundCount,
        left.BusyUs - right.BusyUs) { LateReplyCount = left.LateReplyCount - right.LateReplyCount };
}

/// <summary>
/// The traffic of all loops since the start or the last CONFIG RESETSTAT. The engine knows no loops: whoever builds them adds their counts.
/// </summary>
public sealed class NetworkStatistics
{
    private readonly List<LoopCounts> _loops = [];
    private NetworkCounts _atReset;
    private NetworkCounts _threadedAtReset;

    public NetworkCounts Total => Sum(first: 0) - _atReset;

    /// <summary>The share of the loops that io-threads adds to the first.</summary>
    public NetworkCounts Threaded => Sum(first: 1) - _threadedAtReset;

    /// <summary>Microseconds of the longest round of any loop.</summary>
    public long LongestRoundUs => _loops.Max(loop => loop.LongestRoundUs());

    /// <summary>Adds a loop's counts; called once per loop while the server is put together, first for the first loop.</summary>
    public void AddLoop(LoopCounts loop) => _loops.Add(loop);

    public void Reset()
    {
        _atReset = Sum(first: 0);
        _threadedAtReset = Sum(first: 1);
        foreach (LoopCounts loop in _loops)
        {
            loop.ForgetLongestRound();
        }
    }

    private NetworkCounts Sum(int first)
    {
        NetworkCounts sum = default;
        for (int i = first; i < _loops.Count; i++)
        {
            sum += _loops[i].Read();
        }
        return sum;
    }
}

/// <summary>How a loop's counts are read, and its longest round is forgotten.</summary>
public sealed record LoopCounts(Func<NetworkCounts> Read, Func<long> LongestRoundUs, Action ForgetLongestRound);
