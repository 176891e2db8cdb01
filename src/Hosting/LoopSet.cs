using System.Diagnostics;
using Bixbite.Engine.Durability;
using Bixbite.Engine.Statistics;
using Bixbite.Net;
using Bixbite.Platform;

namespace Bixbite.Hosting;

/// <summary>
/// The event loops, what they serve, and their threads: the first loop runs on the caller's thread, the others on their own.
/// </summary>
internal sealed class LoopSet : IDisposable
{
    private readonly List<EventLoop> _loops = [];
    private readonly List<Thread> _threads = [];
    private readonly ExecutionLock _lock;

    /// <param name="count">How many loops.</param>
    /// <param name="clock">Tells them the time.</param>
    /// <param name="userOf">The user of each loop, by its number.</param>
    /// <param name="createHandler">Makes the handler of each loop's clients.</param>
    public LoopSet(int count, IClock clock, Func<int, ILoopUser> userOf, Func<EventLoop, IConnectionHandler> createHandler)
    {
        Debug.Assert(EventLoop.LineCountMax == DurabilityLines.CountMax, "output waits for every line that the engine may have");
        _lock = new ExecutionLock(isShared: count > 1);
        for (int i = 0; i < count; i++)
        {
            _loops.Add(new EventLoop(userOf(i), clock, _lock));
        }
        Clients = new Service(_loops, createHandler);
    }

    public IReadOnlyList<EventLoop> Loops => _loops;

    /// <summary>Serves clients that speak RESP.</summary>
    public Service Clients { get; }

    public int ConnectionCount => _loops.Sum(loop => loop.ConnectionCount);

    /// <summary>Has what the loops hold and do counted.</summary>
    public void ReportTo(MemoryGauge memory, NetworkStatistics network)
    {
        memory.AddWorkspace(() => _lock.Heap.UsedBytes);
        memory.ExcusingSet = isOn => _lock.IsExcusing = isOn;
        foreach (EventLoop loop in _loops)
        {
            memory.AddClients(() => loop.Heap.UsedBytes);
            memory.AddExcused(() => loop.ExcusedBytes);
            memory.AddWorkspace(() => loop.Workspace.UsedBytes);
            network.AddLoop(CountsOf(loop.Statistics));
        }
    }

    /// <summary>Runs all loops; returns when they have stopped.</summary>
    public void Run()
    {
        for (int i = 1; i < _loops.Count; i++)
        {
            EventLoop loop = _loops[i];
            var thread = new Thread(loop.Run) { Name = $"loop-{i}", IsBackground = true };
            _threads.Add(thread);
            thread.Start();
        }
        _loops[0].Run();
        foreach (Thread thread in _threads)
        {
            thread.Join();
        }
    }

    /// <summary>Makes the first loop, which runs the cron, tick within so many milliseconds. Any loop's thread.</summary>
    public void TickWithin(int ms)
    {
        EventLoop first = _loops[0];
        if (first.IsCurrent)
        {
            first.TickWithin(ms);
        }
        else
        {
            first.Post(() => first.TickWithin(ms));
        }
    }

    /// <summary>Sends what waited on any loop for this line to reach this position. Any thread.</summary>
    public void Release(int line, long position)
    {
        foreach (EventLoop loop in _loops)
        {
            loop.Release(line, position);
        }
    }

    public void Stop()
    {
        foreach (EventLoop loop in _loops)
        {
            loop.Stop();
        }
    }

    public void Dispose()
    {
        foreach (IConnectionHandler handler in Clients.Handlers)
        {
            (handler as IDisposable)?.Dispose();
        }
        foreach (EventLoop loop in _loops)
        {
            loop.Dispose();
        }
        _lock.Dispose();
    }

    private static LoopCounts CountsOf(LoopStatistics loop) => new(
        () => new(loop.BytesReceived, loop.BytesSent, loop.Reads, loop.Writes, loop.OutputLimitAborts, loop.Rounds, loop.BusyUs),
        () => loop.LongestRoundUs,
        loop.ForgetLongestRound);
}
