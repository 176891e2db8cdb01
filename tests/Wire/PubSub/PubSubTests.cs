using Bixbite.Wire.Harness;

namespace Bixbite.Wire.PubSub;

/// <summary>Channels: replies beside Redis, delivery between clients, key events.</summary>
public sealed class PubSubTests
{
    [Fact]
    public void Replies_without_subscribers() => Compare.SameReplies(
        """
        PUBLISH a hello
        SPUBLISH a hello
        PUBSUB CHANNELS
        PUBSUB CHANNELS a*
        PUBSUB CHANNELS a b
        PUBSUB NUMSUB
        PUBSUB NUMSUB a b
        PUBSUB NUMPAT
        PUBSUB SHARDCHANNELS
        PUBSUB SHARDNUMSUB a
        PUBSUB NOSUCH
        UNSUBSCRIBE
        UNSUBSCRIBE a
        PUNSUBSCRIBE
        SUNSUBSCRIBE
        SUNSUBSCRIBE a
        """);

    [Theory]
    [InlineData("SUBSCRIBE a\r\nPING\r\nPING hi\r\nGET x\r\nSUBSCRIBE b c a\r\nPSUBSCRIBE p*\r\nGET x")]
    [InlineData("SUBSCRIBE a b c\r\nPSUBSCRIBE p*\r\nUNSUBSCRIBE b c\r\nUNSUBSCRIBE\r\nPUNSUBSCRIBE\r\nGET x")]
    [InlineData("SSUBSCRIBE s t\r\nSUNSUBSCRIBE s\r\nGET x\r\nSUNSUBSCRIBE t\r\nGET x")]
    [InlineData("SUBSCRIBE a\r\nRESET\r\nGET x\r\nPUBSUB NUMSUB a")]
    [InlineData("MULTI\r\nSUBSCRIBE a\r\nGET x\r\nEXEC\r\nGET x\r\nQUIT")]
    [InlineData("HELLO 3\r\nSUBSCRIBE a\r\nGET x\r\nPING\r\nUNSUBSCRIBE a")]
    [InlineData("SUBSCRIBE\r\nPSUBSCRIBE\r\nSSUBSCRIBE\r\nPUBLISH a\r\nSPUBLISH a b c")]
    public void Subscriber_mode(string script)
    {
        using Compare compare = new();
        compare.SameAnswer(System.Text.Encoding.ASCII.GetBytes(script.Replace("HELLO 3\r\n", "", StringComparison.Ordinal) + "\r\n"));
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 1)]
    [InlineData(3, 2)]
    public void Messages_arrive_in_order(int version, int threads)
    {
        using TestServer server = TestServer.Start("--io-threads", threads.ToString(System.Globalization.CultureInfo.InvariantCulture));
        using RespConnection subscriber = server.Connect();
        using RespConnection first = server.Connect();
        using RespConnection second = server.Connect();
        char kind = version == 2 ? '*' : '>';
        subscriber.Call($"HELLO {version}");
        Assert.Equal($"{kind}[subscribe, news, :1]", Plain(subscriber.Call("SUBSCRIBE news")));
        Assert.Equal($"{kind}[psubscribe, n?ws, :2]", Plain(subscriber.Call("PSUBSCRIBE n?ws")));
        for (int i = 0; i < 200; i++)
        {
            Assert.Equal(":2", (i % 2 == 0 ? first : second).Call($"PUBLISH news {i}").ToString());
            Assert.Equal($"{kind}[message, news, {i}]", Plain(subscriber.Read()));
            Assert.Equal($"{kind}[pmessage, n?ws, news, {i}]", Plain(subscriber.Read()));
        }

        Assert.Equal("*[news, :1]", Plain(first.Call("PUBSUB NUMSUB news")));
        Assert.Equal(":1", first.Call("PUBSUB NUMPAT").ToString());
        Assert.Contains(" flags=P ", first.Call("CLIENT LIST TYPE pubsub").Text, StringComparison.Ordinal);
        Assert.Contains("pubsub_clients:1", first.Call("INFO clients").Text, StringComparison.Ordinal);
        subscriber.Dispose();
        while (first.Call("PUBLISH news x").ToString() != ":0")
        {
            Thread.Sleep(5);
        }
    }

    [Fact]
    public void A_client_hears_itself_behind_its_reply()
    {
        using TestServer server = TestServer.Start();
        using RespConnection client = server.Connect();
        client.Call("HELLO 3");
        client.Call("SUBSCRIBE me");
        Assert.Equal(":1", client.Call("PUBLISH me hi").ToString());
        Assert.Equal(">[message, me, hi]", Plain(client.Read()));
    }

    [Fact]
    public void Shard_channels_are_a_world_of_their_own()
    {
        using TestServer server = TestServer.Start();
        using RespConnection subscriber = server.Connect();
        using RespConnection publisher = server.Connect();
        Assert.Equal("*[ssubscribe, s, :1]", Plain(subscriber.Call("SSUBSCRIBE s")));
        Assert.Equal(":0", publisher.Call("PUBLISH s x").ToString());
        Assert.Equal(":1", publisher.Call("SPUBLISH s x").ToString());
        Assert.Equal("*[smessage, s, x]", Plain(subscriber.Read()));
        Assert.Equal("*[s]", Plain(publisher.Call("PUBSUB SHARDCHANNELS")));
    }

    [Fact]
    public void Key_events_are_published()
    {
        using TestServer server = TestServer.Start("--notify-keyspace-events", "KEAnm");
        using RespConnection subscriber = server.Connect();
        using RespConnection client = server.Connect();
        subscriber.Call("PSUBSCRIBE __key*");
        client.Call("SET k 1");
        Expects(subscriber, "k", "new");
        Expects(subscriber, "k", "set");
        client.Call("PEXPIREAT k 1");
        Expects(subscriber, "k", "del");
        client.Call("GET k");
        Expects(subscriber, "k", "keymiss");
        client.Call("SET e 1 PX 1");
        Expects(subscriber, "e", "new");
        Expects(subscriber, "e", "set");
        Expects(subscriber, "e", "expire");
        Expects(subscriber, "e", "expired");
        client.Call("CONFIG SET notify-keyspace-events K$");
        client.Call("SELECT 3");
        client.Call("INCR c");
        Assert.Equal("*[pmessage, __key*, __keyspace@3__:c, incrby]", Plain(subscriber.Read()));
    }

    [Fact]
    public void A_subscriber_that_never_reads_is_cut_and_hinders_nobody()
    {
        using TestServer server = TestServer.Start("--client-output-buffer-limit", "pubsub", "1mb", "0", "0");
        using RespConnection subscriber = server.Connect();
        using RespConnection publisher = server.Connect();
        subscriber.Call("SUBSCRIBE flood");
        string message = new('x', 100_000);
        while (publisher.Call($"PUBLISH flood {message}").ToString() != ":0")
        {
        }

        Assert.Contains("client_output_buffer_limit_disconnections:1", publisher.Call("INFO stats").Text, StringComparison.Ordinal);
    }

    /// <summary>One subscriber reads nothing and is cut off, the other gets everything; and the memory stays within the limit.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_subscriber_that_never_reads_costs_no_more_than_its_limit(int threads)
    {
        using TestServer server = TestServer.Start(
            "--client-output-buffer-limit", "pubsub", "4mb", "0", "0", "--io-threads",
            threads.ToString(System.Globalization.CultureInfo.InvariantCulture));
        using RespConnection deaf = server.Connect();
        using RespConnection listener = server.Connect();
        using RespConnection publisher = server.Connect();
        deaf.Call("SUBSCRIBE flood");
        listener.Call("SUBSCRIBE flood");
        long before = UsedMemory(publisher);
        long most = 0;
        for (int i = 0; i < 1000; i++)
        {
            string message = $"{i}:{new string('x', 50_000)}";
            publisher.Call($"PUBLISH flood {message}");
            Assert.Equal(message, listener.Read().Items[2].Text);
            most = Math.Max(most, UsedMemory(publisher));
        }

        Patience.Until(() => Plain(publisher.Call("PUBSUB NUMSUB flood")) == "*[flood, :1]", "who reads nothing is not cut");
        Assert.InRange(most - before, 0, 16_000_000);
    }

    private static long UsedMemory(RespConnection connection)
    {
        const string Field = "used_memory:";
        string[] lines = connection.Call("INFO memory").Text.Split("\r\n");
        string line = lines.First(line => line.StartsWith(Field, StringComparison.Ordinal));
        return long.Parse(line[Field.Length..], System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>The reply without the quotes around its strings.</summary>
    private static string Plain(Reply reply) => reply.ToString().Replace("\"", "", StringComparison.Ordinal);

    private static void Expects(RespConnection subscriber, string key, string name)
    {
        Assert.Equal($"*[pmessage, __key*, __keyspace@0__:{key}, {name}]", Plain(subscriber.Read()));
        Assert.Equal($"*[pmessage, __key*, __keyevent@0__:{name}, {key}]", Plain(subscriber.Read()));
    }

    /// <summary>A confirmation is a message: CLIENT REPLY silences replies only, also within a transaction.</summary>
    [Theory]
    [InlineData("CLIENT REPLY OFF")]
    [InlineData("CLIENT REPLY SKIP")]
    public void ConfirmationsComeWithoutReplies(string mode)
    {
        using TestServer server = TestServer.Start();
        using RespConnection client = server.Connect();
        client.Send(mode);
        client.Send("SUBSCRIBE a");
        client.Send("UNSUBSCRIBE a");
        client.Send("CLIENT REPLY ON");
        Assert.Equal("*[\"subscribe\", \"a\", :1]", client.Read().ToString());
        Assert.Equal("*[\"unsubscribe\", \"a\", :0]", client.Read().ToString());
        Assert.Equal("+OK", client.Read().ToString());
    }

    [Fact]
    public void ConfirmationsOfATransactionComeWithoutItsReply()
    {
        using TestServer server = TestServer.Start();
        using RespConnection client = server.Connect();
        foreach (string line in (string[])["CLIENT REPLY OFF", "MULTI", "SUBSCRIBE a", "PING", "UNSUBSCRIBE", "EXEC", "CLIENT REPLY ON"])
        {
            client.Send(line);
        }
        Assert.Equal("*[\"subscribe\", \"a\", :1]", client.Read().ToString());
        Assert.Equal("*[\"unsubscribe\", \"a\", :0]", client.Read().ToString());
        Assert.Equal("+OK", client.Read().ToString());
    }
}
