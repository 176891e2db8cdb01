using System.Runtime.CompilerServices;

namespace Bixbite.Net;

/// <summary>The stages of what a connection asks for, as it goes through a round of its loop.</summary>
public enum ServiceStage
{
    /// <summary>From the moment when the loop knew of the bytes until all that came in the round were received and parsed.</summary>
    Read,

    /// <summary>Until the execution lock was given.</summary>
    Lock,

    /// <summary>Until it was the connection's turn among those of its round.</summary>
    Queue,

    /// <summary>While its requests ran.</summary>
    Execute,

    /// <summary>While the output waited for lines to reach its positions.</summary>
    Hold,

    /// <summary>Until the channel had taken the output.</summary>
    Send,
}

/// <summary>The times of a stage in microseconds.</summary>
public readonly record struct StageTime(long Count, long TotalUs, int MaxUs, int LastUs)
{
    internal StageTime With(long us)
    {
        int lastUs = (int)Math.Clamp(us, 0, int.MaxValue);
        return new StageTime(Count + 1, TotalUs + lastUs, Math.Max(MaxUs, lastUs), lastUs);
    }
}

/// <summary>When a round of a loop came so far, by the monotonic clock.</summary>
/// <param name="BeganUs">Events were told.</param>
/// <param name="LockAskedUs">All was received.</param>
/// <param name="LockTakenUs">The lock was given.</param>
internal readonly record struct RoundTimes(long BeganUs, long LockAskedUs, long LockTakenUs);

/// <summary>
/// How long a connection's requests were in each stage. Those of a round are one: they came together, and their replies leave together.
/// <code>
///   events told | receive, parse | lock | requests of others | its requests | durable? | channel takes the output
///               |      Read      | Lock |       Queue        |   Execute    |   Hold   |           Send
/// </code>
/// Written by the loop's thread. Others may read: of a moment between two stages they see one without the other.
/// </summary>
public sealed class ServiceTimes
{
    private Stages _stages;

    /// <summary>When the stage under way began: the requests have run, or their output was let go.</summary>
    private long _sinceUs;

    private bool _isAwaited;
    private bool _isHeld;

    /// <summary>The output that is awaited is of the requests that ran last, and not of earlier ones too.</summary>
    private bool _isLatestAwaited;

    /// <summary>Requests under way that somebody watches; of earlier ones only the memory is kept.</summary>
    private Watched? _watched;

    /// <summary>The times of a connection; null before its first request.</summary>
    public static ServiceTimes? Of(Connection connection) => connection.Times;

    public StageTime this[ServiceStage stage] => _stages[(int)stage];

    /// <summary>Within Execute: the connection's requests of this round have run, and their replies are written.</summary>
    public static void NoteServed(Connection connection, long beganUs, long endedUs)
    {
        ServiceTimes times = connection.Times ??= new ServiceTimes();
        RoundTimes round = connection.Loop.RoundTimes;
        times.Add(ServiceStage.Read, round.LockAskedUs - round.BeganUs);
        times.Add(ServiceStage.Lock, round.LockTakenUs - round.LockAskedUs);
        times.Add(ServiceStage.Queue, beganUs - round.LockTakenUs);
        times.Add(ServiceStage.Execute, endedUs - beganUs);
        times._isLatestAwaited = false;
        if (!times._isAwaited)
        {
            times._sinceUs = endedUs;
            times._isAwaited = times._isLatestAwaited = connection.PendingOutput > 0;
        }
    }

    /// <summary>
    /// After <see cref="NoteServed"/>: the handler is told of the same requests by <see cref="IConnectionHandler.Sent"/> when their
    /// replies have left; at once where there are none, or where those of an earlier round still wait, with which theirs leave.
    /// </summary>
    /// <param name="connection">Whose requests have just run.</param>
    /// <param name="about">What the handler wants to know of them again.</param>
    public static void Watch(Connection connection, in ServedAbout about)
    {
        ServiceTimes times = connection.Times!;
        ServedRound round = new(about, connection.Loop.RoundTimes.BeganUs);
        for (ServiceStage stage = ServiceStage.Read; stage <= ServiceStage.Execute; stage++)
        {
            round[stage] = times[stage].LastUs;
        }
        if (!times._isLatestAwaited)
        {
            connection.Handler.Sent(connection, round);
            return;
        }
        times._watched ??= new Watched();
        times._watched.Round = round;
        times._watched.IsUnderWay = true;
    }

    /// <summary>As much as could be sent in this round was.</summary>
    internal void Flushed(Connection connection, long nowUs)
    {
        if (_isAwaited)
        {
            _isHeld |= connection.Held is { IsEmpty: false };
            if (!_isHeld && connection.PendingOutput == 0)
            {
                NoteSent(connection, nowUs);
            }
        }
    }

    /// <summary>No line holds the output any more.</summary>
    internal void Released(long nowUs)
    {
        if (_isHeld)
        {
            Add(ServiceStage.Hold, nowUs - _sinceUs);
            if (_watched is { IsUnderWay: true })
            {
                // Again where later output was held before the earlier was sent.
                _watched.Round[ServiceStage.Hold] += _stages[(int)ServiceStage.Hold].LastUs;
            }
            _sinceUs = nowUs;
            _isHeld = false;
        }
    }

    /// <summary>The channel has taken all output.</summary>
    internal void Drained(Connection connection, long nowUs)
    {
        if (_isAwaited && !_isHeld)
        {
            NoteSent(connection, nowUs);
        }
    }

    private void NoteSent(Connection connection, long nowUs)
    {
        Add(ServiceStage.Send, nowUs - _sinceUs);
        _isAwaited = false;
        if (_watched is { IsUnderWay: true } watched)
        {
            watched.Round[ServiceStage.Send] = _stages[(int)ServiceStage.Send].LastUs;
            watched.IsUnderWay = false;
            connection.Handler.Sent(connection, watched.Round);
            watched.Round = default;
        }
    }

    private void Add(ServiceStage stage, long us) => _stages[(int)stage] = _stages[(int)stage].With(us);

    private sealed class Watched
    {
        public ServedRound Round;
        public bool IsUnderWay;
    }

    [InlineArray((int)ServiceStage.Send + 1)]
    private struct Stages
    {
        private StageTime _first;
    }
}
