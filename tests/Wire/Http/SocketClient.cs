using System.Net.WebSockets;
using System.Text;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Http;

/// <summary>RESP over .NET's own client of WebSockets.</summary>
internal sealed class SocketClient : IDisposable
{
    private readonly CancellationTokenSource _patience = new(Patience.LimitMs);

    public ClientWebSocket Socket { get; } = new();

    public static Task<SocketClient> OpenAsync(HttpServer server) =>
        OpenAsync(new Uri($"ws://127.0.0.1:{server.Port}/console/socket"));

    public static async Task<SocketClient> OpenAsync(Uri uri)
    {
        SocketClient client = new();
        client.Socket.Options.Proxy = null;
        client.Socket.Options.RemoteCertificateValidationCallback = TestCertificates.ClientOptions().RemoteCertificateValidationCallback;
        await client.Socket.ConnectAsync(uri, client._patience.Token);
        return client;
    }

    /// <summary>Sends a command and reads a message, or as many bytes as are expected.</summary>
    public async Task<string> CallAsync(string command, int size = 1)
    {
        await Socket.SendAsync(CommandLine.Encode(command), WebSocketMessageType.Binary, endOfMessage: true, _patience.Token);
        return await ReceiveAsync(size);
    }

    /// <summary>Reads messages until there are so many bytes.</summary>
    public async Task<string> ReceiveAsync(int size = 1)
    {
        using MemoryStream bytes = new();
        byte[] room = new byte[64 * 1024];
        while (true)
        {
            WebSocketReceiveResult result = await Socket.ReceiveAsync(new ArraySegment<byte>(room), _patience.Token);
            Assert.Equal(WebSocketMessageType.Binary, result.MessageType);
            bytes.Write(room, 0, result.Count);
            if (result.EndOfMessage && bytes.Length >= size)
            {
                return Encoding.Latin1.GetString(bytes.ToArray());
            }
        }
    }

    /// <summary>Whether nothing comes but the end, with or without a word.</summary>
    public async Task<bool> HasEndedAsync()
    {
        try
        {
            WebSocketReceiveResult result = await Socket.ReceiveAsync(new ArraySegment<byte>(new byte[1024]), _patience.Token);
            return result.MessageType == WebSocketMessageType.Close;
        }
        catch (WebSocketException)
        {
            return true;
        }
    }

    public void Dispose()
    {
        Socket.Dispose();
        _patience.Dispose();
    }
}
