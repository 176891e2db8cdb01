using System.Diagnostics;
using Bixbite.Net.Channels;
using Bixbite.Net.Transports;
using Bixbite.Platform;

namespace Bixbite.Net;

/// <summary>How far an attempt to connect has come.</summary>
public enum ConnectStage
{
    /// <summary>Its first step is made in a later round.</summary>
    Waiting,

    /// <summary>A thread asks for the name's addresses.</summary>
    Resolving,

    /// <summary>An address has been called and has not answered.</summary>
    Connecting,

    /// <summary>It has answered, and is agreed with about what the channel needs.</summary>
    Agreeing,

    /// <summary>There is a connection.</summary>
    Connected,

    /// <summary>There is none, and the handler has been told why.</summary>
    Failed,

    /// <summary>There is none, and nobody is told.</summary>
    Cancelled,
}

/// <summary>
/// A connection outwards that is being made, on one loop: begun by <see cref="EventLoop.Connect"/>, owned by the loop, ended by itself, by
/// <see cref="Cancel"/> or by the end of the loop. docs/EVENT_LOOP.md draws its stages. It owns the socket until that is a connection's.
/// </summary>
public sealed class ConnectAttempt
{
    /// <summary>A Unix socket that has no room for another connection is asked again after this time.</summary>
    private const int RetryUs = 10_000;

    private readonly EventLoop _loop;
    private readonly IOutgoingHandler _handler;
    private List<SocketAddress> _addresses = [];
    private int _addressIndex;
    private ClientSocket? _socket;
    private Handshake? _handshake;
    private long _startedUs = -1;
    private bool _hasAnswer;
    private string? _resolverError;
    private volatile bool _isCancelled;
    private volatile ConnectStage _stage;

    internal ConnectAttempt(EventLoop loop, ConnectTarget target, IOutgoingHandler handler, object? state)
    {
        _loop = loop;
        _handler = handler;
        Target = target;
        State = state;
    }

    public ConnectTarget Target { get; }

    /// <summary>Given when it began; the connection's <see cref="Connection.State"/> when it is opened.</summary>
    public object? State { get; }

    /// <summary>Any thread may look, and may find that it was so a moment ago.</summary>
    public ConnectStage Stage => _stage;

    internal bool IsCancelled => _isCancelled;

    internal EventLoop Loop => _loop;

    /// <summary>Its place in the connector's table, or -1 when it is not in it.</summary>
    internal int Slot { get; set; } = -1;

    /// <summary>It stands in the connector's queue.</summary>
    internal bool IsReady { get; set; }

    /// <summary>An event has come at the socket since the last step.</summary>
    internal bool HasEvent { get; set; }

    /// <summary>When to make a step if nothing happens before.</summary>
    internal long DueUs { get; private set; }

    private long DeadlineUs => Target.TimeoutMs < 0 ? long.MaxValue : _startedUs + (Target.TimeoutMs * 1000L);

    private string Address => _addressIndex < _addresses.Count ? _addresses[_addressIndex].ToString() : Target.ToString();

    /// <summary>
    /// Ends the attempt: from now on the handler is not told of it. Does nothing once it has been told. By the loop's thread, or by whoever
    /// has the <see cref="ExecutionLock"/>.
    /// </summary>
    public void Cancel()
    {
        _isCancelled = true;
        if (_loop.IsCurrent)
        {
            Drop();
        }
        else
        {
            _loop.Post(Drop);
        }
    }

    /// <summary>Makes the next step.</summary>
    internal void Step(long nowUs)
    {
        if (_startedUs < 0)
        {
            _startedUs = nowUs;
        }
        DueUs = DeadlineUs;
        switch (_stage)
        {
            case ConnectStage.Waiting:
                Start(nowUs);
                break;
            case ConnectStage.Resolving when _hasAnswer:
                UseAnswer(nowUs);
                break;
            case ConnectStage.Resolving when nowUs >= DeadlineUs:
                Fail("getaddrinfo", Errno.ETIMEDOUT);
                break;
            case ConnectStage.Connecting:
                GoOn(nowUs);
                break;
            case ConnectStage.Agreeing when nowUs >= DeadlineUs:
                Fail("handshake", Errno.ETIMEDOUT);
                break;
            default:
                Debug.Assert(_stage is ConnectStage.Resolving or ConnectStage.Agreeing, "the others are in no table");
                break;
        }
    }

    /// <summary>An event has come at the socket. The loop's thread only.</summary>
    internal void NoteEvent()
    {
        HasEvent = true;
        _loop.Connector.Wake(this);
    }

    /// <summary>The loop ends.</summary>
    internal void BreakOff() => Fail("connect", Errno.ECANCELED);

    /// <summary>The channel has agreed with the peer.</summary>
    internal void Agreed(ByteChannel channel)
    {
        _handshake = null;
        Open(channel, hasAgreed: true);
    }

    /// <summary>The channel is closed without having agreed.</summary>
    internal void Disagreed(HandshakeOutcome outcome, string reason)
    {
        _handshake = null;
        int error = outcome switch
        {
            HandshakeOutcome.TimedOut => Errno.ETIMEDOUT,
            HandshakeOutcome.Dropped => Errno.ECANCELED,
            _ => 0,
        };
        string text = error != 0 ? Errno.Text(error) : reason.Length > 0 ? reason : "the peer has closed the connection";
        Fail(new ConnectFailure(error, "handshake", text, Address));
    }

    /// <summary>Gives everything back. The loop's thread, or before the loop has it.</summary>
    internal void Leave(ConnectStage stage)
    {
        _stage = stage;
        CloseSocket();
        if (Slot >= 0)
        {
            _loop.Connector.Remove(this);
        }
    }

    private void Drop()
    {
        if (Slot >= 0)
        {
            Leave(ConnectStage.Cancelled);
        }
    }

    private void Start(long nowUs)
    {
        if (Target.Service is { } service)
        {
            Open(service.Reach());
        }
        else if (Target.UnixPath is not null)
        {
            CallNext(nowUs);
        }
        else if (SocketAddress.TryParse(Target.Host, Target.Port, out SocketAddress address))
        {
            _addresses.Add(address);
            CallNext(nowUs);
        }
        else
        {
            _stage = ConnectStage.Resolving;
            if (!_loop.Connector.Names.TryAsk(Resolve))
            {
                Fail(new ConnectFailure(Errno.EAGAIN, "getaddrinfo", WorkerThread.Refusal, Target.ToString()));
            }
        }
    }

    /// <summary>On a thread of the resolver.</summary>
    private void Resolve()
    {
        if (_isCancelled || _stage != ConnectStage.Resolving)
        {
            return;
        }
        List<SocketAddress> addresses = [];
        string? error = Target.Lookup is { } lookup
            ? lookup(Target.Host, Target.Port, addresses)
            : _loop.Transport.Resolve(Target.Host, Target.Port, SocketAddress.AF_UNSPEC, addresses);
        _loop.Post(() =>
        {
            (_addresses, _resolverError, _hasAnswer) = (addresses, error, true);
            _loop.Connector.Wake(this);
        });
    }

    private void UseAnswer(long nowUs)
    {
        if (_resolverError is not null || _addresses.Count == 0)
        {
            Fail(new ConnectFailure(0, "getaddrinfo", _resolverError ?? "no address", Target.ToString()));
            return;
        }
        CallNext(nowUs);
    }

    /// <summary>Calls the address whose turn it is, and those after it while calls fail at once.</summary>
    private void CallNext(long nowUs)
    {
        while (true)
        {
            (string call, int result) = Call();
            if (result == 0)
            {
                OpenSocket();
                return;
            }
            if (result == -Errno.EINPROGRESS)
            {
                _stage = ConnectStage.Connecting;
                DueUs = Target.UnixPath is null ? ShareEndUs(nowUs) : Math.Min(nowUs + RetryUs, DeadlineUs);
                return;
            }
            if (!TryNextAddress())
            {
                Fail(call, -result);
                return;
            }
        }
    }

    /// <summary>When the address has had its part of the time that is left for it and those after it.</summary>
    private long ShareEndUs(long nowUs) => DeadlineUs == long.MaxValue
        ? long.MaxValue
        : nowUs + ((DeadlineUs - nowUs) / Math.Max(_addresses.Count - _addressIndex, 1));

    private bool TryNextAddress()
    {
        if (_addressIndex + 1 >= _addresses.Count)
        {
            return false;
        }
        CloseSocket();
        _addressIndex++;
        return true;
    }

    /// <summary>Opens a socket and has it connect: 0 if it has, or -EINPROGRESS, or the call that failed and its error.</summary>
    private (string Call, int Result) Call() => Target.UnixPath is { } path ? CallUnix(path) : CallTcp();

    private (string Call, int Result) CallUnix(string path)
    {
        int opened = _socket is null ? _loop.Transport.OpenClient(SocketAddress.AF_UNIX, out _socket) : 0;
        if (_socket is null)
        {
            return ("socket", opened);
        }
        int result = _socket.Connect(path);
        return ("connect", result == -Errno.EAGAIN ? -Errno.EINPROGRESS : result);
    }

    private (string Call, int Result) CallTcp()
    {
        SocketAddress address = _addresses[_addressIndex];
        int opened = _loop.Transport.OpenClient(address.Family, out _socket);
        if (_socket is null)
        {
            return ("socket", opened);
        }
        if (Bind(_socket) is < 0 and var refusal)
        {
            return ("bind", refusal);
        }
        HasEvent = false;
        return _socket.Connect(address, this);
    }

    private int Bind(ClientSocket socket)
    {
        if (Target.SourceAddress is not { } source)
        {
            return 0;
        }
        return SocketAddress.TryParse(source, 0, out SocketAddress address) ? socket.Bind(address) : -Errno.EADDRNOTAVAIL;
    }

    /// <summary>An address that was called has answered, or has had its time.</summary>
    private void GoOn(long nowUs)
    {
        if (nowUs >= DeadlineUs)
        {
            Fail("connect", Errno.ETIMEDOUT);
            return;
        }
        if (Target.UnixPath is not null)
        {
            CallNext(nowUs);
            return;
        }
        int error = HasEvent ? _socket!.Outcome() : Errno.ETIMEDOUT;
        HasEvent = false;
        if (error == 0)
        {
            OpenSocket();
        }
        else if (error == Errno.ENOTCONN)
        {
            DueUs = ShareEndUs(nowUs);
        }
        else if (TryNextAddress())
        {
            CallNext(nowUs);
        }
        else
        {
            Fail("connect", error);
        }
    }

    private void OpenSocket()
    {
        ByteChannel channel = Target.UnixPath is { } path
            ? _socket!.ToChannel(path)
            : _socket!.ToChannel(_addresses[_addressIndex], Target.KeepAliveSeconds);
        _socket = null;
        Open(Target.Wrap?.Invoke(channel) ?? channel);
    }

    private void Open(ByteChannel channel)
    {
        if (!channel.NeedsHandshake)
        {
            Open(channel, hasAgreed: false);
            return;
        }
        _stage = ConnectStage.Agreeing;
        DueUs = DeadlineUs;
        _handshake = _loop.Handshakes.Begin(channel, _handler, this);
        if (_handshake is null)
        {
            Fail("epoll_ctl", Errno.ENOMEM);
        }
    }

    private void Open(ByteChannel channel, bool hasAgreed)
    {
        Leave(ConnectStage.Connected);
        int error = _loop.Open(channel, _handler, this, hasAgreed);
        if (error != 0)
        {
            Fail("epoll_ctl", error);
        }
    }

    private void Fail(string call, int error) => Fail(new ConnectFailure(error, call, Errno.Text(error), Address));

    private void Fail(in ConnectFailure failure)
    {
        Leave(ConnectStage.Failed);
        ConnectFailure told = failure;
        _loop.RunLocked(() =>
        {
            if (_isCancelled)
            {
                _stage = ConnectStage.Cancelled;
                return;
            }
            _handler.ConnectFailed(this, told);
        });
    }

    private void CloseSocket()
    {
        _socket?.Dispose();
        _socket = null;
        _handshake?.Drop();
        _handshake = null;
    }
}
