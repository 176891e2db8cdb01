using Bixbite.Keyspace;

namespace Bixbite.Persistence.Loading;

/// <summary>The facts that stand before a key in a file and belong to it.</summary>
internal struct RdbKeyFacts
{
    private long _deadlineMs;
    private bool _hasDeadline;
    private long _idleSecondsPlusOne;
    private int _frequencyPlusOne;

    public long DeadlineMs
    {
        set
        {
            _deadlineMs = value;
            _hasDeadline = true;
        }
    }

    public long IdleSeconds
    {
        set => _idleSecondsPlusOne = value + 1;
    }

    public byte Frequency
    {
        set => _frequencyPlusOne = value + 1;
    }

    public readonly long DeadlineOrNone => _hasDeadline ? Math.Max(_deadlineMs, 0) : Deadline.None;

    public readonly bool HasDeadline => _hasDeadline;

    public readonly bool IsDue(long nowMs) => _hasDeadline && _deadlineMs < nowMs;

    /// <summary>How long the key was not used, or how often, whichever the server keeps; null if the file does not say.</summary>
    public readonly uint? AccessBy(AccessClock clock)
    {
        if (clock.IsLfu)
        {
            return _frequencyPlusOne > 0 ? clock.FromFrequency((byte)(_frequencyPlusOne - 1)) : null;
        }
        return _idleSecondsPlusOne > 0 ? clock.FromIdleSeconds(_idleSecondsPlusOne - 1) : null;
    }
}
