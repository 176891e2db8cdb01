using StackExchange.Redis;

namespace Bixbite;

/// <summary>StackExchange.Redis on a server within the same process.</summary>
public static class StackExchangeRedisExtensions
{
    /// <summary>The name by which the client knows the server; nobody resolves it.</summary>
    private const string Host = "bixbite";

    private const int Port = 6379;

    /// <summary>
    /// Options for a client that reaches the server through memory, as its owner: without a password. The client's further options may be
    /// set; <c>User</c> and <c>Password</c> make it a user.
    /// </summary>
    /// <param name="server">The server, which has to live as long as the client.</param>
    /// <returns>New options, for <c>ConnectionMultiplexer.ConnectAsync</c>.</returns>
    public static ConfigurationOptions ConfigureClient(this BixbiteServer server)
    {
        ArgumentNullException.ThrowIfNull(server);
        return new ConfigurationOptions
        {
            EndPoints = { { Host, Port } },
            Tunnel = new PipeTunnel(server),
        };
    }
}
