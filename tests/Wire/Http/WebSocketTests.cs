using System.Net.WebSockets;
using System.Text;
using Bixbite.Wire.Harness;
using Bixbite.Wire.Tls;

namespace Bixbite.Wire.Http;

/// <summary>RESP within a WebSocket: a client like any other.</summary>
public sealed class WebSocketTests
{
    private const string Handshake = "GET /console/socket HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

    [Theory]
    [InlineData("1")]
    [InlineData("4")]
    public async Task Commands_pushes_and_lists_work_as_everywhere(string loops)
    {
        using HttpServer server = HttpServer.Start("--io-threads", loops);
        using SocketClient client = await SocketClient.OpenAsync(server);
        Assert.Contains("%", await client.CallAsync("HELLO 3"), StringComparison.Ordinal);
        Assert.Equal("+OK\r\n", await client.CallAsync("SET key value"));
        Assert.Equal("$5\r\nvalue\r\n", await client.CallAsync("GET key"));
        Assert.Equal("+OK\r\n", await client.CallAsync("CLIENT SETNAME console"));
        Assert.StartsWith(">3\r\n$9\r\nsubscribe\r\n", await client.CallAsync("SUBSCRIBE news"), StringComparison.Ordinal);
        using RespConnection other = server.ConnectResp();
        Assert.Contains(" name=console ", other.Call("CLIENT LIST").Text, StringComparison.Ordinal);
        Assert.Equal("1", other.Call("PUBLISH news hello").Text);
        Assert.Equal(">3\r\n$7\r\nmessage\r\n$4\r\nnews\r\n$5\r\nhello\r\n", await client.ReceiveAsync());
        Assert.Equal("1", other.Call("CLIENT KILL TYPE pubsub").Text);
        Assert.True(await client.HasEndedAsync());
    }

    [Fact]
    public async Task Requests_may_be_cut_anywhere()
    {
        using HttpServer server = HttpServer.Start();
        using SocketClient client = await SocketClient.OpenAsync(server);
        byte[] request = CommandLine.Encode("SET key 0123456789");
        for (int i = 0; i < request.Length; i++)
        {
            await client.Socket.SendAsync(
                request.AsMemory(i, 1), WebSocketMessageType.Binary, endOfMessage: i % 3 == 0 || i == request.Length - 1,
                TestContext.Current.CancellationToken);
        }
        Assert.Equal("+OK\r\n", await client.ReceiveAsync());
        Assert.Equal("$10\r\n0123456789\r\n", await client.CallAsync("GET key"));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(70_000)]
    [InlineData(5_000_000)]
    public async Task Values_of_any_size_come_whole(int size)
    {
        using HttpServer server = HttpServer.Start();
        using SocketClient client = await SocketClient.OpenAsync(server);
        string value = new('v', size);
        Assert.Equal("+OK\r\n", await client.CallAsync("SET key " + value));
        string expected = $"${size}\r\n{value}\r\n";
        Assert.Equal(expected, await client.CallAsync("GET key", expected.Length));
        Assert.Equal(":1\r\n", await client.CallAsync("DEL key"));
    }

    [Fact]
    public async Task Users_log_in_within_it()
    {
        using HttpServer server = HttpServer.Start("--requirepass", "secret");
        using SocketClient client = await SocketClient.OpenAsync(server);
        Assert.StartsWith("-NOAUTH", await client.CallAsync("GET key"), StringComparison.Ordinal);
        Assert.StartsWith("-WRONGPASS", await client.CallAsync("AUTH default wrong"), StringComparison.Ordinal);
        Assert.Equal("+OK\r\n", await client.CallAsync("AUTH secret"));
        Assert.Equal("$-1\r\n", await client.CallAsync("GET key"));
        Assert.Equal("+OK\r\n", await client.CallAsync("ACL SETUSER default -get"));
        Assert.StartsWith("-NOPERM", await client.CallAsync("GET key"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_counts_for_maxclients()
    {
        using HttpServer server = HttpServer.Start("--maxclients", "1");
        using RespConnection client = server.ConnectResp();
        Assert.Equal("PONG", client.Call("PING").Text);
        using SocketClient refused = await SocketClient.OpenAsync(server);
        Assert.Equal("-ERR max number of clients reached\r\n", await refused.ReceiveAsync());
        Assert.True(await refused.HasEndedAsync());
    }

    [Fact]
    public async Task It_is_closed_as_it_is_asked_to_be()
    {
        using HttpServer server = HttpServer.Start();
        using SocketClient client = await SocketClient.OpenAsync(server);
        await client.Socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye", TestContext.Current.CancellationToken);
        Assert.Equal(WebSocketCloseStatus.NormalClosure, client.Socket.CloseStatus);
        using SocketClient text = await SocketClient.OpenAsync(server);
        await text.Socket.SendAsync(
            "PING\r\n"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, TestContext.Current.CancellationToken);
        Assert.True(await text.HasEndedAsync());
        Assert.Equal(WebSocketCloseStatus.InvalidMessageType, text.Socket.CloseStatus);
        using SocketClient quitter = await SocketClient.OpenAsync(server);
        Assert.Equal("+OK\r\n", await quitter.CallAsync("QUIT"));
        Assert.True(await quitter.HasEndedAsync());
        Assert.Equal(WebSocketCloseStatus.NormalClosure, quitter.Socket.CloseStatus);
    }

    [Fact]
    public void Frames_may_come_with_the_request()
    {
        using HttpServer server = HttpServer.Start();
        using RespConnection raw = server.ConnectRaw();
        string requests = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n" + Handshake + "\r\n";
        raw.Send([.. Encoding.ASCII.GetBytes(requests), .. Frame(0x82, "PING\r\n")]);
        Assert.EndsWith("\r\n\r\n", Encoding.ASCII.GetString(raw.ReadUpTo("ok\n"u8)), StringComparison.Ordinal);
        string answer = Encoding.ASCII.GetString(raw.ReadUpTo("\r\n\r\n"u8));
        Assert.StartsWith("HTTP/1.1 101 ", answer, StringComparison.Ordinal);
        // The example of RFC 6455.
        Assert.Contains("\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", answer, StringComparison.Ordinal);
        Assert.Equal([0x82, 7, .. "+PONG\r\n"u8], raw.ReadBytes(9));
        raw.Send(Frame(0x89, "beat"));
        Assert.Equal([0x8A, 4, .. "beat"u8], raw.ReadBytes(6));
        raw.Send([.. Frame(0x02, "PI"), .. Frame(0x89, ""), .. Frame(0x00, ""), .. Frame(0x80, "NG\r\n")]);
        Assert.Equal([0x8A, 0, 0x82, 7, .. "+PONG\r\n"u8], raw.ReadBytes(11));
        raw.Send(Frame(0x88, "\u0003\u00e8"));
        Assert.Equal([0x88, 2, 0x03, 0xE8], raw.ReadToEnd());
    }

    /// <summary>What the protocol forbids ends the connection with the code that says so, and disturbs nobody.</summary>
    [Theory]
    [InlineData(new byte[] { 0x82, 0x05, 1, 2, 3, 4, 5 }, 1002)]
    [InlineData(new byte[] { 0xC2, 0x80, 0, 0, 0, 0 }, 1002)]
    [InlineData(new byte[] { 0x83, 0x80, 0, 0, 0, 0 }, 1002)]
    [InlineData(new byte[] { 0x80, 0x80, 0, 0, 0, 0 }, 1002)]
    [InlineData(new byte[] { 0x02, 0x80, 0, 0, 0, 0, 0x82, 0x80, 0, 0, 0, 0 }, 1002)]
    [InlineData(new byte[] { 0x09, 0x80, 0, 0, 0, 0 }, 1002)]
    [InlineData(new byte[] { 0x89, 0xFE, 0, 126, 0, 0, 0, 0 }, 1002)]
    [InlineData(new byte[] { 0x82, 0xFE, 0, 125, 0, 0, 0, 0 }, 1002)]
    [InlineData(new byte[] { 0x82, 0xFF, 0, 0, 0, 0, 0, 0, 255, 255, 0, 0, 0, 0 }, 1002)]
    [InlineData(new byte[] { 0x82, 0xFF, 255, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 0 }, 1002)]
    [InlineData(new byte[] { 0x82, 0xFF, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0 }, 1009)]
    [InlineData(new byte[] { 0x81, 0x80, 0, 0, 0, 0 }, 1003)]
    [InlineData(new byte[] { 0x88, 0x81, 0, 0, 0, 0, 3 }, 1002)]
    [InlineData(new byte[] { 0x88, 0x82, 0, 0, 0, 0, 3, 237 }, 1002)]
    [InlineData(new byte[] { 0x88, 0x83, 0, 0, 0, 0, 3, 232, 255 }, 1007)]
    public void Hostile_frames_are_told_so(byte[] frames, int code)
    {
        using HttpServer server = HttpServer.Start();
        using RespConnection raw = server.ConnectRaw();
        raw.Send(Encoding.ASCII.GetBytes(Handshake + "\r\n"));
        raw.ReadUpTo("\r\n\r\n"u8);
        raw.Send(frames);
        Assert.Equal([0x88, 2, (byte)(code >> 8), (byte)code], raw.ReadToEnd());
        using RespConnection client = server.ConnectResp();
        Assert.Equal("PONG", client.Call("PING").Text);
    }

    /// <summary>Who sends pings and takes no answers is not read on.</summary>
    [Fact]
    public void Pings_that_nobody_takes_the_answers_of_cost_little()
    {
        using HttpServer server = HttpServer.Start();
        using RespConnection client = server.ConnectResp();
        using RespConnection raw = server.ConnectRaw();
        raw.Send(Encoding.ASCII.GetBytes(Handshake + "\r\n"));
        raw.ReadUpTo("\r\n\r\n"u8);
        byte[] pings = [.. Enumerable.Repeat(Frame(0x89, new string('p', 125)), 1000).SelectMany(static frame => frame)];
        Assert.True(raw.Flood(pings, 1L << 30, stillnessMs: 500) < 1L << 30);
        Assert.Equal("PONG", client.Call("PING").Text);
        string used = InfoText.Find(client.Call("INFO memory").Text, "used_memory")!;
        Assert.True(long.Parse(used, System.Globalization.CultureInfo.InvariantCulture) < 64 << 20);
    }

    [Theory]
    [InlineData("Origin: http://127.0.0.1\r\n", "101")]
    [InlineData("Origin: https://127.0.0.1\r\n", "101")]
    [InlineData("", "101")]
    [InlineData("Origin: http://127.0.0.1:81\r\n", "403")]
    [InlineData("Origin: http://127.0.0.1.example.com\r\n", "403")]
    [InlineData("Origin: http://evil.example\r\n", "403")]
    [InlineData("Origin: null\r\n", "403")]
    [InlineData("Origin: file://127.0.0.1\r\n", "403")]
    [InlineData("Origin: http://127.0.0.1\r\nOrigin: http://127.0.0.1\r\n", "403")]
    public void Pages_of_others_do_not_get_in(string origin, string status)
    {
        using HttpServer server = HttpServer.Start();
        Assert.Equal(status, Status(server, Handshake + origin));
    }

    /// <summary>A stranger's name may lead to this machine: without a password it is no way in.</summary>
    [Theory]
    [InlineData("localhost:80", "101")]
    [InlineData("[::1]:80", "101")]
    [InlineData("10.1.2.3", "101")]
    [InlineData("MACHINE", "101")]
    [InlineData("listed.example:80", "101")]
    [InlineData("evil.example", "403")]
    [InlineData("localhost.evil.example", "403")]
    [InlineData("", "403")]
    public void The_name_by_which_a_browser_comes_must_be_known(string host, string status)
    {
        using HttpServer server = HttpServer.Start("--http-hosts", "other.example listed.example");
        host = host.Replace("MACHINE", Environment.MachineName, StringComparison.Ordinal);
        string request = Handshake.Replace("127.0.0.1", host, StringComparison.Ordinal);
        Assert.Equal(status, Status(server, request + $"Origin: http://{host}\r\n"));
        string metrics = $"GET /metrics HTTP/1.1\r\nHost: {host}\r\n";
        Assert.Equal(status == "101" ? "200" : "403", Status(server, metrics));
        using RespConnection client = server.ConnectResp();
        client.Call("CONFIG SET requirepass secret");
        Assert.Equal(host.Length == 0 ? "403" : "101", Status(server, request + $"Origin: http://{host}\r\n"));
        Assert.Equal("401", Status(server, metrics));
        client.Call("CONFIG SET requirepass \"\"");
        client.Call("CONFIG SET http-hosts *");
        Assert.Equal("200", Status(server, metrics));
    }

    [Theory]
    [InlineData("Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 8", "426")]
    [InlineData("Upgrade: websocket", "Upgrade: h2c", "426")]
    [InlineData("Connection: Upgrade", "Connection: keep-alive", "426")]
    [InlineData("HTTP/1.1", "HTTP/1.0", "426")]
    [InlineData("GET", "HEAD", "426")]
    [InlineData("dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZQ==", "400")]
    [InlineData("dGhlIHNhbXBsZSBub25jZQ==", "!!!!!!!!!!!!!!!!!!!!!!!!", "400")]
    public void Other_handshakes_are_none(string right, string wrong, string status)
    {
        using HttpServer server = HttpServer.Start();
        Assert.Equal(status, Status(server, Handshake.Replace(right, wrong, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task It_may_be_encrypted()
    {
        int port = FreePorts.Next();
        using TlsServer server = TlsServer.Start("--http-port", $"{port}", "--tls-http", "yes", "--tls-auth-clients", "no");
        using SocketClient client = await SocketClient.OpenAsync(new Uri($"wss://localhost:{port}/console/socket"));
        string value = new('v', 300_000);
        Assert.Equal("+OK\r\n", await client.CallAsync("SET key " + value));
        string expected = $"${value.Length}\r\n{value}\r\n";
        Assert.Equal(expected, await client.CallAsync("GET key", expected.Length));
        Assert.Equal("+PONG\r\n", await client.CallAsync("PING"));
    }

    /// <summary>A blocked client waits within a WebSocket as well, and is counted until its connection ends.</summary>
    [Fact]
    public async Task It_may_wait_and_go()
    {
        using HttpServer server = HttpServer.Start();
        using RespConnection other = server.ConnectResp();
        SocketClient client = await SocketClient.OpenAsync(server);
        Task<string> popped = client.CallAsync("BLPOP queue 0");
        other.AwaitBlocked(1);
        Assert.Equal("1", other.Call("RPUSH queue x").Text);
        Assert.Equal("*2\r\n$5\r\nqueue\r\n$1\r\nx\r\n", await popped);
        client.Dispose();
        Patience.Until(() => InfoText.Find(other.Call("INFO clients").Text, "connected_clients") == "1");
    }

    private static string Status(HttpServer server, string request)
    {
        using RespConnection raw = server.ConnectRaw();
        raw.Send(Encoding.ASCII.GetBytes(request + "\r\n"));
        return Encoding.ASCII.GetString(raw.ReadUpTo("\r\n"u8)).Split(' ')[1];
    }

    /// <summary>A frame as clients send it, a character for each byte of payload.</summary>
    private static byte[] Frame(byte first, string payload)
    {
        byte[] mask = [1, 2, 3, 4];
        byte[] bytes = Encoding.Latin1.GetBytes(payload);
        return [first, (byte)(0x80 | bytes.Length), .. mask, .. bytes.Select((value, index) => (byte)(value ^ mask[index % 4]))];
    }
}
