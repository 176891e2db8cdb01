using Bixbite.Net;

namespace Bixbite.Hosting;

/// <summary>
/// The event loops, their gateways and their threads: the first loop runs on the caller's thread, the others on their own.
/// </summary>
internal sealed class LoopSet(IReadOnlyList<EventLoop> loops, IReadOnlyList<Gateway> gateways) : IDisposable
{
    private readonly List<Thread> _threads = [];

    public IReadOnlyList<EventLoop> Loops => loops;

    public int ConnectionCount => loops.Sum(loop => loop.ConnectionCount);

    /// <summary>Runs all loops; returns when they have stopped.</summary>
    public void Run()
    {
        for (int i = 1; i < loops.Count; i++)
        {
            EventLoop loop = loops[i];
            var thread = new Thread(loop.Run) { Name = $"loop-{i}", IsBackground = true };
            _threads.Add(thread);
            thread.Start();
        }
        loops[0].Run();
        foreach (Thread thread in _threads)
        {
            thread.Join();
        }
    }

    /// <summary>Makes the first loop, which runs the cron, tick within so many milliseconds. Any loop's thread.</summary>
    public void TickWithin(int ms)
    {
        EventLoop first = loops[0];
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
        foreach (EventLoop loop in loops)
        {
            loop.Release(position);
        }
    }

    public void Stop()
    {
        foreach (EventLoop loop in loops)
        {
            loop.Stop();
        }
    }

    public void Dispose()
    {
        foreach (Gateway gateway in gateways)
        {
            gateway.Dispose();
        }
        foreach (EventLoop loop in loops)
        {
            loop.Dispose();
        }
        loops[0].Lock.Dispose();
    }
}
