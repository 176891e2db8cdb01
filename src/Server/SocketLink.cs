using Bixbite.Engine.Sessions;
using Bixbite.Net;

namespace Bixbite.Server;

/// <summary>
/// A session's way to a client on a socket of an event loop. What another loop does to the client is left in the inbox of its own.
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

    public long InputMemory => Connection.InputMemory;

    public long OutputMemory => Connection.OutputMemory;

    public long BytesSent => Connection.BytesSent;

    public void Send(ReadOnlySpan<byte> bytes, long shared) => Connection.Deliver(bytes, shared);

    public void CloseAfterFlush() => Connection.Deliver(ConnectionOrder.CloseAfterFlush);

    public void Abort() => Connection.Deliver(ConnectionOrder.Abort);

    public void Resume() => Connection.Deliver(ConnectionOrder.ResumeReading);
}
