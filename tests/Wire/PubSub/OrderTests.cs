using System.Text;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.PubSub;

/// <summary>
/// A client gets everything in the order in which it was executed: after the end of its subscriptions is confirmed nothing of them follows,
/// on however many loops. A RESP2 client would take it for the reply to its next request.
/// </summary>
public sealed class OrderTests
{
    private const int SubscriberCount = 4;
    private const int MonitorCount = 2;
    private const int CycleCount = 400;

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task Nothing_follows_the_end_of_a_subscription(int threads)
    {
        using TestServer server = TestServer.Start("--io-threads", $"{threads}");
        using CancellationTokenSource end = new();
        Task[] publishers = [.. Enumerable.Range(0, 3).Select(_ => Start(() => Publish(server, end.Token)))];
        Task[] listeners =
        [
            .. Enumerable.Range(0, SubscriberCount).Select(i => Start(() => Subscribe(server, i % 2 == 0 ? "" : "P"))),
            .. Enumerable.Range(0, MonitorCount).Select(_ => Start(() => Monitor(server))),
        ];
        try
        {
            await Task.WhenAll(listeners);
        }
        finally
        {
            await end.CancelAsync();
            await Task.WhenAll(publishers);
        }
    }

    /// <summary>As Redis does it since 7.2. Before, the message tore a transaction's reply.</summary>
    [Fact]
    public void A_message_to_its_own_publisher_follows_the_reply_and_precedes_the_next() => AnswersInOneSend(
        """
        SUBSCRIBE news         >[subscribe, news, :1]
        PUBLISH news first     :1 >[message, news, first]
        UNSUBSCRIBE news       >[unsubscribe, news, :0]
        PUBLISH news second    :0
        PING                   +PONG
        """);

    [Fact]
    public void Messages_of_a_transaction_follow_its_reply() => AnswersInOneSend(
        """
        SUBSCRIBE news         >[subscribe, news, :1]
        PSUBSCRIBE n*          >[psubscribe, n*, :2]
        MULTI                  +OK
        PUBLISH news first     +QUEUED
        SET k v                +QUEUED
        PING hi                +QUEUED
        EXEC                   *[:2, +OK, hi] >[message, news, first] >[pmessage, n*, news, first]
        PUNSUBSCRIBE           >[punsubscribe, n*, :1]
        UNSUBSCRIBE            >[unsubscribe, news, :0]
        PING                   +PONG
        """);

    [Fact]
    public void A_monitor_sees_its_own_commands_until_its_reset()
    {
        using TestServer server = TestServer.Start();
        using RespConnection client = server.Connect();
        client.Send([.. new[] { "MONITOR", "PING", "RESET", "PING" }.SelectMany(CommandLine.Encode)]);
        Assert.Equal("OK", client.Read().Text);
        Assert.Equal("PONG", client.Read().Text);
        Assert.EndsWith("\"PING\"", client.Read().Text, StringComparison.Ordinal);
        Assert.Equal("RESET", client.Read().Text);
        Assert.Equal("PONG", client.Read().Text);
        Assert.True(client.IsSilent(50));
    }

    [Fact]
    public void A_closed_clients_last_message_is_sent()
    {
        using TestServer server = TestServer.Start("--io-threads", "4");
        RespConnection[] clients = [.. Enumerable.Range(0, 8).Select(_ => server.Connect())];
        foreach (RespConnection client in clients)
        {
            client.Call("SUBSCRIBE news");
        }
        using RespConnection judge = server.Connect();
        judge.Send([.. new[] { "PUBLISH news last", "CLIENT KILL TYPE pubsub", "PING" }.SelectMany(CommandLine.Encode)]);
        Assert.Equal(":8", judge.Read().ToString());
        Assert.Equal(":8", judge.Read().ToString());
        Assert.Equal("PONG", judge.Read().Text);
        foreach (RespConnection client in clients)
        {
            client.ReadToEnd();
            client.Dispose();
        }
        // A client sees its socket's end before the server has forgotten it.
        Patience.Until(() => judge.Call("PUBLISH news nobody").ToString() == ":0", "closed clients still count as subscribers");
    }

    /// <summary>Each line: a command, and after at least two spaces what it is answered. All commands are sent at once, in RESP3.</summary>
    private static void AnswersInOneSend(string story)
    {
        using TestServer server = TestServer.Start();
        using RespConnection client = server.Connect();
        client.Call("HELLO 3");
        string[][] lines = [.. story.Split('\n').Select(line => line.Split("  ", 2, StringSplitOptions.TrimEntries))];
        client.Send([.. lines.SelectMany(line => CommandLine.Encode(line[0]))]);
        var answer = new StringBuilder();
        do
        {
            answer.Append(' ').Append(client.Read().ToString().Replace("\"", "", StringComparison.Ordinal));
        }
        while (!answer.ToString().EndsWith("+PONG", StringComparison.Ordinal));
        Assert.Equal(string.Join(' ', lines.Select(line => line[1])), answer.ToString().TrimStart());
    }

    private static Task Start(Action action) => Task.Factory.StartNew(action, TaskCreationOptions.LongRunning);

    private static void Publish(TestServer server, CancellationToken end)
    {
        using RespConnection client = server.Connect();
        byte[] batch = [.. Enumerable.Repeat(CommandLine.Encode("PUBLISH news message"), 16).SelectMany(bytes => bytes)];
        while (!end.IsCancellationRequested)
        {
            client.Send(batch);
            for (int i = 0; i < 16; i++)
            {
                Assert.StartsWith(":", client.Read().ToString(), StringComparison.Ordinal);
            }
        }
    }

    private static void Subscribe(TestServer server, string prefix)
    {
        using RespConnection client = server.Connect();
        string begin = $"{prefix}subscribe".ToLowerInvariant();
        string confirmation = $"{prefix}unsubscribe".ToLowerInvariant();
        for (int cycle = 0; cycle < CycleCount; cycle++)
        {
            Assert.Contains(begin, client.Call($"{prefix}SUBSCRIBE news").ToString(), StringComparison.Ordinal);
            if (cycle % 3 != 0)
            {
                Assert.Contains("message", client.Read().ToString(), StringComparison.Ordinal);
            }
            client.Send($"{prefix}UNSUBSCRIBE news");
            if (cycle % 2 == 0)
            {
                client.Send("PING");
            }
            while (!client.Read().ToString().Contains(confirmation, StringComparison.Ordinal))
            {
            }
            if (cycle % 2 != 0)
            {
                client.Send("PING");
            }
            Assert.Equal("+PONG\r\n", Encoding.ASCII.GetString(client.ReadRaw()));
        }
    }

    private static void Monitor(TestServer server)
    {
        using RespConnection client = server.Connect();
        for (int cycle = 0; cycle < CycleCount; cycle++)
        {
            Assert.Equal("OK", client.Call("MONITOR").Text);
            if (cycle % 3 != 0)
            {
                Assert.Contains(" [0 127.0.0.1:", client.Read().Text, StringComparison.Ordinal);
            }
            client.Send("RESET");
            while (client.Read().Text != "RESET")
            {
            }
            Assert.Equal("+PONG\r\n", Encoding.ASCII.GetString(client.CallRaw("PING")));
        }
    }
}
