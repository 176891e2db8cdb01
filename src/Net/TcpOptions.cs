using System.Net.Sockets;
using Bixbite.Platform;

namespace Bixbite.Net;

/// <summary>The options of every connected TCP socket, whichever side began. Of one that was reset they no longer matter.</summary>
internal static class TcpOptions
{
    /// <summary>So many probes in a row without an answer.</summary>
    private const int ProbeCount = 3;

    /// <summary>
    /// Sends at once what is written. A peer silent for the seconds given, if there are any, is probed, three times at a third of them
    /// each, and then given up.
    /// </summary>
    internal static void Apply(int descriptor, int keepAliveSeconds)
    {
        _ = Sockets.setsockopt(descriptor, Sockets.IPPROTO_TCP, Sockets.TCP_NODELAY, 1);
        if (keepAliveSeconds <= 0)
        {
            return;
        }
        _ = Sockets.setsockopt(descriptor, Sockets.SOL_SOCKET, Sockets.SO_KEEPALIVE, 1);
        _ = Sockets.setsockopt(descriptor, Sockets.IPPROTO_TCP, Sockets.TCP_KEEPIDLE, keepAliveSeconds);
        _ = Sockets.setsockopt(descriptor, Sockets.IPPROTO_TCP, Sockets.TCP_KEEPINTVL, ProbeSeconds(keepAliveSeconds));
        _ = Sockets.setsockopt(descriptor, Sockets.IPPROTO_TCP, Sockets.TCP_KEEPCNT, ProbeCount);
    }

    /// <summary>Little output waits until what was sent before has arrived, or there is more; nothing for other kinds of sockets.</summary>
    internal static void BundlePackets(int descriptor) =>
        _ = Sockets.setsockopt(descriptor, Sockets.IPPROTO_TCP, Sockets.TCP_NODELAY, 0);

    /// <summary>As <see cref="Apply(int, int)"/>.</summary>
    internal static void Apply(Socket socket, int keepAliveSeconds)
    {
        try
        {
            socket.NoDelay = true;
            if (keepAliveSeconds <= 0)
            {
                return;
            }
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, keepAliveSeconds);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, ProbeSeconds(keepAliveSeconds));
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, ProbeCount);
        }
        catch (SocketException)
        {
            // The peer has reset the connection, which the first read tells.
        }
    }

    /// <summary>As <see cref="BundlePackets(int)"/>, of a TCP socket.</summary>
    internal static void BundlePackets(Socket socket)
    {
        try
        {
            socket.NoDelay = false;
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // It is gone.
        }
    }

    private static int ProbeSeconds(int keepAliveSeconds) => Math.Max(keepAliveSeconds / ProbeCount, 1);
}
