namespace Bixbite.Engine.Statistics;

/// <summary>What sockets have carried; the counts only grow.</summary>
public readonly record struct NetworkCounts(
    long BytesReceived, long BytesSent, long ReadCount, long WriteCount, long OutputLimitCloseCount, long RoundCount, long BusyUs)
{
    public static NetworkCounts operator +(NetworkCounts left, NetworkCounts right) => new(
        left.BytesReceived + right.BytesReceived,
        left.BytesSent + right.BytesSent,
        left.ReadCount + right.ReadCount,
        left.WriteCount + right.WriteCount,
        left.OutputLimitCloseCount + right.OutputLimitCloseCount,
        left.RoundCount + right.RoundCount,
        left.BusyUs + right.BusyUs);

    public static NetworkCounts operator -(NetworkCounts left, NetworkCounts right) => new(
        left.BytesReceived - right.BytesReceived,
        left.BytesSent - right.BytesSent,
        left.ReadCount - right.ReadCount,
        left.WriteCount - right.WriteCount,
        left.OutputLimitCloseCount - right.OutputLimitCloseCount,
        left.RoundCount - right.RoundCount,
        left.BusyUs - right.BusyUs);
}

/// <summary>
/// The traffic of all loops since the start or the last CONFIG RESETSTAT. The engine knows no loops: whoever builds them adds their counts.
/// </summary>
public sealed class NetworkStatistics
{
    private readonly List<Func<NetworkCounts>> _loops = [];
    private NetworkCounts _atReset;

    public NetworkCounts Total => Sum() - _atReset;

    /// <summary>Adds a loop's counts; called once per loop while the server is put together.</summary>
    public void AddLoop(Func<NetworkCounts> counts) => _loops.Add(counts);

    public void Reset() => _atReset = Sum();

    private NetworkCounts Sum()
    {
        NetworkCounts sum = default;
        foreach (Func<NetworkCounts> counts in _loops)
        {
            sum += counts();
        }
        return sum;
    }
}
