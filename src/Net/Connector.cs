using System.Diagnostics;

namespace Bixbite.Net;

/// <summary>
/// A loop's attempts to connect outwards: which of them has something to do, and who is too late. Each round makes a bounded number of
/// steps. The loop's thread only.
/// </summary>
internal sealed class Connector
{
    internal const int StepsPerRoundMax = 100;

    private readonly List<ConnectAttempt?> _attempts = [];
    private readonly Stack<int> _freeSlots = [];
    private readonly Queue<ConnectAttempt> _ready = [];
    private long _dueUs = long.MaxValue;
    private bool _hasEnded;

    internal NameResolver Names { get; } = new();

    /// <summary>Attempts under way.</summary>
    internal int Count => _attempts.Count - _freeSlots.Count;

    /// <summary>When there is a step to make, if no event comes before; long.MaxValue if not.</summary>
    internal long DueUs => _ready.Count > 0 ? 0 : _dueUs;

    /// <summary>Takes an attempt over; its first step is one of the next <see cref="Run"/>.</summary>
    internal void Begin(ConnectAttempt attempt)
    {
        if (_hasEnded || attempt.IsCancelled)
        {
            attempt.Leave(ConnectStage.Cancelled);
            return;
        }
        if (!_freeSlots.TryPop(out int slot))
        {
            slot = _attempts.Count;
            _attempts.Add(null);
        }
        _attempts[slot] = attempt;
        attempt.Slot = slot;
        Wake(attempt);
    }

    /// <summary>An event has come at an attempt's descriptor.</summary>
    internal void Mark(ulong tag)
    {
        if (_attempts[(int)(tag - Poller.AttemptTag)] is { } attempt)
        {
            attempt.NoteEvent();
        }
    }

    /// <summary>The attempt has something to do.</summary>
    internal void Wake(ConnectAttempt attempt)
    {
        if (attempt.Slot >= 0 && !attempt.IsReady)
        {
            attempt.IsReady = true;
            _ready.Enqueue(attempt);
        }
    }

    internal void Run(long nowUs)
    {
        if (nowUs < DueUs)
        {
            return;
        }
        if (nowUs >= _dueUs)
        {
            FindDue(nowUs);
        }
        for (int budget = StepsPerRoundMax; budget > 0 && _ready.TryDequeue(out ConnectAttempt? attempt); budget--)
        {
            attempt.IsReady = false;
            if (attempt.Slot >= 0)
            {
                attempt.Step(nowUs);
            }
            if (attempt.Slot >= 0)
            {
                _dueUs = Math.Min(_dueUs, attempt.DueUs);
            }
        }
    }

    /// <summary>The attempt is over, whichever way.</summary>
    internal void Remove(ConnectAttempt attempt)
    {
        Debug.Assert(_attempts[attempt.Slot] == attempt);
        _attempts[attempt.Slot] = null;
        _freeSlots.Push(attempt.Slot);
        attempt.Slot = -1;
    }

    /// <summary>Fails whatever is under way, and takes no more.</summary>
    internal void End()
    {
        _hasEnded = true;
        for (int slot = 0; slot < _attempts.Count; slot++)
        {
            _attempts[slot]?.BreakOff();
        }
        _ready.Clear();
    }

    /// <summary>Gives back the sockets, and tells nobody.</summary>
    internal void Abandon()
    {
        _hasEnded = true;
        for (int slot = 0; slot < _attempts.Count; slot++)
        {
            _attempts[slot]?.Leave(ConnectStage.Cancelled);
        }
    }

    private void FindDue(long nowUs)
    {
        _dueUs = long.MaxValue;
        foreach (ConnectAttempt? attempt in _attempts)
        {
            if (attempt is null || attempt.IsReady)
            {
                continue;
            }
            if (nowUs >= attempt.DueUs)
            {
                Wake(attempt);
            }
            else
            {
                _dueUs = Math.Min(_dueUs, attempt.DueUs);
            }
        }
    }
}
