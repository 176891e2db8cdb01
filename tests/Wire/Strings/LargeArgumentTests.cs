using System.Globalization;
using System.Text;
using Bixbite.Wire.Harness;
using static Bixbite.Wire.Strings.LargeArgumentScene;

namespace Bixbite.Wire.Strings;

/// <summary>
/// Arguments of several megabytes, which are received into blocks of their own and stored without a copy: whatever way they come, whoever
/// wants them, and whatever becomes of their client. Nothing of them is left in used_memory when they are gone.
/// </summary>
public sealed class LargeArgumentTests
{
    private const int Size = 5_000_000;

    private static readonly byte[] s_value = Random(1, Size);
    private static readonly byte[] s_other = Random(2, Size + 777);

    [Theory]
    [InlineData("1")]
    [InlineData("4")]
    public void It_may_be_cut_anywhere(string threads)
    {
        using LargeArgumentScene scene = new("--io-threads", threads);
        byte[] request = [.. Encode("SET", "key", s_value), .. Encode("PING")];
        int head = Encode("SET", "key", s_value).AsSpan().IndexOf(s_value);
        int end = head + Size;
        var random = new Random(7);
        int[] cuts =
        [
            1, head - 2, head - 1, head, head + 1, head + 65_535, head + 65_536, head + 65_537, head + 300_000, end - 65_536, end - 1, end,
            end + 1, end + 2, end + 3, random.Next(head, end), random.Next(head, end),
        ];
        foreach (int cut in cuts)
        {
            using var pieces = new Pieces(scene.Address);
            Assert.Equal("+OK\r\n+PONG\r\n", Encoding.ASCII.GetString(pieces.CutAt(request, cut, replyCount: 2)));
            scene.AssertHolds("key", s_value);
            scene.Client.Call("DEL key");
        }
        scene.AssertReturns();
    }

    [Theory]
    [InlineData("1")]
    [InlineData("4")]
    public void Commands_that_store_it_do_so(string threads)
    {
        using LargeArgumentScene scene = new("--io-threads", threads);
        scene.AssertReply("+OK", "SET", "k", s_value, "EX", "1000");
        scene.AssertHolds("k", s_value);
        scene.AssertReply("+OK", "SETEX", "k", "1000", s_other);
        scene.AssertHolds("k", s_other);
        Assert.Equal(s_other, scene.Bulk("GETSET", "k", s_value));
        scene.AssertHolds("k", s_value);
        Assert.Equal(s_value, scene.Bulk("SET", "k", s_other, "GET"));
        scene.AssertReply(":0", "SETNX", "k", s_value);
        scene.AssertHolds("k", s_other);
        scene.AssertReply(":1", "SETNX", "n", s_value);
        scene.AssertReply("+OK", "MSET", "a", s_value, "b", "small", "c", s_other, "d", Random(3, 100_000));
        scene.AssertHolds("a", s_value);
        scene.AssertHolds("c", s_other);
        Assert.Equal("small", scene.Client.Call("GET b").Text);
        scene.AssertReply("+OK", "MSET", "a", s_other, "a", s_value, "a", "1", "a", s_other);
        scene.AssertHolds("a", s_other);
        scene.AssertReply(":1", "MSETNX", "e", s_value, "f", s_value);
        scene.AssertHolds("f", s_value);
        scene.AssertReply($":{Size}", "APPEND", "fresh", s_value);
        scene.AssertReply($":{2 * Size}", "APPEND", "fresh", s_value);
        scene.AssertHolds("fresh", [.. s_value, .. s_value]);
        scene.AssertReply($":{Size + 10}", "SETRANGE", "range", "10", s_value);
        Assert.Equal("raw", scene.Client.Call("OBJECT ENCODING e").Text);
        scene.Client.Call("FLUSHALL");
        scene.AssertReturns();
    }

    [Theory]
    [InlineData("1")]
    [InlineData("4")]
    public void Commands_that_do_not_store_it_leave_nothing(string threads)
    {
        using LargeArgumentScene scene = new("--io-threads", threads);
        scene.Client.Call("SET k v");
        Assert.Equal(s_value, scene.Bulk("ECHO", s_value));
        scene.AssertReply("-ERR syntax error", "SET", "k", s_value, "NOPE");
        scene.AssertReply("$-1", "SET", "k", s_value, "NX");
        scene.AssertReply(":0", "MSETNX", "k", s_value, "l", s_other);
        scene.AssertReply(":0", "PUBLISH", "channel", s_value);
        scene.AssertReply(":0", "EXISTS", s_value);
        scene.AssertReply("+OK", "SET", s_other, "a large key");
        Assert.Equal("a large key", Encoding.ASCII.GetString(scene.Bulk("GET", s_other)));
        scene.AssertReply(":1", "RPUSH", "list", s_value);
        Assert.Equal(s_value, scene.Bulk("LPOP", "list"));
        Assert.StartsWith("-ERR unknown command", Line(scene.Client, "NOSUCH", s_value), StringComparison.Ordinal);
        Assert.StartsWith("-ERR unknown command", Line(scene.Client, s_value, "x"), StringComparison.Ordinal);
        scene.AssertReply("-WRONGTYPE Operation against a key holding the wrong kind of value", "LPUSH", "k", s_value);
        scene.Client.Call("FLUSHALL");
        scene.AssertReturns();
    }

    [Theory]
    [InlineData("1")]
    [InlineData("4")]
    public void It_goes_with_others_in_a_pipeline(string threads)
    {
        using LargeArgumentScene scene = new("--io-threads", threads);
        byte[][] requests =
        [
            Encode("SET", "before", "x"), Encode("SET", "k", s_value), Encode("APPEND", "k", "tail"), Encode("STRLEN", "k"),
            Encode("SET", "k", s_other), Encode("SETRANGE", "k", "0", "head"), Encode("DEL", "k"), Encode("SET", "k", s_value),
            Encode("SET", "k", "small"), Encode("SET", "l", s_value), Encode("RENAME", "l", "m"), Encode("PING"),
        ];
        foreach (byte[] request in requests)
        {
            scene.Client.Send(request);
        }
        string[] replies = ["OK", "OK", $"{Size + 4}", $"{Size + 4}", "OK", $"{Size + 777}", "1", "OK", "OK", "OK", "OK", "PONG"];
        Assert.Equal(replies, replies.Select(_ => scene.Client.Read().Text));
        scene.AssertHolds("m", s_value);
        scene.Client.Call("FLUSHALL");
        scene.AssertReturns();
    }

    [Theory]
    [InlineData("1")]
    [InlineData("4")]
    public void Transactions_keep_it_until_their_end(string threads)
    {
        using LargeArgumentScene scene = new("--io-threads", threads);
        using RespConnection client = scene.Connect();
        client.Call("MULTI");
        AssertReply(client, "+QUEUED", "SET", "k", s_value);
        AssertReply(client, "+QUEUED", "MSET", "k", s_other, "l", s_value);
        AssertReply(client, "+QUEUED", "RPUSH", "list", s_value);
        Assert.InRange(scene.HeldBytes, 4L * Size, 5L * Size);
        Assert.Equal(3, client.Call("EXEC").Items.Count);
        scene.AssertHolds("k", s_other);
        scene.AssertHolds("l", s_value);
        client.Call("MULTI");
        AssertReply(client, "+QUEUED", "SET", "k", s_value);
        Assert.Equal("OK", client.Call("DISCARD").Text);
        client.Call("WATCH k");
        client.Call("MULTI");
        AssertReply(client, "+QUEUED", "SET", "k", s_value);
        scene.Client.Call("FLUSHALL");
        client.Send("EXEC");
        Assert.Equal("*-1", client.ReadLine());
        client.Call("MULTI");
        AssertReply(client, "+QUEUED", "SET", "k", s_value);
        client.Send(Encode("SET", "k", s_value).AsSpan(0, 1_000_000));
        client.Reset();
        scene.AssertReturns(clients: 1);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("4")]
    public void It_waits_with_its_client(string threads)
    {
        using LargeArgumentScene scene = new("--io-threads", threads);
        using RespConnection client = scene.Connect();
        client.Call("PING");
        scene.Mark();
        scene.Client.Call("CLIENT PAUSE 100000 WRITE");
        client.Send([.. Encode("SET", "k", s_value), .. Encode("APPEND", "k", "x")]);
        Patience.Until(() => scene.HeldBytes > Size - 100_000, "it is not kept");
        Assert.Equal("0", scene.Client.Call("DBSIZE").Text);
        scene.Client.Call("CLIENT UNPAUSE");
        client.Send(Encode("MSET", "a", s_other, "b", s_value));
        Assert.Equal(["OK", $"{Size + 1}", "OK"], Enumerable.Range(0, 3).Select(_ => client.Read().Text));
        scene.AssertHolds("k", [.. s_value, (byte)'x']);
        scene.AssertHolds("a", s_other);

        client.Send(Encode("BLPOP", "list", "0"));
        scene.Client.AwaitBlocked(1);
        client.Send(Encode("SET", "k", s_other).AsSpan(0, 100_000));
        scene.Client.Call("RPUSH list x");
        client.Send(Encode("SET", "k", s_other).AsSpan(100_000));
        Assert.Equal(2, client.Read().Items.Count);
        Assert.Equal("OK", client.Read().Text);
        scene.AssertHolds("k", s_other);
        scene.Client.Call("FLUSHALL");
        scene.AssertReturns();
    }

    /// <summary>An announcement costs nothing, and what came of it is given back with its client.</summary>
    [Theory]
    [InlineData("1")]
    [InlineData("4")]
    public void Who_announces_it_and_goes_leaves_nothing(string threads)
    {
        using LargeArgumentScene scene = new("--io-threads", threads);
        List<RespConnection> liars = [];
        for (int i = 0; i < 20; i++)
        {
            RespConnection liar = scene.Connect();
            liar.Send("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$500000000\r\n"u8);
            liar.Send(new byte[i * 20_000]);
            liars.Add(liar);
        }
        Patience.Until(() => Sent(scene.Client, liars.Count) >= 20 * 19 / 2 * 20_000, "it has not come");
        Assert.InRange(scene.HeldBytes, 20 * 19 / 2 * 20_000, 20 * 19 * 20_000 * 2);
        foreach (RespConnection liar in liars[..10])
        {
            liar.Dispose();
        }
        foreach (RespConnection liar in liars[10..15])
        {
            liar.Reset();
        }
        scene.Client.Call("CLIENT KILL TYPE normal SKIPME yes");
        scene.AssertReturns(clients: 1);
        liars.ForEach(liar => liar.Dispose());
    }

    [Fact]
    public void Whoever_looks_at_it_sees_it()
    {
        using LargeArgumentScene scene = new("--slowlog-log-slower-than", "0", "--latency-tracking", "yes");
        using RespConnection monitor = scene.Connect();
        using RespConnection cache = scene.Connect();
        scene.Client.Call("SET k small");
        cache.Call("HELLO 3");
        cache.Call("CLIENT TRACKING ON");
        cache.Call("GET k");
        monitor.Call("MONITOR");
        scene.AssertReply("+OK", "MSET", "k", Enumerable.Repeat((byte)'v', Size).ToArray(), "k", "small again");
        string line = monitor.ReadLine();
        Assert.Contains("\"MSET\" \"k\" \"vvvvv", line, StringComparison.Ordinal);
        Assert.EndsWith("vvvvv\" \"k\" \"small again\"", line, StringComparison.Ordinal);
        Assert.Contains("invalidate", cache.Read().Items[0].Text, StringComparison.Ordinal);
        Assert.Contains($"... ({Size - 128} more bytes)", Shown(scene.Client.Call("SLOWLOG GET 1")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("everysec")]
    [InlineData("always")]
    [InlineData("no")]
    public void The_log_repeats_it(string policy)
    {
        using LargeArgumentScene scene = new("--appendonly", "yes", "--appendfsync", policy, "--enable-debug-command", "yes");
        scene.AssertReply("+OK", "SET", "k", s_value);
        scene.AssertReply("+OK", "SET", "l", s_value, "EX", "1000");
        scene.AssertReply("+OK", "MSET", "m", s_value, "m", s_other);
        scene.Client.Call("MULTI");
        scene.AssertReply("+QUEUED", "SET", "n", s_other);
        scene.AssertReply("+QUEUED", "SET", "n", "small");
        scene.AssertReply("+QUEUED", "APPEND", "n", s_value);
        scene.Client.Call("EXEC");
        scene.AssertReply("+OK", "MSET", "a", s_value, "b", "small", "c", Random(3, 50_000), s_other, "a large key", "d", s_value);
        scene.AssertReply(":1", "MSETEX", "1", "e", s_other, "EX", "1000");
        Assert.Equal(s_other, scene.Bulk("GETSET", "e", s_value));
        Assert.Equal(s_value, scene.Bulk("SET", "e", s_other, "GET"));
        scene.AssertReply(":2", "HSET", "hash", "f", s_value, "g", "small");
        scene.AssertReply(":1", "HSETEX", "hash", "EX", "1000", "FIELDS", "2", "h", s_other, "i", "small");
        scene.AssertReply(":3", "RPUSH", "list", s_value, "small", s_other);
        scene.AssertReply("$3", "XADD", "stream", "1-*", "f", s_value);
        Assert.Equal("1-0", scene.Client.ReadLine());
        scene.Client.Call("EXPIRE l 1000");
        string digest = scene.Client.Call("DEBUG DIGEST").Text;
        Assert.Equal("OK", scene.Client.Call("DEBUG LOADAOF").Text);
        Assert.Equal(digest, scene.Client.Call("DEBUG DIGEST").Text);
        scene.AssertHolds("m", s_other);
    }

    [Theory]
    [InlineData("noeviction")]
    [InlineData("allkeys-lru")]
    public void What_does_not_fit_is_refused(string policy)
    {
        using LargeArgumentScene scene = new("--maxmemory-policy", policy);
        scene.Client.Call("SET small v");
        scene.Mark();
        scene.Client.Call($"CONFIG SET maxmemory {scene.StartBytes + 4_000_000}");
        Assert.StartsWith("-OOM ", Line(scene.Client, "SET", "k", s_value), StringComparison.Ordinal);
        Assert.Equal("v", scene.Client.Call("GET small").Text);
        scene.Client.Call($"CONFIG SET maxmemory {scene.StartBytes + 6_000_000}");
        scene.AssertReply("+OK", "SET", "k", s_value);
        scene.AssertHolds("k", s_value);
        Assert.Equal("v", scene.Client.Call("GET small").Text);
        scene.Client.Call("DEL k");
        scene.AssertReturns();
    }

    [Fact]
    public void Limits_of_clients_count_it()
    {
        using LargeArgumentScene scene = new("--client-query-buffer-limit", "8mb", "--maxmemory-clients", "20mb");
        scene.Client.Call("CLIENT NO-EVICT ON");
        scene.Mark();
        using RespConnection wordy = scene.Connect();
        SendUnlessClosed(wordy, Encode("MSET", "a", s_value, "b", s_value));
        Assert.Empty(wordy.ReadToEnd());
        scene.Client.Call("CONFIG SET client-query-buffer-limit 1gb");
        using RespConnection large = scene.Connect();
        SendUnlessClosed(large, Encode("MSET", "a", Random(5, 25_000_000), "b", "x"));
        Assert.Empty(large.ReadToEnd());
        scene.AssertReturns(clients: 1);
        Assert.Equal("0", scene.Client.Call("DBSIZE").Text);
    }

    private static long Sent(RespConnection client, int clientCount)
    {
        string[] lines = client.Call("CLIENT LIST").Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return lines.Length <= clientCount ? 0 : lines.Sum(
            line => long.Parse(line.Split(" qbuf=")[1].Split(' ')[0], CultureInfo.InvariantCulture));
    }

    private static string Shown(Reply reply) => reply.Items.Count == 0 ? reply.Text : string.Join(' ', reply.Items.Select(Shown));

    private static void SendUnlessClosed(RespConnection client, ReadOnlySpan<byte> request)
    {
        try
        {
            client.Send(request);
        }
        catch (System.Net.Sockets.SocketException)
        {
            // It is read to its end all the same.
        }
    }
}
