using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace Bixbite.Load.Client;

/// <summary>
/// Clients that write without a pause to whichever of two servers takes it, and notice the longest time in which none of them could. Each
/// has a thread of its own, and goes to the other server when its own is a replica.
/// </summary>
internal sealed class WritersInPair : IDisposable
{
    public const int Count = 8;
    public const int Depth = 16;

    private readonly int[] _ports;
    private readonly List<Thread> _threads = [];
    private readonly Lock _gate = new();
    private readonly byte[] _requests;
    private volatile bool _isEnding;
    private long _lastTicks = Stopwatch.GetTimestamp();
    private long _longestTicks;

    public WritersInPair(int firstPort, int secondPort, int primary)
    {
        _ports = [firstPort, secondPort];
        _requests = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, Depth).Select(
            static i => $"*3\r\n$3\r\nSET\r\n$6\r\nkey:{i:00}\r\n$64\r\n{new string('x', 64)}\r\n")));
        for (int i = 0; i < Count; i++)
        {
            Thread thread = new(() => Run(primary)) { IsBackground = true };
            _threads.Add(thread);
            thread.Start();
        }
    }

    /// <summary>From now on the longest time is noticed anew.</summary>
    public void Begin()
    {
        lock (_gate)
        {
            _longestTicks = 0;
        }
    }

    /// <summary>The longest time without a write since <see cref="Begin"/>, also if it goes on.</summary>
    public double LongestMs()
    {
        lock (_gate)
        {
            long ticks = Math.Max(_longestTicks, Stopwatch.GetTimestamp() - _lastTicks);
            return ticks * 1000.0 / Stopwatch.Frequency;
        }
    }

    public void Dispose()
    {
        _isEnding = true;
        _threads.ForEach(static thread => thread.Join());
    }

    private void Run(int at)
    {
        PipeConnection? connection = null;
        while (!_isEnding)
        {
            try
            {
                connection ??= new PipeConnection(_ports[at]);
                connection.Send(_requests);
                connection.ReadReplies(Depth);
                Note();
            }
            catch (Exception exception) when (exception is IOException or SocketException)
            {
                // It is a replica now, or was one and still is.
                connection?.Dispose();
                connection = null;
                at = 1 - at;
            }
        }
        connection?.Dispose();
    }

    private void Note()
    {
        lock (_gate)
        {
            long now = Stopwatch.GetTimestamp();
            _longestTicks = Math.Max(_longestTicks, now - _lastTicks);
            _lastTicks = now;
        }
    }
}
