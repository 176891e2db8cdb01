using Bixbite.AccessControl.Authenticating;
using Bixbite.AccessControl.Sessions;
using Bixbite.Engine.Sessions;
using Bixbite.Engine.Statistics;
using Bixbite.Keyspace;
using Bixbite.Net;
using Bixbite.Platform;
using Bixbite.Protocol;

namespace Bixbite.Hosting;

/// <summary>
/// Lets clients in, or says why not, and clears up after those who left. Called under the execution lock, but for what the limits say of
/// requests.
/// </summary>
internal sealed class ClientAdmission(
    ClientLimits limits, ClientLog log, Databases databases, SessionTable sessions, SessionParts parts, ServerStatistics statistics,
    IClock clock)
{
    public ClientLimits Limits => limits;

    public ClientLog Log => log;

    /// <summary>Who clients are that have shown a certificate.</summary>
    public required CertificateLogin Certificates { get; init; }

    /// <summary>Who each client is.</summary>
    public required SessionUsers Users { get; init; }

    /// <summary>Gives the connection a session, or answers an error and closes it.</summary>
    public void Accept(Connection connection)
    {
        log.Accepted(connection);
        if (sessions.Count >= limits.ClientCountMax)
        {
            Refuse(connection, ErrorText.ClientCountMax, "maxclients are connected already");
            return;
        }
        if (limits.IsProtectedFrom(connection))
        {
            Refuse(connection, ErrorText.ProtectedMode, "protected mode lets no other machine in");
            return;
        }
        statistics.ConnectionsReceived++;
        var session = new Session(sessions.NextId(), new SocketLink(connection), databases[0], clock.MonotonicUs / 1000);
        sessions.Add(session);
        parts.Begin(session);
        connection.State = session;
        connection.OutputLimit = limits.OutputOf(session);
        if (connection.PeerCertificate is { } certificate)
        {
            Certificates.LogIn(session, certificate);
        }
        if (connection.IsTrusted)
        {
            Users.BecomeOwner(session);
        }
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
            OutputLimit limit = limits.OutputOf(session);
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
        log.QueryLimitExceeded(session);
        connection.Abort();
    }

    public void Close(Session session) => parts.End(session);

    private void Refuse(Connection connection, ReadOnlySpan<byte> error, string reason)
    {
        statistics.ConnectionsRejected++;
        log.Refused(connection, reason);
        connection.Write([.. "-"u8, .. error, .. "\r\n"u8]);
        connection.CloseAfterFlush();
    }
}
