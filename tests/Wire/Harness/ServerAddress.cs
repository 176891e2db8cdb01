using System.Net;
using System.Net.Sockets;

namespace Bixbite.Wire.Harness;

/// <summary>Where a server listens: a TCP port of this machine, and a Unix socket if it has one.</summary>
internal sealed record ServerAddress(int Port, string? UnixPath)
{
    public EndPoint Tcp => new IPEndPoint(IPAddress.Loopback, Port);

    /// <summary>What StackExchange.Redis takes as its configuration.</summary>
    public string Configuration => $"127.0.0.1:{Port},syncTimeout=60000,asyncTimeout=60000,connectTimeout=60000";

    /// <summary>
    /// A port nobody listens on now. Another program may take it before it is used: whoever starts a server tries again then.
    /// </summary>
    public static int FreePort()
    {
        using Socket probe = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }
}
