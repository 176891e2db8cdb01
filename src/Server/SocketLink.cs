using Bixbite.Engine.Sessions;
using Bixbite.Net;

namespace Bixbite.Server;

/// <summary>
/// A session's way to a client on a socket of an event loop. Calls from another loop's turn are posted to the loop that owns the socket.
/// </summary>
internal sealed class SocketLink(Connection connection) : ILink
{
    public Connection Connection { get; } = connection;

    public string PeerAddress => Connection.PeerAddress;

    public string LocalAddress => Connection.LocalAddress;

    public int Descriptor => Connection.Descriptor;

    public bool IsUnixSocket => Connection.IsUnixSocket;

    public long PendingInput => Connection.PendingInput;

    public long PendingOutput => Connection.PendingOutput;

    public void Send(ReadOnlySpan<byte> bytes) => Connection.Send(bytes);

    public void CloseAfterFlush() => Connection.Loop.Post(Connection.CloseAfterFlush);

    public void Abort() => Connection.Loop.Post(Connection.Abort);

    public void Resume() => Connection.Loop.Post(Connection.ResumeReading);
}
