using Bixbite.Platform;

namespace Bixbite.Net;

/// <summary>Work that other threads hand to a loop.</summary>
/// <remarks>
/// The list is taken as a whole under a short lock. The event counter is rung by the first post after the loop has looked, so a
/// burst costs one system call. It is watched edge-triggered: each ring is an edge of its own, and the counter is never read.
/// </remarks>
internal sealed class Mailbox : IDisposable
{
    private readonly Lock _lock = new();
    private List<Action> _incoming = [];
    private List<Action> _running = [];
    private int _isRung;
    private int _ringingCount;
    private bool _isShut;

    /// <summary>The event counter's descriptor, or -1 once closed.</summary>
    internal int Bell { get; private set; } = Epoll.eventfd();

    internal bool HasWork => Volatile.Read(ref _isRung) != 0;

    /// <summary>False if nobody will run the action any more.</summary>
    internal bool Post(Action action)
    {
        lock (_lock)
        {
            if (_isShut)
            {
                return false;
            }
            _incoming.Add(action);
            if (!TryBeginRinging())
            {
                return true;
            }
        }
        EndRinging();
        return true;
    }

    /// <summary>Wakes the loop.</summary>
    internal void Ring()
    {
        lock (_lock)
        {
            if (_isShut || !TryBeginRinging())
            {
                return;
            }
        }
        EndRinging();
    }

    /// <summary>Runs what has been posted up to now; what is posted meanwhile waits for the next call.</summary>
    internal void Run()
    {
        if (!HasWork)
        {
            return;
        }
        lock (_lock)
        {
            Volatile.Write(ref _isRung, 0);
            (_incoming, _running) = (_running, _incoming);
        }
        foreach (Action action in _running)
        {
            action();
        }
        _running.Clear();
    }

    /// <summary>Runs what is left and takes no more.</summary>
    internal void Shut()
    {
        lock (_lock)
        {
            _isShut = true;
        }
        Run();
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isShut = true;
        }
        // Nobody begins to ring any more; whoever has begun needs the bell.
        SpinWait.SpinUntil(() => Volatile.Read(ref _ringingCount) == 0);
        if (Bell >= 0)
        {
            Files.close(Bell);
        }
        Bell = -1;
    }

    private bool TryBeginRinging()
    {
        if (Interlocked.Exchange(ref _isRung, 1) != 0)
        {
            return false;
        }
        Interlocked.Increment(ref _ringingCount);
        return true;
    }

    /// <summary>Outside the lock, which the loop wants as soon as it wakes.</summary>
    private void EndRinging()
    {
        Files.write(Bell, [1, 0, 0, 0, 0, 0, 0, 0]);
        Interlocked.Decrement(ref _ringingCount);
    }
}
