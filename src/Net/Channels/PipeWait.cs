using System.Threading.Tasks.Sources;

namespace Bixbite.Net.Channels;

/// <summary>
/// The waits of one side of a stream, one after the other, without an object for each. A wait is ended once, by its ring or its token;
/// a ring of an earlier one may end it too soon, so whoever has waited looks again.
/// </summary>
internal sealed class PipeWait : IValueTaskSource
{
    private readonly Action _ring;
    private ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = true };
    private int _isOpen;
    private int _isTaken;

    internal PipeWait() => _ring = Ring;

    /// <summary>To be awaited after <see cref="Begin"/>, once.</summary>
    internal ValueTask Task => new(this, _core.Version);

    /// <summary>Begins a wait, and returns what ends it.</summary>
    /// <exception cref="InvalidOperationException">Another wait is under way.</exception>
    internal Action Begin()
    {
        if (Interlocked.Exchange(ref _isTaken, 1) != 0)
        {
            throw new InvalidOperationException("Another call waits already: one at a time may read, and one may write.");
        }
        _core.Reset();
        Volatile.Write(ref _isOpen, 1);
        return _ring;
    }

    /// <summary>Nobody waits after all.</summary>
    internal void End()
    {
        if (Interlocked.Exchange(ref _isOpen, 0) == 0)
        {
            // It is being ended, which must not reach into the next one.
            SpinWait.SpinUntil(() => _core.GetStatus(_core.Version) != ValueTaskSourceStatus.Pending);
        }
        Volatile.Write(ref _isTaken, 0);
    }

    /// <summary>The token ends the wait too.</summary>
    internal CancellationTokenRegistration CancelBy(CancellationToken cancellationToken) => cancellationToken.UnsafeRegister(
        static (state, token) =>
        {
            var wait = (PipeWait)state!;
            if (Interlocked.Exchange(ref wait._isOpen, 0) != 0)
            {
                wait._core.SetException(new OperationCanceledException(token));
            }
        },
        this);

    void IValueTaskSource.GetResult(short token)
    {
        try
        {
            _core.GetResult(token);
        }
        finally
        {
            Volatile.Write(ref _isTaken, 0);
        }
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    private void Ring()
    {
        if (Interlocked.Exchange(ref _isOpen, 0) != 0)
        {
            _core.SetResult(true);
        }
    }
}
