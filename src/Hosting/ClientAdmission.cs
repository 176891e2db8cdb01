using System.Text;
using Bixbite.AccessControl.Authenticating;
using Bixbite.Configuration;
using Bixbite.Configuration.Kinds;
using Bixbite.Engine.Requests;
using Bixbite.Engine.Sessions;
using Bixbite.Engine.Statistics;
using Bixbite.Keyspace;
using Bixbite.Logging;
using Bixbite.Net;
using Bixbite.Platform;
using Bixbite.Protocol;

namespace Bixbite.Hosting;

/// <summary>
/// Lets clients in, or says why not, limits what they may send and what may wait for them, and clears up after those who left. Called under
/// the execution lock, but for the limits of what they send.
/// </summary>
internal sealed class ClientAdmission(
    Settings settings, Databases databases, SessionTable sessions, SessionParts parts, ServerStatistics statistics, ServerLog log,
    IClock clock)
{
    private readonly ClientSettings _settings = settings.Get<ClientSettings>();
    private readonly NetworkSettings _network = settings.Get<NetworkSettings>();
    private readonly ProtocolSettings _protocol = settings.Get<ProtocolSettings>();

    /// <summary>Whether clients have to log in.</summary>
    public required Authentication Authentication { get; init; }

    /// <summary>A request that is still incomplete with this many bytes ends its connection (client-query-buffer-limit).</summary>
    public long QueryBufferSizeMax => _settings.QueryBufferLimit.Value;

    /// <summary>
    /// The limits of a session's requests now: less before it has given its password, and then one request at a time, since it may give it.
    /// One at a time also while its reply is made in slices. On the loop of its connection.
    /// </summary>
    public ParseLimits ParseLimitsOf(Session session)
    {
        long bulkSizeMax = _protocol.ProtoMaxBulkLength.Value;
        return session.IsAuthenticated || !Authentication.IsRequired
            ? new ParseLimits(bulkSizeMax, RequestCountMax: session.Has(SessionFlags.Unfinished) ? 1 : int.MaxValue)
            : new ParseLimits(bulkSizeMax, IsUnauthenticated: true, RequestCountMax: 1);
    }

    /// <summary>Gives the connection a session, or answers an error and closes it.</summary>
    public void Accept(Connection connection)
    {
        if (sessions.Count >= _settings.MaxClients.Value)
        {
            statistics.ConnectionsRejected++;
            log.Write(LogLevel.Verbose, $"Closing client {connection.PeerAddress}: maxclients are connected already");
            Refuse(connection, ErrorText.ClientCountMax);
            return;
        }
        if (IsProtectedFrom(connection))
        {
            statistics.ConnectionsRejected++;
            log.Write(LogLevel.Verbose, $"Closing client {connection.PeerAddress}: protected mode lets no other machine in");
            Refuse(connection, ErrorText.ProtectedMode);
            return;
        }
        statistics.ConnectionsReceived++;
        var session = new Session(sessions.NextId(), new SocketLink(connection), databases[0], clock.MonotonicUs / 1000);
        sessions.Add(session);
        parts.Begin(session);
        connection.State = session;
        connection.OutputLimit = LimitOf(session);
    }

    /// <summary>Makes a changed client-output-buffer-limit hold for those who are already in.</summary>
    public void ApplyOutputLimits()
    {
        foreach (Session session in sessions.All)
        {
            ApplyOutputLimit(session);
        }
    }

    /// <summary>Makes the limit of its class hold for a session, which may have become a subscriber.</summary>
    public void ApplyOutputLimit(Session session)
    {
        if (session.Link is SocketLink { Connection: var connection })
        {
            OutputLimit limit = LimitOf(session);
            if (connection.Loop.IsCurrent)
            {
                connection.OutputLimit = limit;
                return;
            }
            connection.Loop.Post(() => connection.OutputLimit = limit);
        }
    }

    /// <summary>Closes a client whose request has become too long without ending.</summary>
    public void Reject(Connection connection, Session session)
    {
        statistics.QueryLimitCloses++;
        log.Write(LogLevel.Warning, $"Closing client that reached max query buffer length: {Describe(session)}");
        connection.Abort();
    }

    /// <summary>Says in the log whose connection is dropped for its output.</summary>
    public void NoteOutputLimitExceeded(Session session) => log.Write(
        LogLevel.Warning, $"Client {Describe(session)} scheduled to be closed ASAP for overcoming of output buffer limits.");

    /// <summary>A client has sent what is no request, and is to be closed.</summary>
    public void NoteProtocolError(Session session, ReadOnlySpan<byte> error) =>
        log.Write(LogLevel.Verbose, $"Protocol error ({Encoding.Latin1.GetString(error)}) from client: {Describe(session)}");

    public void Close(Session session) => parts.End(session);

    private OutputLimit LimitOf(Session session)
    {
        OutputLimitClasses classes = _settings.OutputBufferLimits.Value;
        OutputLimits limits = session.IsSubscriber ? classes.PubSub : classes.Normal;
        return new OutputLimit(limits.HardBytes, limits.SoftBytes, limits.SoftSeconds);
    }

    private string Describe(Session session) => parts.Text.Of(session, clock.MonotonicUs / 1000);

    private static void Refuse(Connection connection, ReadOnlySpan<byte> error)
    {
        connection.Write([.. "-"u8, .. error, .. "\r\n"u8]);
        connection.CloseAfterFlush();
    }

    /// <summary>
    /// Without a password, protected mode serves only clients of the same machine, unless the operator chose other addresses.
    /// </summary>
    private bool IsProtectedFrom(Connection connection) =>
        _network.ProtectedMode.Value
        && Authentication.HasDefaultNoPassword
        && !connection.IsLocal;
}
