using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Bixbite.Configuration;
using Bixbite.Configuration.Kinds;
using Bixbite.Hosting;

namespace Bixbite.Launcher.Health;

/// <summary>Where a server of this machine can be asked: its Unix socket, its port, or its port for TLS, whichever comes first.</summary>
/// <param name="SocketPath">The Unix socket; empty for none.</param>
/// <param name="Host">The address, where there is no socket.</param>
/// <param name="Port">The port, where there is no socket.</param>
/// <param name="IsEncrypted">It speaks TLS there: whatever it says to a request that is not encrypted shows that it lives.</param>
internal sealed record HealthAddress(string SocketPath, string Host, int Port, bool IsEncrypted)
{
    private const string Loopback = "127.0.0.1";
    private const string LoopbackV6 = "::1";

    /// <summary>By these settings; null if it listens nowhere.</summary>
    public static HealthAddress? Of(Settings settings)
    {
        NetworkSettings network = settings.Get<NetworkSettings>();
        if (network.UnixSocket.Value.Length > 0)
        {
            return new HealthAddress(network.UnixSocket.Value, "", 0, IsEncrypted: false);
        }
        int tlsPort = settings.Table.Find("tls-port") is IntSetting tls ? tls.Value : 0;
        int port = network.Port.Value != 0 ? network.Port.Value : tlsPort;
        string[] addresses = [.. network.Bind.Value.Select(address => address.TrimStart('-'))];
        return port == 0 || addresses.Length == 0 ? null : new HealthAddress("", Nearest(addresses), port, network.Port.Value == 0);
    }

    /// <summary>The address to connect to; null if it is a name.</summary>
    public EndPoint? EndPoint =>
        SocketPath.Length > 0 ? new UnixDomainSocketEndPoint(SocketPath)
        : IPAddress.TryParse(Host, out IPAddress? address) ? new IPEndPoint(address, Port)
        : null;

    public override string ToString() => SocketPath.Length > 0
        ? SocketPath
        : string.Create(CultureInfo.InvariantCulture, $"{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}");

    private static string Nearest(string[] addresses) =>
        addresses.Any(address => address is "*" or "0.0.0.0" or Loopback) ? Loopback
        : addresses.Any(address => address is "::*" or "::" or LoopbackV6) ? LoopbackV6
        : addresses[0];
}
