using Bixbite.Net.Channels;
using Bixbite.Net.Transports;
using Bixbite.Platform;

namespace Bixbite.Net;

/// <summary>
/// A bound, listening socket. Its listener shuts it down, from any thread, and its address is free from then on; the descriptor is closed
/// by the loop that accepts, which may be using it meanwhile, or by the listener if no loop has been given it.
/// </summary>
internal sealed class ListeningSocket(Listener listener, ServerSocket server, UnixSocketFile? file)
{
    private volatile bool _isShut;

    internal Listener Listener { get; } = listener;

    internal ServerSocket Server { get; } = server;

    /// <summary>The path of a Unix socket; null for TCP.</summary>
    internal UnixSocketFile? File { get; } = file;

    /// <summary>An edge announced connections, and no accept has found the end of them since.</summary>
    internal bool MayAccept { get; set; }

    /// <summary>Until then nobody is accepted here, since nobody could go on.</summary>
    internal long RestsUntilUs { get; set; }

    internal bool IsClosed { get; private set; }

    /// <summary>Nobody is accepted any more. Any thread.</summary>
    internal bool IsShut => _isShut;

    internal void Shut()
    {
        if (IsClosed)
        {
            return;
        }
        _isShut = true;
        Server.Shut();
    }

    internal void Close()
    {
        if (IsClosed)
        {
            return;
        }
        IsClosed = true;
        MayAccept = false;
        Server.Dispose();
    }
}

/// <summary>Takes new connections off a loop's listening sockets, a bounded number per round.</summary>
/// <remarks>
/// When the process has no descriptors or memory left for another connection, the waiting ones stay in the kernel's backlog and
/// accepting rests for <see cref="RestUs"/>; with edges nothing spins meanwhile.
/// </remarks>
internal sealed class Acceptor(EventLoop loop)
{
    internal const int AcceptsPerRoundMax = 1000;
    internal const int RestUs = 100_000;

    /// <summary>Where the connections of a listener have no room to go on, it rests for this time.</summary>
    internal const int CrowdRestUs = 1000;

    private readonly EventLoop _loop = loop;
    private readonly List<ListeningSocket> _sockets = [];
    private long _restsUntilUs;
    private int _lastTrouble;

    /// <summary>When to accept next, if that is without waiting for an event; long.MaxValue if not.</summary>
    internal long DueUs
    {
        get
        {
            long dueUs = long.MaxValue;
            foreach (ListeningSocket socket in _sockets)
            {
                if (socket.MayAccept)
                {
                    dueUs = Math.Min(dueUs, Math.Max(_restsUntilUs, socket.RestsUntilUs));
                }
            }
            return dueUs;
        }
    }

    /// <summary>Takes over a socket; one that was shut down meanwhile is only closed.</summary>
    internal void Attach(ListeningSocket socket)
    {
        if (socket.IsShut)
        {
            socket.Close();
            return;
        }
        int index = _sockets.FindIndex(static each => each.IsClosed);
        if (index < 0)
        {
            index = _sockets.Count;
            _sockets.Add(socket);
        }
        _sockets[index] = socket;
        socket.MayAccept = true;
        int result = socket.Server.Watch(_loop, Poller.ListenerTag + (ulong)index);
        if (result < 0)
        {
            socket.Listener.Report("epoll_ctl: " + Errno.Text(-result));
        }
    }

    internal void CloseAll() => _sockets.ForEach(static socket => socket.Close());

    internal void Mark(ulong tag)
    {
        ListeningSocket socket = _sockets[(int)(tag - Poller.ListenerTag)];
        socket.MayAccept = !socket.IsShut;
    }

    internal void Accept(long nowUs)
    {
        if (nowUs < _restsUntilUs)
        {
            return;
        }
        int budget = AcceptsPerRoundMax;
        for (int index = 0; index < _sockets.Count; index++)
        {
            ListeningSocket socket = _sockets[index];
            while (socket.MayAccept && nowUs >= Math.Max(_restsUntilUs, socket.RestsUntilUs) && budget-- > 0)
            {
                if (socket.Listener.HasRoom)
                {
                    AcceptOne(socket, nowUs);
                }
                else
                {
                    socket.RestsUntilUs = nowUs + CrowdRestUs;
                }
            }
        }
    }

    private void AcceptOne(ListeningSocket socket, long nowUs)
    {
        Listener listener = socket.Listener;
        int result = socket.Server.Accept(socket.File?.Path, listener.KeepAliveSeconds, out ByteChannel? channel);
        if (channel is not null)
        {
            _lastTrouble = 0;
            listener.Dispatch(channel);
            return;
        }
        switch (-result)
        {
            case var _ when socket.IsShut:
            case Errno.EAGAIN:
                socket.MayAccept = false;
                return;
            case Errno.EINTR or Errno.ECONNABORTED:
                return;
            case Errno.EMFILE or Errno.ENFILE or Errno.ENOBUFS or Errno.ENOMEM:
                _restsUntilUs = nowUs + RestUs;
                break;
            default:
                // Errors of the network are those of one connection that was never there; the rest must not be given up.
                break;
        }
        // Once for each kind in a row: a shortage that lasts would fill the log with ten lines a second.
        if (_lastTrouble != result)
        {
            listener.Report("Accepting client connection: accept: " + Errno.Text(-result));
        }
        _lastTrouble = result;
    }
}
