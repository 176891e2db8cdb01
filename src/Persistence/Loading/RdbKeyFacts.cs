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

    /// <summary>Tells the key how long it was not used, or how often it was, if that is what the server keeps.</summary>
    public readonly void ApplyAccess(Database database, in KeyRef at, AccessClock clock)
    {
        if (clock.IsLfu && _frequencyPlusOne > 0)
        {
            database.SetAccess(at, clock.FromFrequency((byte)(_frequencyPlusOne - 1)));
        }
        else if (!clock.IsLfu && _idleSecondsPlusOne > 0)
        {
            database.SetAccess(at, clock.FromIdleSeconds(_idleSecondsPlusOne - 1));
        }
    }
}
