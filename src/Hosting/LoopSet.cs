using Bixbite.Engine.Statistics;
using Bixbite.Net;

namespace Bixbite.Hosting;

/// <summary>
/// The event loops, what they serve, and their threads: the first loop runs on the caller's thread, the others on their own.
/// </summary>
internal sealed class LoopSet : IDisposable
{
    private readonly List<EventLoop> _loops = [];
    private readonly List<Thread> _threads = [];
    private readonly ExecutionLock _lock;

    public LoopSet(int count, GatewayServices services, Cron cron)
    {
        _lock = new ExecutionLock(isShared: count > 1);
        for (int i = 0; i < count; i++)
        {
            _loops.Add(new EventLoop(new LoopDuties(services, i == 0 ? cron : null), services.Clock, _lock));
        }
        Clients = new Service(_loops, loop => new Gateway(services, loop));
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

    /// <summary>Sends what any loop held for this position or an earlier one. Any thread.</summary>
    public void Release(long position)
    {
        foreach (EventLoop loop in _loops)
        {
            loop.Release(position);
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
