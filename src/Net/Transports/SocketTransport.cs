using Bixbite.Platform;

namespace Bixbite.Net.Transports;

/// <summary>
/// Where the sockets of a loop come from, and how it waits for them: docs/EVENT_LOOP.md compares the two. Results of its calls, and of
/// those of what it makes, are negative <see cref="Errno"/> values for failures. It keeps nothing, and may be used by any thread.
/// </summary>
public abstract class SocketTransport
{
    /// <summary>Linux' own calls; on other systems nothing of it works.</summary>
    public static SocketTransport Epoll { get; } = new EpollTransport();

    /// <summary>The sockets of .NET.</summary>
    public static SocketTransport Portable { get; } = new PortableTransport();

    /// <summary>That of this system, or what the environment says.</summary>
    public static SocketTransport Standard => Portability.IsOn ? Portable : Epoll;

    /// <summary>A word for INFO.</summary>
    public abstract string Name { get; }

    /// <exception cref="IOException">There are no descriptors left.</exception>
    internal abstract Poller CreatePoller();

    /// <summary>A socket of the family, to be bound: 0, or why there is none.</summary>
    internal abstract int OpenServer(int family, out ServerSocket? socket);

    /// <summary>A socket of the family, to be connected: 0, or why there is none.</summary>
    internal abstract int OpenClient(int family, out ClientSocket? socket);

    /// <summary>
    /// Adds the addresses that a name stands for, in the resolver's order; null, or the resolver's text. May take as long as the network's
    /// name servers do.
    /// </summary>
    internal abstract string? Resolve(string host, int port, int family, ICollection<SocketAddress> addresses);
}
