using System.Net;
using System.Net.Sockets;
using System.Text;
using Bixbite.Platform;
using SocketAddress = Bixbite.Platform.SocketAddress;

namespace Bixbite.Net.Transports;

/// <summary>The sockets of .NET, which do not block.</summary>
internal sealed class PortableTransport : SocketTransport
{
    public override string Name => "sockets";

    internal override Poller CreatePoller() => new PortablePoller();

    internal override int OpenServer(int family, out ServerSocket? socket)
    {
        int result = TryOpen(family, out Socket? opened);
        socket = opened is null ? null : new PortableServerSocket(opened);
        return result;
    }

    internal override int OpenClient(int family, out ClientSocket? socket)
    {
        int result = TryOpen(family, out Socket? opened);
        socket = opened is null ? null : new PortableClientSocket(opened);
        return result;
    }

    internal override string? Resolve(string host, int port, int family, ICollection<SocketAddress> addresses)
    {
        if (host.Length == 0)
        {
            // .NET takes that for this machine.
            return "no name";
        }
        try
        {
            AddressFamily wanted = family == SocketAddress.AF_UNSPEC ? AddressFamily.Unspecified : FamilyOf(family);
            foreach (IPAddress address in Dns.GetHostAddresses(host, wanted))
            {
                addresses.Add(SocketAddress.Of(new IPEndPoint(address, port)));
            }
            return null;
        }
        catch (Exception failure) when (failure is SocketException or ArgumentException)
        {
            return failure.Message;
        }
    }

    /// <summary>A new socket of the family: 0, or why there is none.</summary>
    internal static int TryOpen(int family, out Socket? socket)
    {
        ProtocolType protocol = family == SocketAddress.AF_UNIX ? ProtocolType.Unspecified : ProtocolType.Tcp;
        socket = null;
        try
        {
            socket = new Socket(FamilyOf(family), SocketType.Stream, protocol) { Blocking = false };
            return 0;
        }
        catch (SocketException failure)
        {
            return -SocketErrors.Number(failure.SocketErrorCode);
        }
    }

    /// <summary>Makes a call that fails by an exception: 0, or its error.</summary>
    internal static int Result(Action call)
    {
        try
        {
            call();
            return 0;
        }
        catch (SocketException failure)
        {
            return -SocketErrors.Number(failure.SocketErrorCode);
        }
        catch (ObjectDisposedException)
        {
            return -Errno.ECANCELED;
        }
    }

    /// <summary>As <see cref="Result(Action)"/>, of a call with the address of a Unix socket.</summary>
    internal static int Result(string unixPath, Action<EndPoint> call)
    {
        if (Encoding.UTF8.GetByteCount(unixPath) > Sockets.UnixPathSizeMax)
        {
            return -Errno.ENAMETOOLONG;
        }
        try
        {
            call(new UnixDomainSocketEndPoint(unixPath));
            return 0;
        }
        catch (SocketException failure)
        {
            return -SocketErrors.NumberOfPath(failure.SocketErrorCode);
        }
    }

    private static AddressFamily FamilyOf(int family) => family switch
    {
        SocketAddress.AF_UNIX => AddressFamily.Unix,
        SocketAddress.AF_INET6 => AddressFamily.InterNetworkV6,
        _ => AddressFamily.InterNetwork,
    };
}
