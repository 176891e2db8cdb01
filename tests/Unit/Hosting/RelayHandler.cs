using System.Text;
using Bixbite.Memory;
using Bixbite.Net;

namespace Bixbite.Unit.Hosting;

/// <summary>
/// Hands on what each of its clients sends to a connection of its own to the target, and back what comes from there. A client that comes is
/// not read before the target is reached; when one side ends the other does.
/// </summary>
internal sealed class RelayHandler(ConnectTarget target) : IOutgoingHandler
{
    private readonly List<(Connection Connection, ulong Address, int Length)> _batch = [];

    public void Opened(Connection connection)
    {
        if (connection.State is Connection client)
        {
            client.State = connection;
            client.ResumeReading();
            return;
        }
        connection.PauseReading();
        connection.State = connection.Loop.Connect(target, this, connection);
    }

    public void ConnectFailed(ConnectAttempt attempt, ConnectFailure failure)
    {
        Connection client = (Connection)attempt.State!;
        client.Write(Encoding.ASCII.GetBytes($"-ERR {failure.Reason}\r\n"));
        client.CloseAfterFlush();
    }

    public void Received(Connection connection, ulong address, int length) => _batch.Add((connection, address, length));

    public void Execute()
    {
        foreach ((Connection connection, ulong address, int length) in _batch)
        {
            (connection.State as Connection)?.Write(Native.Bytes(address, length));
            connection.Consume(length, again: false);
        }
        _batch.Clear();
    }

    public void Closed(Connection connection)
    {
        (connection.State as ConnectAttempt)?.Cancel();
        (connection.State as Connection)?.CloseAfterFlush();
    }
}
