using System.Net;

namespace Bixbite.Wire.Harness;

/// <summary>Where a server listens: a TCP port of this machine, and a Unix socket if it has one.</summary>
internal sealed record ServerAddress(int Port, string? UnixPath)
{
    public EndPoint Tcp => new IPEndPoint(IPAddress.Loopback, Port);

    /// <summary>What StackExchange.Redis takes as its configuration.</summary>
    public string Configuration => $"127.0.0.1:{Port},syncTimeout=60000,asyncTimeout=60000,connectTimeout=60000";
}
