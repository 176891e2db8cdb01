using System.Diagnostics;
using System.Runtime.ExceptionServices;
using Bixbite.Engine.Durability;
using Bixbite.Engine.Statistics;
using Bixbite.Net;
using Bixbite.Net.Transports;
using Bixbite.Platform;

namespace Bixbite.Hosting;

/// <summary>
/// The event loops, what they serve, and their threads: the first loop runs on the caller's thread, the others on their own.
/// </summary>
internal sealed class LoopSet : IDisposable
{
    private readonly List<EventLoop> _loops = [];
    private readonly List<Thread> _threads = [];
    private readonly List<Service> _services = [];
    private readonly ExecutionLock _lock;
    private ExceptionDispatchInfo? _failure;

    /// <param name="count">How many loops.</param>
    /// <param name="transport">Where their sockets come from.</param>
    /// <param name="clock">Tells them the time.</param>
    /// <param name="userOf">The user of each loop, by its number.</param>
    /// <param name="createHandler">Makes the handler of each loop's clients.</param>
    public LoopSet(
        int count,
        SocketTransport transport,
        IClock clock,
        Func<int, ILoopUser> userOf,
        Func<EventLoop, IConnectionHandler> createHandler)
    {
        Debug.Assert(EventLoop.LineCountMax == DurabilityLines.CountMax, "output waits for every line that the engine may have");
        _lock = new ExecutionLock(isShared: count > 1);
        try
        {
            for (int i = 0; i < count; i++)
            {
                _loops.Add(new EventLoop(userOf(i), clock, _lock, transport));
            }
        }
        catch (IOException)
        {
            _loops.ForEach(static loop => loop.Dispose());
            _lock.Dispose();
            throw;
        }
        Clients = Serve(createHandler);
    }

    public IReadOnlyList<EventLoop> Loops => _loops;

    /// <summary>Serves clients that speak RESP.</summary>
    public Service Clients { get; }

    /// <summary>True on a thread of a loop.</summary>
    public bool IsCurrent => _loops.Exists(static loop => loop.IsCurrent);

    public int ConnectionCount => _loops.Sum(loop => loop.ConnectionCount);

    /// <summary>Serves another kind of connections beside the clients, with a handler on each loop. Before <see cref="Run()"/>.</summary>
    public Service Serve(Func<EventLoop, IConnectionHandler> createHandler)
    {
        Service service = new(_loops, createHandler);
        _services.Add(service);
        return service;
    }

    /// <summary>Gives peers so many milliseconds to agree with, where connections are encrypted.</summary>
    public void LimitHandshakes(int timeoutMs) => _loops.ForEach(loop => loop.HandshakeTimeoutMs = timeoutMs);

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

    /// <summary>
    /// Runs all loops; returns when they have stopped. Where one fails, none takes the lock any more, and this fails with the reason.
    /// </summary>
    public void Run()
    {
        for (int i = 1; i < _loops.Count; i++)
        {
            EventLoop loop = _loops[i];
            if (WorkerThread.TryStart($"loop-{i}", () => Run(loop)) is not { } thread)
            {
                Fail(new ServerStartException(WorkerThread.Refusal));
                break;
            }
            _threads.Add(thread);
        }
        Run(_loops[0]);
        foreach (Thread thread in _threads)
        {
            thread.Join();
        }
        _failure?.Throw();
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
        foreach (IConnectionHandler handler in _services.SelectMany(static service => service.Handlers))
        {
            (handler as IDisposable)?.Dispose();
        }
        foreach (EventLoop loop in _loops)
        {
            loop.Dispose();
        }
        _lock.Dispose();
    }

    /// <summary>Streams within the process are broken off after a failure, which closes nothing.</summary>
    public void BreakOff() => _services.ForEach(static service => service.Fail());

    /// <summary>In place of <see cref="Dispose"/> after a failure.</summary>
    public void Abandon()
    {
        foreach (EventLoop loop in _loops)
        {
            loop.Abandon();
        }
    }

    private void Run(EventLoop loop)
    {
        try
        {
            loop.Run();
        }
        catch (Exception failure)
        {
            Fail(failure);
        }
    }

    private void Fail(Exception failure)
    {
        Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(failure), null);
        _lock.Break();
        Stop();
    }

    private static LoopCounts CountsOf(LoopStatistics loop) => new(
        () => new(loop.BytesReceived, loop.BytesSent, loop.Reads, loop.Writes, loop.OutputLimitAborts, loop.Rounds, loop.BusyUs)
        {
            LateReplyCount = loop.LateReplies,
        },
        () => loop.LongestRoundUs,
        loop.ForgetLongestRound);
}
