using System.Net;
using System.Net.Sockets;

namespace Bixbite.Crash.Chaos;

/// <summary>
/// The way from replicas to their primary, which a test cuts, stops and slows. Whoever connects here reaches the target of that moment.
/// </summary>
internal sealed class Link : IDisposable
{
    private const int PieceSize = 16 * 1024;

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Lock _gate = new();
    private readonly List<Socket> _sockets = [];
    private readonly ManualResetEventSlim _flow = new(initialState: true);
    private EndPoint _target;
    private bool _isCut;
    private volatile int _pauseMs;

    public Link(EndPoint target)
    {
        _target = target;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        Start(Accept);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>Leads elsewhere from now on; those that are connected are cut off.</summary>
    public void LeadTo(EndPoint target)
    {
        lock (_gate)
        {
            _target = target;
        }
        Break();
    }

    /// <summary>Ends all connections; new ones are let through.</summary>
    public void Break()
    {
        lock (_gate)
        {
            _sockets.ForEach(static socket => socket.Dispose());
            _sockets.Clear();
        }
    }

    /// <summary>Ends all connections, and lets no new ones through.</summary>
    public void Cut()
    {
        lock (_gate)
        {
            _isCut = true;
        }
        Break();
    }

    /// <summary>Nothing goes through any more, and nobody is told.</summary>
    public void Stop() => _flow.Reset();

    /// <summary>Each piece takes so long, in milliseconds.</summary>
    public void Slow(int pauseMs) => _pauseMs = pauseMs;

    /// <summary>Everything goes through again.</summary>
    public void Heal()
    {
        lock (_gate)
        {
            _isCut = false;
        }
        _pauseMs = 0;
        _flow.Set();
    }

    public void Dispose()
    {
        _listener.Dispose();
        Heal();
        Break();
    }

    private static void Start(Action work) => new Thread(() => work()) { IsBackground = true }.Start();

    private void Accept()
    {
        while (true)
        {
            try
            {
                Connect(_listener.Accept());
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private void Connect(Socket from)
    {
        Socket to = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            lock (_gate)
            {
                ObjectDisposedException.ThrowIf(_isCut, this);
                _sockets.Add(from);
                _sockets.Add(to);
                to.Connect(_target);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            from.Dispose();
            to.Dispose();
            return;
        }
        Start(() => Forward(from, to));
        Start(() => Forward(to, from));
    }

    private void Forward(Socket from, Socket to)
    {
        byte[] piece = new byte[PieceSize];
        try
        {
            while (from.Receive(piece) is > 0 and var count)
            {
                _flow.Wait();
                if (_pauseMs is > 0 and var pauseMs)
                {
                    Thread.Sleep(pauseMs);
                }
                for (int sent = 0; sent < count;)
                {
                    sent += to.Send(piece.AsSpan(sent, count - sent));
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // One side is gone, and so is the other.
        }
        from.Dispose();
        to.Dispose();
    }
}
