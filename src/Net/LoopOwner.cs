using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Bixbite.Net;

/// <summary>
/// Whose a loop is at the moment: its own thread's, or while that sleeps a guest's, which runs one round in its place. Guests never wait;
/// the own thread waits for the guest that is in, and lets no other in before itself.
/// <code>
///   own thread   Begin ─ rounds ─ Lend ─ ─ sleeps ─ ─ ─ ─ ─ ─ TakeBack ─ rounds ─ ... ─ End
///   a guest                             TryBorrow ─ a round ─ GiveBack
/// </code>
/// </summary>
internal sealed class LoopOwner(Mailbox mailbox, ExecutionLock executionLock)
{
    private readonly Lock _lock = new();
    private Thread? _own;
    private volatile Thread? _holder;
    private volatile bool _isLending;
    private volatile bool _isWanted;
    private ExceptionDispatchInfo? _failure;

    /// <summary>The calling thread has the loop.</summary>
    internal bool IsCurrent => _holder == Thread.CurrentThread;

    /// <summary>The calling thread has the loop, and is no guest.</summary>
    internal bool IsOwnThread => _own == Thread.CurrentThread && _holder == _own;

    /// <summary>From now on the calling thread is the own one.</summary>
    internal void Begin()
    {
        _lock.Enter();
        _own = Thread.CurrentThread;
        _holder = _own;
        _isLending = true;
    }

    /// <summary>The own thread is about to sleep.</summary>
    internal void Lend()
    {
        _holder = null;
        _lock.Exit();
    }

    /// <summary>The own thread is awake again. Throws what a guest has failed with.</summary>
    internal void TakeBack()
    {
        if (!_lock.TryEnter())
        {
            _isWanted = true;
            _lock.Enter();
            _isWanted = false;
        }
        _holder = _own;
        _failure?.Throw();
    }

    /// <summary>Nobody is let in any more.</summary>
    internal void End()
    {
        _isLending = false;
        _holder = null;
        _lock.Exit();
    }

    /// <summary>True if the calling thread is let in, and then has to give back what it has borrowed.</summary>
    /// <remarks>What was posted comes before what a guest does, and a guest waits for nobody who executes.</remarks>
    internal bool TryBorrow()
    {
        bool mayCome = _isLending && _holder is null && !_isWanted && !mailbox.HasWork
            && RuntimeHelpers.TryEnsureSufficientExecutionStack() && !_lock.IsHeldByCurrentThread;
        if (!mayCome || !_lock.TryEnter())
        {
            return false;
        }
        if (_isLending && !mailbox.HasWork && executionLock.TryReserve())
        {
            _holder = Thread.CurrentThread;
            return true;
        }
        _lock.Exit();
        return false;
    }

    internal void GiveBack(bool isToWake)
    {
        executionLock.EndReservation();
        _holder = null;
        bool hasFailed = _failure is not null;
        _lock.Exit();
        if (isToWake || hasFailed)
        {
            mailbox.Ring();
        }
    }

    /// <summary>The guest has failed: the own thread fails with it, and there are no guests any more.</summary>
    internal void Fail(Exception failure)
    {
        executionLock.Break();
        _failure = ExceptionDispatchInfo.Capture(failure);
        _isLending = false;
    }
}
