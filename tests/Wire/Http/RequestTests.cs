using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Bixbite.Platform;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Http;

/// <summary>Requests as they come: one after the other, in pieces, wrong, slow, and too many.</summary>
public sealed partial class RequestTests
{
    private const string Last = "Host: localhost\r\nConnection: close\r\n\r\n";

    [Theory]
    [InlineData("GET /healthz HTTP/1.1\r\n" + Last, "200 OK")]
    [InlineData("GET /healthz HTTP/1.0\r\n\r\n", "200 OK")]
    [InlineData("\r\n\r\nGET http://a/healthz?x=y HTTP/1.1\r\n" + Last, "200 OK")]
    [InlineData("GET /nothing HTTP/1.1\r\n" + Last, "404 Not Found")]
    [InlineData("GET /healthz/ HTTP/1.1\r\n" + Last, "404 Not Found")]
    [InlineData("OPTIONS * HTTP/1.1\r\n" + Last, "405 Method Not Allowed")]
    [InlineData("DELETE /metrics HTTP/1.1\r\n" + Last, "405 Method Not Allowed")]
    [InlineData("POST /metrics HTTP/1.1\r\nContent-Length: 5\r\n" + Last + "hello", "413 Content Too Large")]
    [InlineData("POST /metrics HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" + Last + "0\r\n\r\n", "501 Not Implemented")]
    [InlineData("GET /healthz HTTP/1.1\r\n\r\n", "400 Bad Request")]
    [InlineData("GET /healthz HTTP/1.1\nHost: a\n\n", "400 Bad Request")]
    [InlineData("GET /healthz HTTP/3.0\r\n" + Last, "505 HTTP Version Not Supported")]
    [InlineData("*1\r\n$4\r\nPING\r\n\r\n", "400 Bad Request")]
    [InlineData("\0\x01\x02\n", "400 Bad Request")]
    [InlineData("\x16\x03\x01\x02\0\x01\n", "400 Bad Request")]
    public void Each_gets_its_status(string request, string status)
    {
        using HttpServer server = HttpServer.Start();
        using RespConnection raw = server.ConnectRaw();
        raw.Send(Encoding.Latin1.GetBytes(request));
        raw.ShutdownSend();
        string reply = Encoding.Latin1.GetString(raw.ReadToEnd());
        Assert.StartsWith($"HTTP/1.1 {status}\r\n", reply, StringComparison.Ordinal);
        Assert.Single(Statuses().Matches(reply));
        Assert.Contains("\r\nX-Content-Type-Options: nosniff\r\n", reply, StringComparison.Ordinal);
        Assert.Contains("\r\nContent-Security-Policy: default-src 'none';", reply, StringComparison.Ordinal);
        int body = reply.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
        Assert.Contains($"\r\nContent-Length: {reply.Length - body}\r\n", reply, StringComparison.Ordinal);
    }

    [Fact]
    public void A_byte_at_a_time_is_as_good()
    {
        using HttpServer server = HttpServer.Start();
        using RespConnection raw = server.ConnectRaw();
        foreach (byte letter in Encoding.ASCII.GetBytes("GET /healthz HTTP/1.1\r\n" + Last))
        {
            raw.Send([letter]);
        }
        Assert.EndsWith("\r\n\r\nok\n", Encoding.ASCII.GetString(raw.ReadToEnd()), StringComparison.Ordinal);
    }

    [Fact]
    public void Requests_sent_together_are_answered_in_order()
    {
        using HttpServer server = HttpServer.Start();
        StringBuilder requests = new();
        for (int i = 0; i < 50; i++)
        {
            requests.Append("GET ").Append(i % 2 == 0 ? "/healthz" : "/metrics").Append(" HTTP/1.1\r\nHost: localhost\r\n\r\n");
        }
        string reply = server.Converse(requests + "GET /none HTTP/1.1\r\n" + Last);
        string[] statuses = [.. Statuses().Matches(reply).Select(static match => match.Groups[1].Value)];
        Assert.Equal([.. Enumerable.Repeat("200", 50), "404"], statuses);
    }

    [Fact]
    public async Task HEAD_has_the_head_of_GET()
    {
        using HttpServer server = HttpServer.Start();
        string reply = server.Converse("HEAD /healthz HTTP/1.1\r\n" + Last);
        Assert.EndsWith("\r\nContent-Length: 3\r\n\r\n", reply, StringComparison.Ordinal);
        using HttpClient client = server.NewClient();
        for (int i = 0; i < 3; i++)
        {
            using HttpRequestMessage request = new(HttpMethod.Head, "/metrics");
            using HttpResponseMessage response = await client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.True(response.Content.Headers.ContentLength > 1000);
        }
    }

    [Theory]
    [InlineData("X: ", "\r\n")]
    [InlineData("", "")]
    public void A_head_without_end_is_refused(string before, string after)
    {
        using HttpServer server = HttpServer.Start("--http-max-header-bytes", "2048");
        string reply = server.Converse($"GET /healthz HTTP/1.1\r\nHost: localhost\r\n{before}{new string('x', 3000)}{after}");
        Assert.StartsWith("HTTP/1.1 431 ", reply, StringComparison.Ordinal);
        Assert.StartsWith(
            "HTTP/1.1 200 ", server.Converse($"GET /healthz HTTP/1.1\r\nX: {new string('x', 1900)}\r\n{Last}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_is_late_gets_408_and_who_is_silent_nothing()
    {
        ManualClock clock = new();
        using HttpServer server = HttpServer.StartAt(clock, "--http-timeout", "5");
        using RespConnection late = server.ConnectRaw();
        using RespConnection silent = server.ConnectRaw();
        using RespConnection client = server.ConnectResp();
        late.Send("GET /healthz HTTP/1.1\r\nHos"u8);
        Patience.Until(() => Field(client, "http_connections") == 2);
        Task<byte[]> answer = Task.Run(late.ReadToEnd);
        Task<byte[]> nothing = Task.Run(silent.ReadToEnd);
        Assert.True(Patience.Comes(() =>
        {
            clock.AdvanceMs(500);
            return answer.IsCompleted && nothing.IsCompleted;
        }));
        Assert.StartsWith("HTTP/1.1 408 ", Encoding.ASCII.GetString(await answer), StringComparison.Ordinal);
        Assert.Empty(await nothing);
        Assert.Equal("PONG", client.Call("PING").Text);
    }

    /// <summary>Slow peers push each other out; who asks and takes the answer is served, and clients of RESP notice nothing.</summary>
    [Theory]
    [InlineData("1")]
    [InlineData("4")]
    public async Task A_crowd_of_slow_peers_disturbs_nobody(string loops)
    {
        using HttpServer server = HttpServer.Start("--io-threads", loops, "--http-maxconnections", "40");
        using RespConnection client = server.ConnectResp();
        List<RespConnection> crowd = [];
        try
        {
            for (int i = 0; i < 1000; i++)
            {
                RespConnection slow = server.ConnectRaw();
                crowd.Add(slow);
                slow.Send("GET /metrics HTTP/1.1\r\nX: "u8);
                if (i % 100 == 0)
                {
                    Assert.Equal("PONG", client.Call("PING").Text);
                    Assert.Equal("ok\n", await server.GetTextAsync("/healthz"));
                }
            }
            Assert.Equal("ok\n", await server.GetTextAsync("/healthz"));
            Assert.InRange(Field(client, "http_connections"), 1, 40);
            Assert.True(Field(client, "http_connections_dropped") >= 900);
            Assert.Equal("OK", client.Call("SET a 1").Text);
        }
        finally
        {
            crowd.ForEach(static slow => slow.Dispose());
        }
    }

    [Fact]
    public void The_port_can_be_moved_while_it_serves()
    {
        using HttpServer server = HttpServer.Start();
        using RespConnection client = server.ConnectResp();
        int port = FreePorts.Next();
        Assert.Equal("OK", client.Call($"CONFIG SET http-port {port}").Text);
        using RespConnection moved = RespConnection.Open(new IPEndPoint(IPAddress.Loopback, port));
        moved.Send(Encoding.ASCII.GetBytes("GET /healthz HTTP/1.1\r\n" + Last));
        Assert.StartsWith("HTTP/1.1 200 ", Encoding.ASCII.GetString(moved.ReadToEnd()), StringComparison.Ordinal);
        Assert.Contains($"name=http,bind=127.0.0.1,bind=-::1,port={port}", client.Call("INFO server").Text, StringComparison.Ordinal);
        Assert.Equal("OK", client.Call("CONFIG SET http-bind 127.0.0.2").Text);
        using RespConnection elsewhere = RespConnection.Open(new IPEndPoint(IPAddress.Parse("127.0.0.2"), port));
        elsewhere.Send(Encoding.ASCII.GetBytes("GET /healthz HTTP/1.1\r\n" + Last));
        Assert.StartsWith("HTTP/1.1 200 ", Encoding.ASCII.GetString(elsewhere.ReadToEnd()), StringComparison.Ordinal);
        Assert.Equal("OK", client.Call("CONFIG SET http-port 0").Text);
        Assert.DoesNotContain("http_connections", client.Call("INFO everything").Text, StringComparison.Ordinal);
    }

    private static long Field(RespConnection client, string name) =>
        long.Parse(InfoText.Find(client.Call("INFO http").Text, name)!, System.Globalization.CultureInfo.InvariantCulture);

    [GeneratedRegex(@"HTTP/1\.1 (\d{3}) ")]
    private static partial Regex Statuses();
}
