using Bixbite.Engine.Sessions;
using Bixbite.Net;
using Bixbite.Net.Channels;
using Bixbite.Platform;
using Bixbite.Platform.OpenSsl;
using Bixbite.Replication.Links;
using Bixbite.Tls;

namespace Bixbite.Hosting;

/// <summary>
/// Connections to other servers, which live on the first loop. A connection's state is who has asked for it. Whether one is encrypted, and
/// with what, is decided when it is made: later changes are for later ones.
/// </summary>
internal sealed class PeerLinks(EventLoop loop, TlsSettings settings, TlsCertificates certificates) : IPeerLinks, IOutgoingHandler
{
    private readonly List<Arrival> _arrivals = [];
    private readonly Party?[] _parties = new Party?[Enum.GetValues<PeerPurpose>().Length];

    public Action Connect(string host, int port, int timeoutMs, PeerPurpose purpose, IPeerUser user)
    {
        ConnectTarget target = ConnectTarget.Tcp(host, port) with { TimeoutMs = timeoutMs };
        bool isEncrypted = purpose == PeerPurpose.Replication ? settings.Replication.Value : settings.Cluster.Value;
        if (!isEncrypted)
        {
            return loop.Connect(target, this, user).Cancel;
        }
        string? problem = certificates.Prepare();
        return certificates.Outgoing is { } context
            ? loop.Connect(target with { Wrap = ConnectorFor(purpose, target.ToString(), context).Wrap }, this, user).Cancel
            : Refuse(user, $"TLS cannot be used: {problem}");
    }

    public void Opened(Connection connection) => UserOf(connection).Opened(new Wire(connection));

    public void ConnectFailed(ConnectAttempt attempt, ConnectFailure failure) =>
        ((IPeerUser)attempt.State!).Failed(failure.ToString(), isRefused: failure.Errno == Errno.ECONNREFUSED);

    public void Received(Connection connection, ulong address, int length) => _arrivals.Add(new Arrival(connection, address, length));

    public void Execute()
    {
        foreach (Arrival arrival in _arrivals)
        {
            // Who has closed it meanwhile wants nothing of it any more.
            int taken = arrival.Connection.IsClosing
                ? arrival.Length
                : UserOf(arrival.Connection).Received(arrival.Address, arrival.Length);
            arrival.Connection.Consume(taken, again: false);
        }
        _arrivals.Clear();
    }

    public void Closed(Connection connection) => UserOf(connection).Closed();

    /// <summary>
    /// As in Redis the name in a certificate does not matter, so no name is given. Connections to the peer that was connected to last begin
    /// with what was agreed on then.
    /// </summary>
    private TlsConnector ConnectorFor(PeerPurpose purpose, string address, TlsContext context)
    {
        ref Party? party = ref _parties[(int)purpose];
        if (party is null || party.Address != address || party.Context != context)
        {
            party = new Party(address, context, new TlsConnector(context, peerName: null));
        }
        return party.Connector;
    }

    /// <summary>Tells the user in a later round, as of any attempt that comes to nothing.</summary>
    private Action Refuse(IPeerUser user, string reason)
    {
        bool isWanted = true;
        loop.Post(() => loop.RunLocked(() =>
        {
            if (isWanted)
            {
                isWanted = false;
                user.Failed(reason, isRefused: false);
            }
        }));
        return () => isWanted = false;
    }

    private static IPeerUser UserOf(Connection connection) => (IPeerUser)connection.State!;

    /// <summary>Bytes that a server has sent, and that lie here until the round is over.</summary>
    private readonly record struct Arrival(Connection Connection, ulong Address, int Length);

    /// <summary>A peer that is spoken to in TLS.</summary>
    private sealed record Party(string Address, TlsContext Context, TlsConnector Connector);

    /// <summary>A connection as its user sees it.</summary>
    private sealed class Wire(Connection connection) : IPeerWire
    {
        public ILink Link { get; } = new SocketLink(connection);

        public bool ReceivesBulk
        {
            set => connection.ReceiveBulk(value);
        }

        public void Expect(int size) => connection.Expect(size);

        public void Pause() => connection.PauseReading();

        public void Resume() => connection.Loop.Post(connection.ResumeReading);
    }
}
