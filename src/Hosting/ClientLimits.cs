using Bixbite.AccessControl.Authenticating;
using Bixbite.Configuration.Kinds;
using Bixbite.Engine.Requests;
using Bixbite.Engine.Sessions;
using Bixbite.Net;
using Bixbite.Protocol;
using Bixbite.Replication;
using Bixbite.Replication.Streaming;

namespace Bixbite.Hosting;

/// <summary>Bounds that the settings put to clients: who may come in, how much each may send, and how much may wait for it.</summary>
internal sealed class ClientLimits(
    NetworkSettings network, ClientSettings clients, ProtocolSettings protocol, ReplicationSettings replication,
    Authentication authentication)
{
    public long ClientCountMax => clients.MaxClients.Value;

    /// <summary>A request that is still incomplete with this many bytes ends its connection (client-query-buffer-limit).</summary>
    public long QueryBufferSizeMax => clients.QueryBufferLimit.Value;

    /// <summary>
    /// Without a password, protected mode serves only clients of the same machine, unless the operator chose other addresses.
    /// </summary>
    public bool IsProtectedFrom(Connection connection) => IsProtectedFrom(connection, network, authentication);

    /// <summary>The same for connections of any kind.</summary>
    public static bool IsProtectedFrom(Connection connection, NetworkSettings network, Authentication authentication) =>
        network.ProtectedMode.Value && authentication.HasDefaultNoPassword && !connection.IsLocal;

    /// <summary>
    /// The limits of a session's requests: less before it has given its password, and then one request at a time, since it may give it.
    /// One at a time also while its reply is made in slices. On the loop of its connection.
    /// </summary>
    public ParseLimits RequestsOf(Session session)
    {
        long bulkSizeMax = protocol.ProtoMaxBulkLength.Value;
        return session.IsAuthenticated || !authentication.IsRequired
            ? new ParseLimits(bulkSizeMax, RequestCountMax: session.Has(SessionFlags.Unfinished) ? 1 : int.MaxValue)
            : new ParseLimits(bulkSizeMax, IsUnauthenticated: true, RequestCountMax: 1);
    }

    /// <summary>How much output may wait for a session of its class.</summary>
    public OutputLimit OutputOf(Session session)
    {
        OutputLimitClasses classes = clients.OutputBufferLimits.Value;
        if (session.Has(SessionFlags.Replica))
        {
            return OutputOf(classes.Replica);
        }
        OutputLimits limits = session.IsSubscriber ? classes.PubSub : classes.Normal;
        return new OutputLimit(limits.HardBytes, limits.SoftBytes, limits.SoftSeconds);
    }

    /// <summary>A replica may always have the whole backlog waiting: it asks for it when it comes back.</summary>
    private OutputLimit OutputOf(OutputLimits limits)
    {
        long backlogSize = StreamLog.BacklogMax(replication.BacklogSize.Value);
        return new OutputLimit(
            limits.HardBytes == 0 ? 0 : Math.Max(limits.HardBytes, backlogSize),
            limits.SoftBytes == 0 ? 0 : Math.Max(limits.SoftBytes, backlogSize),
            limits.SoftSeconds);
    }
}
