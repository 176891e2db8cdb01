using System.Net;
using System.Net.Sockets;
using Bixbite.Net.Channels;
using Bixbite.Platform;
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
                    Share(socket.Descriptor, value);
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
        BindResult result = UnixSocketFile.Listen(path, group, permissions, _backlog, out int descriptor, out UnixSocketFile? file);
        if (file is not null)
        {
            _sockets.Add(new ListeningSocket(this, descriptor, file));
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

    internal void Report(string trouble) => OnTrouble?.Invoke(trouble);

    /// <summary>Prepares an accepted socket and has it served.</summary>
    internal void Dispatch(int descriptor, in SocketAddress peer, UnixSocketFile? file)
    {
        if (file is null)
        {
            TcpOptions.Apply(descriptor, KeepAliveSeconds);
        }
        SocketChannel socket = file is null ? new SocketChannel(descriptor, peer) : new SocketChannel(descriptor, file.Path);
        _service.Serve(Wrap?.Invoke(socket) ?? socket);
    }

    private static void Hand(EventLoop loop, ListeningSocket socket)
    {
        if (!loop.Post(() => loop.Acceptor.Attach(socket)))
        {
            socket.Close();
        }
    }

    private static int Share(int descriptor, bool isShared) =>
        Sockets.setsockopt(descriptor, Sockets.SOL_SOCKET, Sockets.SO_REUSEPORT, isShared ? 1 : 0);

    private static bool TryResolve(string text, int port, out SocketAddress address, out string error)
    {
        error = "";
        if (SocketAddress.TryParse(text, port, out address))
        {
            return true;
        }
        int family = text.Contains(':', StringComparison.Ordinal) ? SocketAddress.AF_INET6 : SocketAddress.AF_INET;
        List<SocketAddress> found = [];
        error = Sockets.getaddrinfo(text, port, family, found) ?? "";
        address = found.FirstOrDefault();
        return found.Count > 0;
    }

    private bool TryListen(in SocketAddress wanted, out int errno, out string call)
    {
        call = "creating socket";
        int descriptor = Sockets.socket(wanted.Family);
        int result = descriptor;
        if (result >= 0 && wanted.Family == SocketAddress.AF_INET6)
        {
            (call, result) = ("setsockopt", Sockets.setsockopt(descriptor, Sockets.IPPROTO_IPV6, Sockets.IPV6_V6ONLY, 1));
        }
        if (result >= 0)
        {
            (call, result) = ("setsockopt SO_REUSEADDR", Sockets.setsockopt(descriptor, Sockets.SOL_SOCKET, Sockets.SO_REUSEADDR, 1));
        }
        if (result >= 0 && IsShared)
        {
            (call, result) = ("setsockopt SO_REUSEPORT", Share(descriptor, isShared: true));
        }
        if (result >= 0)
        {
            (call, result) = ("bind", Sockets.bind(descriptor, wanted));
        }
        if (result >= 0)
        {
            (call, result) = ("listen", Sockets.listen(descriptor, _backlog));
        }
        errno = result < 0 ? -result : 0;
        if (result < 0)
        {
            if (descriptor >= 0)
            {
                Files.close(descriptor);
            }
            return false;
        }
        if (Sockets.getsockname(descriptor, out SocketAddress bound) == 0)
        {
            Port = Port == 0 ? bound.Port : Port;
            _endPoints.Add(IPEndPoint.Parse(bound.ToString()));
        }
        _sockets.Add(new ListeningSocket(this, descriptor, null));
        return true;
    }
}
