using System.Text;
using Bixbite.Engine.Sessions;
using Bixbite.Logging;
using Bixbite.Net;
using Bixbite.Platform;

namespace Bixbite.Hosting;

/// <summary>
/// The lines of the server's log about single clients: as CLIENT LIST has them, and who is at the other end of a Unix socket.
/// </summary>
internal sealed class ClientLog(ServerLog log, ClientText text, IClock clock)
{
    /// <summary>A connection was accepted.</summary>
    public void Accepted(Connection connection)
    {
        if (!log.IsOn(LogLevel.Verbose))
        {
            return;
        }
        string address = connection.PeerAddress;
        log.Write(
            LogLevel.Verbose,
            connection.IsUnixSocket ? $"Accepted connection to {address[..^2]}{Owner(connection)}" : $"Accepted {address}");
    }

    /// <summary>A connection was not let in.</summary>
    public void Refused(Connection connection, string reason) =>
        log.Write(LogLevel.Verbose, $"Closing client {connection.PeerAddress}: {reason}{Owner(connection)}");

    /// <summary>A client is closed since its request has become too long without ending.</summary>
    public void QueryLimitExceeded(Session session) =>
        log.Write(LogLevel.Warning, $"Closing client that reached max query buffer length: {Describe(session)}");

    /// <summary>A connection is dropped for its output.</summary>
    public void OutputLimitExceeded(Session session) => log.Write(
        LogLevel.Warning, $"Client {Describe(session)} scheduled to be closed ASAP for overcoming of output buffer limits.");

    /// <summary>A client has sent what is no request, and is to be closed.</summary>
    public void ProtocolError(Session session, ReadOnlySpan<byte> error) =>
        log.Write(LogLevel.Verbose, $"Protocol error ({Encoding.Latin1.GetString(error)}) from client: {Describe(session)}");

    private static string Owner(Connection connection) => connection.PeerCredentials is { } peer
        ? FormattableString.Invariant($" pid={peer.ProcessId} uid={peer.UserId} gid={peer.GroupId}")
        : "";

    private string Describe(Session session)
    {
        string line = text.Of(session, clock.MonotonicUs / 1000);
        return session.Link is SocketLink link ? line + Owner(link.Connection) : line;
    }
}
