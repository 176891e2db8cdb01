using Bixbite.Net;
using Bixbite.Platform;
using Bixbite.Protocol;
using Bixbite.Replication.Migration;

namespace Bixbite.Hosting;

/// <summary>Connections to servers that get keys, on the first loop.</summary>
internal sealed class TargetLinks(EventLoop loop) : IOutgoingHandler, ITargetLinks
{
    private readonly List<(Connection Connection, Argument Bytes)> _arrivals = [];

    public ITargetLink Connect(string host, int port, int timeoutMs, ITargetUser user)
    {
        Link link = new(user);
        link.Attempt = loop.Connect(ConnectTarget.Tcp(host, port) with { TimeoutMs = timeoutMs }, this, link);
        return link;
    }

    public void Opened(Connection connection)
    {
        Link link = LinkOf(connection.State);
        link.Connection = connection;
        link.User.Opened();
    }

    public void ConnectFailed(ConnectAttempt attempt, ConnectFailure failure) =>
        LinkOf(attempt.State).User.Failed(failure.Errno == Errno.ECONNREFUSED);

    public void Received(Connection connection, ulong address, int length) => _arrivals.Add((connection, new Argument(address, length)));

    public void Execute()
    {
        foreach ((Connection connection, Argument bytes) in _arrivals)
        {
            int taken = connection.IsClosing ? bytes.Length : LinkOf(connection.State).User.Received(bytes.Bytes);
            connection.Consume(taken, again: false);
        }
        _arrivals.Clear();
    }

    public void Closed(Connection connection) => LinkOf(connection.State).User.Closed();

    private static Link LinkOf(object? state) => (Link)state!;

    private sealed class Link(ITargetUser user) : ITargetLink
    {
        public ITargetUser User => user;

        public ConnectAttempt? Attempt { get; set; }

        public Connection? Connection { get; set; }

        public long UnsentBytes => Connection?.PendingOutput ?? 0;

        public void Send(ReadOnlySpan<byte> bytes) => Connection!.Deliver(bytes);

        public void Close()
        {
            if (Connection is { } connection)
            {
                connection.Deliver(ConnectionOrder.Abort);
            }
            else
            {
                Attempt?.Cancel();
            }
        }
    }
}
