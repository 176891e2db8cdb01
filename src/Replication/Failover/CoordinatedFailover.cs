using Bixbite.Configuration.Kinds;
using Bixbite.Engine.Blocking;
using Bixbite.Engine.Lifecycle;
using Bixbite.Logging;
using Bixbite.Protocol;
using Bixbite.Replication.Following;
using Bixbite.Replication.Primary;
using Bixbite.Replication.Streaming;

namespace Bixbite.Replication.Failover;

/// <summary>
/// A primary gives its place to a replica that has everything, and is its replica then. Under the execution lock; what happens by itself,
/// on the first loop. docs/REPLICATION.md, "Handing over", tells what becomes of it where something fails.
/// <code>
///   None ── Begin ── WaitingForSync: writes pause ── a replica has everything ── InProgress: a replica, asks it ─┬ accepted ── None
///                        └ timeout, Abort, it is gone ── None, a primary              a primary again ── refused, Abort ┘
/// </code>
/// </summary>
public sealed class CoordinatedFailover
{
    /// <summary>How long it may take to see that a replica is gone.</summary>
    private const long LookPeriodMs = 100;

    private readonly Replicas _replicas;
    private readonly ReplicationStream _stream;
    private readonly Follower _follower;
    private readonly PauseGate _pause;
    private readonly RaisedConcerns _raised;
    private readonly ServerLog _log;
    private FailoverRequest _request = new(Host: null, Port: 0, TimeoutMs: 0, IsForced: false);
    private Takeover? _takeover;
    private long _deadlineMs;

    /// <param name="replicas">One of them takes over.</param>
    /// <param name="stream">What it is to have.</param>
    /// <param name="follower">Follows it.</param>
    /// <param name="pause">Keeps the data as it is meanwhile.</param>
    /// <param name="raised">Whether a command is half done.</param>
    /// <param name="log">Told of each step.</param>
    public CoordinatedFailover(
        Replicas replicas, ReplicationStream stream, Follower follower, PauseGate pause, RaisedConcerns raised, ServerLog log)
    {
        _replicas = replicas;
        _stream = stream;
        _follower = follower;
        _pause = pause;
        _raised = raised;
        _log = log;
    }

    public FailoverState State { get; private set; }

    /// <summary>It is under way.</summary>
    public bool IsOn => State != FailoverState.None;

    /// <summary>The state as Redis calls it.</summary>
    public string StateName => State switch
    {
        FailoverState.WaitingForSync => "waiting-for-sync",
        FailoverState.InProgress => "failover-in-progress",
        _ => "no-failover",
    };

    private long LeftMs => Math.Max(_deadlineMs - _replicas.NowMs, 0);

    /// <summary>The error with which a request is refused; empty if it is not.</summary>
    public ReadOnlySpan<byte> RefusalOf(FailoverRequest request)
    {
        if (IsOn)
        {
            return ReplicationErrorText.FailoverUnderWay;
        }
        if (_follower.State != FollowState.None)
        {
            return ReplicationErrorText.FailoverOfReplica;
        }
        if (_replicas.Count == 0)
        {
            return ReplicationErrorText.FailoverWithoutReplicas;
        }
        if (request.IsForced && (request.TimeoutMs == 0 || request.Host is null))
        {
            return ReplicationErrorText.FailoverForced;
        }
        if (request.Host is null)
        {
            return default;
        }
        return _replicas.All.FirstOrDefault(replica => IsNamed(replica, request)) is not { } target
            ? ReplicationErrorText.FailoverToNobody
            : target.State == ReplicaState.Online ? default : ReplicationErrorText.FailoverToOffline;
    }

    /// <summary>Begins one that is not refused.</summary>
    public void Begin(FailoverRequest request)
    {
        _log.Write(LogLevel.Notice, $"FAILOVER requested to {request.Name}.");
        _request = request;
        _deadlineMs = request.TimeoutMs == 0 || request.TimeoutMs > long.MaxValue - _replicas.NowMs
            ? long.MaxValue
            : _replicas.NowMs + request.TimeoutMs;
        State = FailoverState.WaitingForSync;
        _pause.Pause(long.MaxValue, forAll: false, PausePurpose.Failover);
        AskUnlessAsked();
    }

    /// <summary>The client's wish: this server stays a primary, or is one again.</summary>
    public void Abort() => Abort("Failover manually aborted");

    /// <summary>Goes on if it can; returns the milliseconds until it wants to be called again.</summary>
    internal long Run()
    {
        switch (State)
        {
            case FailoverState.WaitingForSync:
                Wait();
                break;
            case FailoverState.InProgress when LeftMs == 0 && !_request.IsForced && !_takeover!.IsAsked:
                Abort("The target was not reached before timeout");
                break;
        }
        return IsOn ? Math.Min(LeftMs == 0 ? LookPeriodMs : LeftMs, LookPeriodMs) : CronTask.Never;
    }

    private void Wait()
    {
        if (Synced() is { } replica)
        {
            _log.Write(LogLevel.Notice, $"Failover target {replica.Name} is synced, failing over.");
            HandOver(replica.Host, replica.Options.Port, _stream.ChangedEnd);
        }
        else if (LeftMs == 0 && _request.IsForced)
        {
            if (!IsHalfDone)
            {
                _log.Write(LogLevel.Notice, $"FAILOVER to {_request.Name} time out exceeded, failing over.");
                HandOver(_request.Host!, _request.Port, endMin: 0);
            }
        }
        else if (LeftMs == 0)
        {
            Abort("Replica never caught up before timeout");
        }
        else if (!_request.IsForced && !_replicas.All.Any(each => IsNamed(each, _request)))
        {
            Abort("The replica is gone");
        }
        else
        {
            AskUnlessAsked();
        }
    }

    /// <summary>A replica needs every byte, also what follows the last change: its answer to a question at the end says that.</summary>
    private void AskUnlessAsked()
    {
        if (_stream.AnsweredEnd == _stream.End && Synced() is null)
        {
            _stream.AskForAcknowledgements();
        }
    }

    /// <summary>The first replica that may take over now.</summary>
    private Replica? Synced() => IsHalfDone
        ? null
        : _replicas.All.FirstOrDefault(replica =>
            IsNamed(replica, _request) && replica.State == ReplicaState.Online && replica.AcknowledgedEnd >= _stream.AnsweredEnd
            && IsPort(replica.Options.Port));

    /// <summary>A command is, and may change more: a transaction of which FAILOVER was a part.</summary>
    private bool IsHalfDone => _raised.Has(Concern.Busy) || !_stream.HasPlace;

    private static bool IsPort(long port) => port is > 0 and <= ushort.MaxValue;

    private static bool IsNamed(Replica replica, FailoverRequest request) =>
        request.Host is null
        || (replica.Options.Port == request.Port && replica.Host.Equals(request.Host, StringComparison.OrdinalIgnoreCase));

    private void HandOver(string host, long port, long endMin)
    {
        if (!IsPort(port))
        {
            Abort($"Nobody can be reached at port {port}");
            return;
        }
        _request = _request with { Host = host, Port = port };
        State = FailoverState.InProgress;
        _takeover = new Takeover(endMin, NoteEnd);
        _follower.HandOver(new PrimaryAddress(host, (int)port), _takeover);
    }

    private void NoteEnd(string? problem)
    {
        if (problem is not null)
        {
            Abort(problem);
            return;
        }
        _log.Write(LogLevel.Notice, $"FAILOVER to {_request.Name} succeeded.");
        Clear();
    }

    private void Abort(string reason)
    {
        _log.Write(LogLevel.Notice, $"FAILOVER to {_request.Name} aborted: {reason}");
        if (State == FailoverState.InProgress)
        {
            _follower.Lead();
        }
        Clear();
    }

    /// <summary>It is over: those who wait go on, whatever the role is by now.</summary>
    private void Clear()
    {
        State = FailoverState.None;
        _takeover = null;
        _pause.End(PausePurpose.Failover);
    }
}
