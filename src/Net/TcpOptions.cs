using Bixbite.Platform;

namespace Bixbite.Net;

/// <summary>The options of every connected TCP socket, whichever side began.</summary>
internal static class TcpOptions
{
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
        _ = Sockets.setsockopt(descriptor, Sockets.IPPROTO_TCP, Sockets.TCP_KEEPINTVL, Math.Max(keepAliveSeconds / 3, 1));
        _ = Sockets.setsockopt(descriptor, Sockets.IPPROTO_TCP, Sockets.TCP_KEEPCNT, 3);
    }

    /// <summary>Little output waits until what was sent before has arrived, or there is more; nothing for other kinds of sockets.</summary>
    internal static void BundlePackets(int descriptor) =>
        _ = Sockets.setsockopt(descriptor, Sockets.IPPROTO_TCP, Sockets.TCP_NODELAY, 0);
}
