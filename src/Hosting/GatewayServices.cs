using Bixbite.Engine.Execution;
using Bixbite.Engine.Requests;
using Bixbite.Engine.Sessions;
using Bixbite.Memory;
using Bixbite.Persistence.Aof;
using Bixbite.Platform;
using Bixbite.Protocol;

namespace Bixbite.Hosting;

/// <summary>Shared by the gateways of all loops.</summary>
internal sealed record GatewayServices(
    Executor Executor, ClientAdmission Admission, ClientEviction ClientEviction,
    ContextFactory Contexts, AofWriter Log,
    ClientSettings Clients, ProtocolSettings Protocol, IClock Clock, PinnedBlocks Pinned)
{
    /// <summary>Monotonic milliseconds.</summary>
    public long NowMs => Clock.MonotonicUs / 1000;

    /// <summary>A request that is still incomplete with this many bytes ends its connection (client-query-buffer-limit).</summary>
    public long QueryBufferSizeMax => Clients.QueryBufferLimit.Value;

    /// <summary>
    /// The limits of a session's requests now: less before it has given its password, and then one request at a time, since it may give it.
    /// One at a time also while its reply is made in slices.
    /// </summary>
    public ParseLimits ParseLimitsOf(Session session)
    {
        long bulkSizeMax = Protocol.ProtoMaxBulkLength.Value;
        return session.IsAuthenticated
            ? new ParseLimits(bulkSizeMax, RequestCountMax: session.Has(SessionFlags.Unfinished) ? 1 : int.MaxValue)
            : new ParseLimits(bulkSizeMax, IsUnauthenticated: true, RequestCountMax: 1);
    }
}
