using System.Net;
using System.Net.Sockets;
using Bixbite.Net.Channels;
using Bixbite.Net.Transports;
using SocketAddress = Bixbite.Platform.SocketAddress;

namespace Bixbite.Net;

/// <summary>How binding went: errno 0, or the error with a text that names the address and the reason.</summary>
public readonly record struct BindResult(int Errno, string Message)
{
    public bool IsBound => Message.Length == 0;
}

/// <summary>Listening sockets, TCP and Unix; hands what they accept to their service.</summary>
/// <remarks>
/// First every address is bound, so that all errors are known before anything is served; <see cref="Start"/> then gives the sockets to
/// the first loop, which accepts for all. From there on they are the loop's.
/// </remarks>
public sealed class Listener : IDisposable
{
    private readonly Service _service;
    private readonly int _backlog;
    private readonly List<ListeningSocket> _sockets = [];
    private readonly List<EndPoint> _endPoints = [];
    private int _keepAliveSeconds = 300;
    private bool _isStarted;
    private bool _isClosed;
    private bool _isShared;

    /// <param name="service">Serves who connects; its first loop accepts.</param>
    /// <param name="backlog">How many connections the kernel may hold ready; it caps the value at its somaxconn.</param>
    public Listener(Service service, int backlog = 511)
    {
        _service = service;
        _backlog = backlog;
    }

    /// <summary>Seconds of silence until a TCP peer is probed, 0 for never; counts for connections accepted later. Any thread.</summary>
    public int KeepAliveSeconds
    {
        get => Volatile.Read(ref _keepAliveSeconds);
        set => Volatile.Write(ref _keepAliveSeconds, value);
    }

    /// <summary>Gets a line for the log when accepting fails; on the accepting loop's thread.</summary>
    public Action<string>? OnTrouble { get; set; }

    /// <summary>Puts a channel over each one that is accepted, as encryption does.</summary>
    public Func<ByteChannel, ByteChannel>? Wrap { get; init; }

    /// <summary>The addresses that are bound, as the kernel has them.</summary>
    public IReadOnlyList<EndPoint> EndPoints => _endPoints;

    /// <summary>The port of the first TCP address bound, or 0.</summary>
    public int Port { get; private set; }

    /// <summary>
    /// While true, a TCP address may be bound that overlaps with one of another listener of this process that is shared too: a change from
    /// 127.0.0.1 to * binds the new address while the old one still serves.
    /// </summary>
    public bool IsShared
    {
        get => _isShared;
        set
        {
            _isShared = value;
            foreach (ListeningSocket socket in _sockets)
            {
                if (socket.File is null)
                {
                    socket.Server.Share(value);
                }
            }
        }
    }

    /// <summary>Binds "1.2.3.4", "::1", "*", "::*" or a host name. Port 0 takes a free one.</summary>
    public BindResult BindTcp(string address, int port)
    {
        int errno = 0;
        string? reason = null;
        if (!TryResolve(address, port, out SocketAddress wanted, out string resolverError))
        {
            reason = resolverError;
        }
        else if (!TryListen(wanted, out errno, out string call))
        {
            reason = $"{call}: {Platform.Errno.Text(errno)}";
        }
        if (reason == null)
        {
            return new BindResult(0, "");
        }
        return new BindResult(errno, $"Could not create server TCP listening socket {address}:{port}: {reason}");
    }

    /// <summary>
    /// Binds a Unix socket. Permissions 0 leave those of the process' umask, an empty group that of the process.
    /// </summary>
    public BindResult BindUnix(string path, int permissions, string group = "")
    {
        BindResult result = UnixSocketFile.Listen(
            path, group, permissions, _backlog, Transport, out ServerSocket? server, out UnixSocketFile? file);
        if (file is not null)
        {
            _sockets.Add(new ListeningSocket(this, server!, file));
            _endPoints.Add(new UnixDomainSocketEndPoint(path));
        }
        return result;
    }

    /// <summary>Begins to accept, as soon as the first loop runs.</summary>
    public void Start()
    {
        _isStarted = true;
        foreach (ListeningSocket socket in _sockets)
        {
            Hand(_service.First, socket);
        }
    }

    /// <summary>
    /// Stops accepting and removes the Unix sockets' paths; connections stay. Any thread; the addresses are free when it returns.
    /// </summary>
    public void Dispose()
    {
        if (_isClosed)
        {
            return;
        }
        _isClosed = true;
        foreach (ListeningSocket socket in _sockets)
        {
            socket.File?.Remove();
            socket.Shut();
            // A loop that has ended has closed what it was given.
            if (!_isStarted)
            {
                socket.Close();
            }
            else
            {
                _service.First.Post(socket.Close);
            }
        }
    }

    /// <summary>False while whoever were accepted could only wait.</summary>
    internal bool HasRoom => Wrap is null || _service.HasRoomForHandshake;

    private SocketTransport Transport => _service.First.Transport;

    internal void Report(string trouble) => OnTrouble?.Invoke(trouble);

    /// <summary>Has whoever was accepted served.</summary>
    internal void Dispatch(ByteChannel channel) => _service.Serve(Wrap?.Invoke(channel) ?? channel);

    private static void Hand(EventLoop loop, ListeningSocket socket)
    {
        if (!loop.Post(() => loop.Acceptor.Attach(socket)))
        {
            socket.Close();
        }
    }

    private bool TryResolve(string text, int port, out SocketAddress address, out string error)
    {
        error = "";
        if (SocketAddress.TryParse(text, port, out address))
        {
            return true;
        }
        int family = text.Contains(':', StringComparison.Ordinal) ? SocketAddress.AF_INET6 : SocketAddress.AF_INET;
        List<SocketAddress> found = [];
        error = Transport.Resolve(text, port, family, found) ?? "";
        address = found.FirstOrDefault();
        return found.Count > 0;
    }

    private bool TryListen(in SocketAddress wanted, out int errno, out string call)
    {
        call = "creating socket";
        int result = Transport.OpenServer(wanted.Family, out ServerSocket? server);
        if (server is not null)
        {
            (call, result) = server.Bind(wanted, IsShared);
        }
        if (server is not null && result >= 0)
        {
            (call, result) = ("listen", server.Listen(_backlog));
        }
        errno = result < 0 ? -result : 0;
        if (server is null || result < 0)
        {
            server?.Dispose();
            return false;
        }
        SocketAddress bound = server.LocalAddress;
        if (bound.Family != SocketAddress.AF_UNSPEC)
        {
            Port = Port == 0 ? bound.Port : Port;
            _endPoints.Add(bound.ToEndPoint());
        }
        _sockets.Add(new ListeningSocket(this, server, null));
        return true;
    }
}
