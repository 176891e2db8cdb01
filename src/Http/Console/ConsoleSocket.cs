using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Bixbite.Http.Requests;
using Bixbite.Net;
using Bixbite.Structures.Digests;

namespace Bixbite.Http.Console;

/// <summary>
/// GET /console/socket: the connection becomes a WebSocket (RFC 6455, section 4) that carries RESP, and a client like any other.
/// </summary>
/// <param name="clients">The handler of a loop's clients.</param>
internal sealed class ConsoleSocket(Func<EventLoop, IConnectionHandler> clients)
{
    private const int NonceSize = 16;

    private static ReadOnlySpan<byte> AcceptSuffix => "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"u8;

    public AnswerResult Answer(in Exchange exchange)
    {
        RequestHead request = exchange.Request;
        if (!BrowserOrigin.IsOwn(request))
        {
            return exchange.Text(HttpStatus.Forbidden, "A page of another server must not open this socket.");
        }
        bool isWanted = request.IsVersion11 && !request.IsHead && request.HasToken("connection"u8, "upgrade"u8)
            && request.HasToken("upgrade"u8, "websocket"u8);
        if (!isWanted || !request.Field("sec-websocket-version"u8).SequenceEqual("13"u8))
        {
            exchange.Reply.Begin(HttpStatus.UpgradeRequired, exchange.UnixMs);
            exchange.Reply.Field("Upgrade"u8, "websocket"u8);
            exchange.Reply.Field("Sec-WebSocket-Version"u8, "13"u8);
            exchange.Reply.EndText("This is a WebSocket.");
            return AnswerResult.Replied;
        }
        ReadOnlySpan<byte> key = request.Field("sec-websocket-key"u8);
        if (request.CountOf("sec-websocket-key"u8) != 1 || !IsNonce(key))
        {
            return exchange.Text(HttpStatus.BadRequest, "Sec-WebSocket-Key is no nonce.");
        }
        if (exchange.Connection.PendingOutput > 0)
        {
            return AnswerResult.Postponed;
        }
        string reply = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
            + AcceptOf(key) + "\r\n\r\n";
        WebSocketUpgrade.Apply(
            exchange.Connection, Encoding.ASCII.GetBytes(reply), exchange.Rest, clients(exchange.Connection.Loop));
        return AnswerResult.HandedOver;
    }

    /// <summary>The proof that the server has understood what is asked of it.</summary>
    internal static string AcceptOf(ReadOnlySpan<byte> key)
    {
        Span<byte> hash = stackalloc byte[Sha1.Size];
        Sha1.Hash([.. key, .. AcceptSuffix], hash);
        return Convert.ToBase64String(hash);
    }

    private static bool IsNonce(ReadOnlySpan<byte> key)
    {
        Span<byte> nonce = stackalloc byte[NonceSize + 2];
        return key.Length == Base64.GetMaxEncodedToUtf8Length(NonceSize)
            && Base64.DecodeFromUtf8(key, nonce, out _, out int length) == OperationStatus.Done && length == NonceSize;
    }
}
