using Bixbite.Configuration.Kinds;
using Bixbite.Engine.Sessions;
using Bixbite.Net;
using Bixbite.Replication.Following;

namespace Bixbite.Hosting;

/// <summary>Connections to primaries, which live on the first loop. A connection's state is who has asked for it.</summary>
internal sealed class PrimaryLinks(EventLoop loop) : IPrimaryLinks, IOutgoingHandler
{
    private readonly List<Arrival> _arrivals = [];

    public Action Connect(PrimaryAddress address, int timeoutMs, IPrimaryUser user)
    {
        ConnectTarget target = ConnectTarget.Tcp(address.Host, address.Port) with { TimeoutMs = timeoutMs };
        return loop.Connect(target, this, user).Cancel;
    }

    public void Opened(Connection connection)
    {
        connection.Lines = 0;
        UserOf(connection).Opened(new Wire(connection));
    }

    public void ConnectFailed(ConnectAttempt attempt, ConnectFailure failure) => ((IPrimaryUser)attempt.State!).Failed(failure.ToString());

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

    private static IPrimaryUser UserOf(Connection connection) => (IPrimaryUser)connection.State!;

    /// <summary>Bytes that a primary has sent, and that lie here until the round is over.</summary>
    private readonly record struct Arrival(Connection Connection, ulong Address, int Length);

    /// <summary>A connection as whoever follows sees it.</summary>
    private sealed class Wire(Connection connection) : IPrimaryWire
    {
        public ILink Link { get; } = new SocketLink(connection);

        public void Expect(int size) => connection.Expect(size);

        public void Pause() => connection.PauseReading();

        public void Resume() => connection.Loop.Post(connection.ResumeReading);
    }
}
