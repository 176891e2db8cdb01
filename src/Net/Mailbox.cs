namespace Bixbite.Net;

/// <summary>Work that other threads hand to a loop.</summary>
/// <remarks>
/// The list is taken as a whole under a short lock. The loop's poller is rung by the first post after the loop has looked, so a burst costs
/// one ring.
/// </remarks>
internal sealed class Mailbox(Poller poller) : IDisposable
{
    private readonly Lock _lock = new();
    private List<Action> _incoming = [];
    private List<Action> _running = [];
    private int _isRung;
    private int _ringingCount;
    private bool _isShut;

    internal bool IsDisposed { get; private set; }

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
        // Nobody begins to ring any more; whoever has begun needs the poller.
        SpinWait.SpinUntil(() => Volatile.Read(ref _ringingCount) == 0);
        IsDisposed = true;
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
        poller.Ring();
        Interlocked.Decrement(ref _ringingCount);
    }
}
