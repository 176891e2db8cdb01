using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using Bixbite.Configuration.Kinds;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Sessions;
using Bixbite.Logging;
using Bixbite.Memory;
using Bixbite.Persistence.Receiving;
using Bixbite.Protocol;
using Bixbite.Replication.Links;

namespace Bixbite.Replication.Following;

/// <summary>
/// One connection to a primary, from the attempt to its end: it brings this server to the primary's stream, and then repeats that. Made by
/// the <see cref="Follower"/>, which is told when it is over. On the first loop, with the lock.
/// <code>
///   Connecting ── Handshake ─┬─ +CONTINUE ─────────────────────────────┬─ Connected
///                            └─ Receiving: a SnapshotIntake has it ────┘
///   over: the primary or the network has ended it, something has failed, or another one is wanted
/// </code>
/// </summary>
internal sealed class PrimaryConnection : IPeerUser
{
    private const int LineSizeMax = 4096;

    private readonly Follower _follower;
    private readonly FollowerTools _tools;
    private readonly PrimaryHandshake _handshake;
    private Action? _cancel;
    private IPeerWire? _wire;
    private SnapshotIntake? _intake;
    private bool _isOver;
    private bool _isOld;

    /// <param name="follower">Told of the end.</param>
    /// <param name="tools">What else it needs.</param>
    /// <param name="options">What is said of this server.</param>
    public PrimaryConnection(Follower follower, FollowerTools tools, HandshakeOptions options)
    {
        _follower = follower;
        _tools = tools;
        _handshake = new PrimaryHandshake(options);
        LastHeardMs = tools.NowMs;
    }

    public FollowState State { get; private set; } = FollowState.Connecting;

    /// <summary>Monotonic milliseconds when something came last, or a stage began.</summary>
    public long LastHeardMs { get; private set; }

    /// <summary>The snapshot that comes, or is loaded; null before and after.</summary>
    public SnapshotReception? Reception => State == FollowState.Receiving ? _intake?.Reception : null;

    /// <summary>The primary as a client, while its stream comes.</summary>
    public Session? Session { get; private set; }

    /// <summary>The snapshot is loaded from its file: there is no other data, and it cannot be given up.</summary>
    public bool IsFinal => _intake is { IsFinal: true };

    /// <summary>Bytes that have come and were not taken.</summary>
    public int LeftSize { get; private set; }

    /// <summary>The file is that of the snapshot which comes, or is loaded.</summary>
    public bool Uses(ReceivedFile file) => State == FollowState.Receiving && _intake!.Uses(file);

    /// <summary>Begins.</summary>
    public void Connect(PrimaryAddress address, int timeoutMs)
    {
        if (address.Port == 0)
        {
            End("connect: there is no port 0");
        }
        else
        {
            _cancel = _tools.Links!.Connect(address.Host, address.Port, timeoutMs, PeerPurpose.Replication, this);
        }
    }

    /// <summary>Ends it, and tells nobody. Not while it is final.</summary>
    public void Abandon()
    {
        if (_isOver)
        {
            return;
        }
        Debug.Assert(!IsFinal, "Nobody can do anything meanwhile.");
        _isOver = true;
        _cancel?.Invoke();
        if (_intake is not { IsLost: true })
        {
            _wire?.Link.Abort();
        }
        _intake?.Abandon();
        if (Session is { } session)
        {
            Session = null;
            _follower.Database = session.Database.Number;
            _tools.Sessions.End(session);
        }
    }

    /// <summary>Does what is due.</summary>
    public void Tick(long nowMs, long timeoutMs)
    {
        if (State == FollowState.Receiving)
        {
            _intake!.Tick();
            LastHeardMs = _intake.IsBusy ? nowMs : LastHeardMs;
        }
        bool mayBeSilent = _isOver || IsFinal || Session is { IsReady: false } || _tools.Raised.Has(Concern.Busy);
        if (mayBeSilent || nowMs - LastHeardMs <= timeoutMs)
        {
            return;
        }
        End(State switch
        {
            FollowState.Receiving when _intake!.WaitsForDisk => "the disk does not take the snapshot",
            FollowState.Receiving => "timeout receiving bulk data from primary; if the problem persists raise 'repl-timeout'",
            FollowState.Connected => "primary timeout: no data nor PING received",
            _ => "timeout connecting to the primary",
        });
    }

    /// <summary>Tells a primary that loading takes long that there is somebody.</summary>
    public void GiveSign()
    {
        if (_intake is { IsLoading: true, IsLost: false })
        {
            Send("\n"u8);
        }
    }

    /// <summary>Tells the primary how far this server is.</summary>
    public void Acknowledge()
    {
        if (Session is null || _isOld)
        {
            return;
        }
        long? logged = _tools.Logged.End;
        ArrayBufferWriter<byte> request = new();
        request.Begin(logged is null ? 3 : 5);
        request.Add("REPLCONF"u8);
        request.Add("ACK"u8);
        request.Add(_tools.Stream.End);
        if (logged is { } end)
        {
            request.Add("FACK"u8);
            request.Add(end);
        }
        Send(request.WrittenSpan);
    }

    void IPeerUser.Opened(IPeerWire wire)
    {
        _wire = wire;
        // Nothing that the primary is told waits for this server's disk.
        wire.Link.Lines = 0;
        Enter(FollowState.Handshake);
        Send(PrimaryHandshake.Begin().Bytes);
    }

    void IPeerUser.Failed(string reason, bool isRefused) => End(reason);

    int IPeerUser.Received(ulong address, int length)
    {
        _follower.ReadBytes += length - LeftSize;
        LastHeardMs = _tools.NowMs;
        int taken = 0;
        FollowState before;
        do
        {
            before = State;
            taken += Take(address + (uint)taken, length - taken);
        }
        while (!_isOver && State != before && taken < length);
        LeftSize = _isOver ? 0 : length - taken;
        return length - LeftSize;
    }

    /// <summary>A snapshot that has come as a whole is loaded also without its primary, which knows then where to go on.</summary>
    void IPeerUser.Closed()
    {
        if (State != FollowState.Receiving || !_intake!.GoOnWithoutPrimary())
        {
            End("connection with primary lost");
        }
    }

    private int Take(ulong address, int length) => State switch
    {
        FollowState.Handshake => TakeLine(Native.Bytes(address, length)),
        FollowState.Receiving => _intake!.Take(Native.Bytes(address, length)),
        FollowState.Connected => TakeStream(address, length),
        _ => length,
    };

    /// <summary>Lines one after the other, as long as they belong to the handshake.</summary>
    private int TakeLine(ReadOnlySpan<byte> bytes)
    {
        int taken = 0;
        while (State == FollowState.Handshake && !_isOver)
        {
            int size = bytes[taken..].IndexOf((byte)'\n') + 1;
            if (size == 0 || size > LineSizeMax)
            {
                if (bytes.Length - taken > LineSizeMax)
                {
                    End("the primary's line does not end");
                }
                break;
            }
            HandshakeStep step = _handshake.Take(bytes.Slice(taken, size - 1).TrimEnd((byte)'\r'));
            taken += size;
            Follow(step);
        }
        return taken;
    }

    private void Follow(HandshakeStep step)
    {
        if (step.Result == HandshakeResult.Failed)
        {
            End(step.Note!);
            return;
        }
        if (step.Note is { } note)
        {
            _tools.Log.Write(LogLevel.Notice, note);
        }
        if (step.Bytes is { } bytes)
        {
            Send(bytes);
        }
        if (step.Result != HandshakeResult.GoesOn)
        {
            _follower.NoteTakenOver();
        }
        switch (step.Result)
        {
            case HandshakeResult.Continued:
                Continue();
                break;
            case HandshakeResult.Full or HandshakeResult.Old:
                _isOld = step.Result == HandshakeResult.Old;
                BeginReception();
                break;
        }
    }

    /// <summary>The primary has what follows. Replicas of this server come again, and are told of another name.</summary>
    private void Continue()
    {
        if (_handshake.NewId is { } id)
        {
            _tools.Log.Write(LogLevel.Notice, $"Primary replication ID changed to {id}");
            _tools.History.GoOnAs(id, _tools.Stream.End);
            _tools.Replicas.DisconnectAll();
        }
        BeginStream(_follower.Database);
    }

    private void BeginReception()
    {
        _intake = new SnapshotIntake(_follower, _tools, _wire!, _isOld ? null : _handshake.Id, EndReception);
        Enter(FollowState.Receiving);
    }

    /// <summary>The snapshot is this server's data, or there is a reason why it is not.</summary>
    private void EndReception(string? problem)
    {
        if (problem is not null)
        {
            End(problem);
            return;
        }
        if (_isOld)
        {
            _tools.History.Begin();
        }
        else
        {
            _tools.History.Adopt(_handshake.Id);
        }
        _tools.Stream.RepeatFrom(_handshake.Offset);
        _tools.Logged.Forget();
        _follower.Database = _tools.Receiver.Facts.StreamDatabase;
        _tools.Log.Write(LogLevel.Notice, "MASTER <-> REPLICA sync: Finished with success");
        if (_intake!.IsLost)
        {
            End("connection with primary lost while its snapshot was loaded");
        }
        else if (_intake.ExcessSize > 0)
        {
            End(string.Create(
                CultureInfo.InvariantCulture, $"protocol error from primary: {_intake.ExcessSize} bytes follow its snapshot unasked"));
        }
        else
        {
            BeginStream(_follower.Database);
            _wire!.Resume();
        }
    }

    private void BeginStream(int database)
    {
        Session = _tools.Sessions.Begin(_wire!.Link, database);
        _tools.Applier.Begin();
        Enter(FollowState.Connected);
        Acknowledge();
    }

    private int TakeStream(ulong address, int length)
    {
        if (_tools.Raised.Has(Concern.Busy))
        {
            _wire!.Pause();
            _tools.LongCommand.WhenOver(_wire.Resume);
            return 0;
        }
        if (_tools.Disk.Refusal is { } refusal)
        {
            End($"{refusal}; with 'replica-ignore-disk-write-errors yes' it would go on");
            return 0;
        }
        _tools.Disk.NoteApplied();
        Session session = Session!;
        session.Activity.LastSeenMs = LastHeardMs;
        int taken = _tools.Applier.Run(session, address, length, _follower.RequestSizeMax);
        session.Activity.BytesReceived += taken;
        if (_tools.Applier.Problem is { } problem)
        {
            // The same bytes would come again.
            _tools.Stream.Leave();
            End($"protocol error from primary: {problem}");
        }
        else if (!session.IsReady)
        {
            // Whoever has it wait resumes it.
            _wire!.Pause();
        }
        else if (_tools.Applier.ExpectedSize > 0)
        {
            _wire!.Expect(_tools.Applier.ExpectedSize);
        }
        return taken;
    }

    private void Enter(FollowState state)
    {
        State = state;
        LastHeardMs = _tools.NowMs;
        _follower.NoteState();
    }

    private void Send(ReadOnlySpan<byte> bytes) => _wire!.Link.Send(bytes);

    private void End(string reason)
    {
        if (!_isOver)
        {
            Abandon();
            _follower.NoteEnd(this, reason);
        }
    }
}
