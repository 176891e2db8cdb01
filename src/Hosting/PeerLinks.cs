using Bixbite.Engine.Sessions;
using Bixbite.Net;
using Bixbite.Platform;
using Bixbite.Replication.Links;

namespace Bixbite.Hosting;

/// <summary>Connections to other servers, which live on the first loop. A connection's state is who has asked for it.</summary>
internal sealed class PeerLinks(EventLoop loop) : IPeerLinks, IOutgoingHandler
{
    private readonly List<Arrival> _arrivals = [];

    public Action Connect(string host, int port, int timeoutMs, IPeerUser user) =>
        loop.Connect(ConnectTarget.Tcp(host, port) with { TimeoutMs = timeoutMs }, this, user).Cancel;

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

    private static IPeerUser UserOf(Connection connection) => (IPeerUser)connection.State!;

    /// <summary>Bytes that a server has sent, and that lie here until the round is over.</summary>
    private readonly record struct Arrival(Connection Connection, ulong Address, int Length);

    /// <summary>A connection as its user sees it.</summary>
    private sealed class Wire(Connection connection) : IPeerWire
    {
        public ILink Link { get; } = new SocketLink(connection);

        public void Expect(int size) => connection.Expect(size);

        public void Pause() => connection.PauseReading();

        public void Resume() => connection.Loop.Post(connection.ResumeReading);
    }
}
