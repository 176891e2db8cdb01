using System.Diagnostics;
using Bixbite.Net.Channels;

namespace Bixbite.Net;

/// <summary>Makes a WebSocket of a connection that has spoken HTTP so far.</summary>
public static class WebSocketUpgrade
{
    /// <summary>
    /// Within Execute of the handler that has served the connection, and hears of it no more: from now on its bytes are the payload of
    /// frames, and another handler of the same loop is presented them. All output has been sent; all input is to be consumed.
    /// </summary>
    /// <param name="connection">The one.</param>
    /// <param name="reply">The answer to the request that asked for it.</param>
    /// <param name="rest">What has come behind that request; copied.</param>
    /// <param name="handler">Serves it, and is told at once that it is open.</param>
    public static void Apply(Connection connection, ReadOnlySpan<byte> reply, ReadOnlySpan<byte> rest, IConnectionHandler handler)
    {
        Debug.Assert(connection.PendingOutput == 0, "Output that was written before would be framed.");
        connection.Channel = new WebSocketChannel(connection.Channel, connection.Loop.Handshakes.Workspace, reply, rest);
        connection.Handler = handler;
        connection.State = null;
        // No event announces what the channel keeps.
        connection.NoteRead(ChannelNext.Ready);
        handler.Opened(connection);
    }
}
