using System.Globalization;
using System.Text;
using Bixbite.Wire.Harness;

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
        using TestServer server = TestServer.Start("--io-threads", threads);
        using RespConnection control = server.Connect();
        long start = Used(control);
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
            using var pieces = new Pieces(server.Address);
            Assert.Equal("+OK\r\n+PONG\r\n", Encoding.ASCII.GetString(pieces.CutAt(request, cut, replyCount: 2)));
            AssertHolds(control, "key", s_value);
            control.Call("DEL key");
        }
        AssertReturns(control, start);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("4")]
    public void Commands_that_store_it_do_so(string threads)
    {
        using TestServer server = TestServer.Start("--io-threads", threads);
        using RespConnection client = server.Connect();
        long start = Used(client);
        AssertReply(client, "+OK", "SET", "k", s_value, "EX", "1000");
        AssertHolds(client, "k", s_value);
        AssertReply(client, "+OK", "SETEX", "k", "1000", s_other);
        AssertHolds(client, "k", s_other);
        Assert.Equal(s_other, Bulk(client, "GETSET", "k", s_value));
        AssertHolds(client, "k", s_value);
        Assert.Equal(s_value, Bulk(client, "SET", "k", s_other, "GET"));
        AssertReply(client, ":0", "SETNX", "k", s_value);
        AssertHolds(client, "k", s_other);
        AssertReply(client, ":1", "SETNX", "n", s_value);
        AssertReply(client, "+OK", "MSET", "a", s_value, "b", "small", "c", s_other, "d", Random(3, 100_000));
        AssertHolds(client, "a", s_value);
        AssertHolds(client, "c", s_other);
        Assert.Equal("small", client.Call("GET b").Text);
        AssertReply(client, "+OK", "MSET", "a", s_other, "a", s_value, "a", "1", "a", s_other);
        AssertHolds(client, "a", s_other);
        AssertReply(client, ":1", "MSETNX", "e", s_value, "f", s_value);
        AssertHolds(client, "f", s_value);
        AssertReply(client, $":{Size}", "APPEND", "fresh", s_value);
        AssertReply(client, $":{2 * Size}", "APPEND", "fresh", s_value);
        AssertHolds(client, "fresh", [.. s_value, .. s_value]);
        AssertReply(client, $":{Size + 10}", "SETRANGE", "range", "10", s_value);
        Assert.Equal("raw", client.Call("OBJECT ENCODING e").Text);
        client.Call("FLUSHALL");
        AssertReturns(client, start);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("4")]
    public void Commands_that_do_not_store_it_leave_nothing(string threads)
    {
        using TestServer server = TestServer.Start("--io-threads", threads);
        using RespConnection client = server.Connect();
        long start = Used(client);
        client.Call("SET k v");
        Assert.Equal(s_value, Bulk(client, "ECHO", s_value));
        AssertReply(client, "-ERR syntax error", "SET", "k", s_value, "NOPE");
        AssertReply(client, "$-1", "SET", "k", s_value, "NX");
        AssertReply(client, ":0", "MSETNX", "k", s_value, "l", s_other);
        AssertReply(client, ":0", "PUBLISH", "channel", s_value);
        AssertReply(client, ":0", "EXISTS", s_value);
        AssertReply(client, "+OK", "SET", s_other, "a large key");
        Assert.Equal("a large key", Encoding.ASCII.GetString(Bulk(client, "GET", s_other)));
        AssertReply(client, ":1", "RPUSH", "list", s_value);
        Assert.Equal(s_value, Bulk(client, "LPOP", "list"));
        Assert.StartsWith("-ERR unknown command", Line(client, "NOSUCH", s_value), StringComparison.Ordinal);
        Assert.StartsWith("-ERR unknown command", Line(client, s_value, "x"), StringComparison.Ordinal);
        AssertReply(client, "-WRONGTYPE Operation against a key holding the wrong kind of value", "LPUSH", "k", s_value);
        client.Call("FLUSHALL");
        AssertReturns(client, start);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("4")]
    public void It_goes_with_others_in_a_pipeline(string threads)
    {
        using TestServer server = TestServer.Start("--io-threads", threads);
        using RespConnection client = server.Connect();
        long start = Used(client);
        byte[][] requests =
        [
            Encode("SET", "before", "x"), Encode("SET", "k", s_value), Encode("APPEND", "k", "tail"), Encode("STRLEN", "k"),
            Encode("SET", "k", s_other), Encode("SETRANGE", "k", "0", "head"), Encode("DEL", "k"), Encode("SET", "k", s_value),
            Encode("SET", "k", "small"), Encode("SET", "l", s_value), Encode("RENAME", "l", "m"), Encode("PING"),
        ];
        foreach (byte[] request in requests)
            client.Send(request);
        string[] replies = ["OK", "OK", $"{Size + 4}", $"{Size + 4}", "OK", $"{Size + 777}", "1", "OK", "OK", "OK", "OK", "PONG"];
        Assert.Equal(replies, replies.Select(_ => client.Read().Text));
        AssertHolds(client, "m", s_value);
        client.Call("FLUSHALL");
        AssertReturns(client, start);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("4")]
    public void Transactions_keep_it_until_their_end(string threads)
    {
        using TestServer server = TestServer.Start("--io-threads", threads);
        using RespConnection control = server.Connect();
        long start = Used(control);
        using RespConnection client = server.Connect();
        client.Call("MULTI");
        AssertReply(client, "+QUEUED", "SET", "k", s_value);
        AssertReply(client, "+QUEUED", "MSET", "k", s_other, "l", s_value);
        AssertReply(client, "+QUEUED", "RPUSH", "list", s_value);
        Assert.InRange(Used(control) - start, 4L * Size, 5L * Size);
        Assert.Equal(3, client.Call("EXEC").Items.Count);
        AssertHolds(control, "k", s_other);
        AssertHolds(control, "l", s_value);
        client.Call("MULTI");
        AssertReply(client, "+QUEUED", "SET", "k", s_value);
        Assert.Equal("OK", client.Call("DISCARD").Text);
        client.Call("WATCH k");
        client.Call("MULTI");
        AssertReply(client, "+QUEUED", "SET", "k", s_value);
        control.Call("FLUSHALL");
        client.Send("EXEC");
        Assert.Equal("*-1", client.ReadLine());
        client.Call("MULTI");
        AssertReply(client, "+QUEUED", "SET", "k", s_value);
        client.Send(Encode("SET", "k", s_value).AsSpan(0, 1_000_000));
        client.Reset();
        AssertReturns(control, start, clients: 1);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("4")]
    public void It_waits_with_its_client(string threads)
    {
        using TestServer server = TestServer.Start("--io-threads", threads);
        using RespConnection control = server.Connect();
        using RespConnection client = server.Connect();
        client.Call("PING");
        long start = Used(control);
        control.Call("CLIENT PAUSE 100000 WRITE");
        client.Send([.. Encode("SET", "k", s_value), .. Encode("APPEND", "k", "x")]);
        Assert.True(Comes(() => Field(control, "used_memory") > start + Size - 100_000), "it is not kept");
        Assert.Equal("0", control.Call("DBSIZE").Text);
        control.Call("CLIENT UNPAUSE");
        client.Send(Encode("MSET", "a", s_other, "b", s_value));
        Assert.Equal(["OK", $"{Size + 1}", "OK"], Enumerable.Range(0, 3).Select(_ => client.Read().Text));
        AssertHolds(control, "k", [.. s_value, (byte)'x']);
        AssertHolds(control, "a", s_other);

        client.Send(Encode("BLPOP", "list", "0"));
        Assert.True(Comes(() => control.Call("INFO clients").Text.Contains("blocked_clients:1", StringComparison.Ordinal)), "not blocked");
        client.Send(Encode("SET", "k", s_other).AsSpan(0, 100_000));
        control.Call("RPUSH list x");
        client.Send(Encode("SET", "k", s_other).AsSpan(100_000));
        Assert.Equal(2, client.Read().Items.Count);
        Assert.Equal("OK", client.Read().Text);
        AssertHolds(control, "k", s_other);
        control.Call("FLUSHALL");
        AssertReturns(control, start);
    }

    /// <summary>An announcement costs nothing, and what came of it is given back with its client.</summary>
    [Theory]
    [InlineData("1")]
    [InlineData("4")]
    public void Who_announces_it_and_goes_leaves_nothing(string threads)
    {
        using TestServer server = TestServer.Start("--io-threads", threads);
        using RespConnection control = server.Connect();
        long start = Used(control);
        List<RespConnection> liars = [];
        for (int i = 0; i < 20; i++)
        {
            RespConnection liar = server.Connect();
            liar.Send("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$500000000\r\n"u8);
            liar.Send(new byte[i * 20_000]);
            liars.Add(liar);
        }
        Assert.True(Comes(() => Sent(control, liars.Count) >= 20 * 19 / 2 * 20_000), "it has not come");
        Assert.InRange(Used(control) - start, 20 * 19 / 2 * 20_000, 20 * 19 * 20_000 * 2);
        foreach (RespConnection liar in liars[..10])
            liar.Dispose();
        foreach (RespConnection liar in liars[10..15])
            liar.Reset();
        control.Call("CLIENT KILL TYPE normal SKIPME yes");
        AssertReturns(control, start, clients: 1);
        liars.ForEach(liar => liar.Dispose());
    }

    [Fact]
    public void Whoever_looks_at_it_sees_it()
    {
        using TestServer server = TestServer.Start("--slowlog-log-slower-than", "0", "--latency-tracking", "yes");
        using RespConnection client = server.Connect();
        using RespConnection monitor = server.Connect();
        using RespConnection cache = server.Connect();
        client.Call("SET k small");
        cache.Call("HELLO 3");
        cache.Call("CLIENT TRACKING ON");
        cache.Call("GET k");
        monitor.Call("MONITOR");
        AssertReply(client, "+OK", "MSET", "k", Enumerable.Repeat((byte)'v', Size).ToArray(), "k", "small again");
        string line = monitor.ReadLine();
        Assert.Contains("\"MSET\" \"k\" \"vvvvv", line, StringComparison.Ordinal);
        Assert.EndsWith("vvvvv\" \"k\" \"small again\"", line, StringComparison.Ordinal);
        Assert.Contains("invalidate", cache.Read().Items[0].Text, StringComparison.Ordinal);
        Assert.Contains($"... ({Size - 128} more bytes)", Shown(client.Call("SLOWLOG GET 1")), StringComparison.Ordinal);
    }

    [Fact]
    public void The_log_repeats_it()
    {
        using TestServer server = TestServer.Start("--appendonly", "yes", "--enable-debug-command", "yes");
        using RespConnection client = server.Connect();
        AssertReply(client, "+OK", "SET", "k", s_value);
        AssertReply(client, "+OK", "SET", "l", s_value, "EX", "1000");
        AssertReply(client, "+OK", "MSET", "m", s_value, "m", s_other);
        Assert.Equal("QUEUED", Again(client, "MULTI", () => Line(client, "SET", "n", s_other)[1..]));
        client.Call("EXEC");
        client.Call("EXPIRE l 1000");
        string digest = client.Call("DEBUG DIGEST").Text;
        Assert.Equal("OK", client.Call("DEBUG LOADAOF").Text);
        Assert.Equal(digest, client.Call("DEBUG DIGEST").Text);
        AssertHolds(client, "m", s_other);
    }

    [Theory]
    [InlineData("noeviction")]
    [InlineData("allkeys-lru")]
    public void What_does_not_fit_is_refused(string policy)
    {
        using TestServer server = TestServer.Start("--maxmemory-policy", policy);
        using RespConnection client = server.Connect();
        client.Call("SET small v");
        long start = Used(client);
        client.Call($"CONFIG SET maxmemory {start + 4_000_000}");
        Assert.StartsWith("-OOM ", Line(client, "SET", "k", s_value), StringComparison.Ordinal);
        Assert.Equal("v", client.Call("GET small").Text);
        client.Call($"CONFIG SET maxmemory {start + 6_000_000}");
        AssertReply(client, "+OK", "SET", "k", s_value);
        AssertHolds(client, "k", s_value);
        Assert.Equal("v", client.Call("GET small").Text);
        client.Call("DEL k");
        AssertReturns(client, start);
    }

    [Fact]
    public void Limits_of_clients_count_it()
    {
        using TestServer server = TestServer.Start("--client-query-buffer-limit", "8mb", "--maxmemory-clients", "20mb");
        using RespConnection control = server.Connect();
        control.Call("CLIENT NO-EVICT ON");
        long start = Used(control);
        using RespConnection wordy = server.Connect();
        SendUnlessClosed(wordy, Encode("MSET", "a", s_value, "b", s_value));
        Assert.Empty(wordy.ReadToEnd());
        control.Call("CONFIG SET client-query-buffer-limit 1gb");
        using RespConnection large = server.Connect();
        SendUnlessClosed(large, Encode("MSET", "a", Random(5, 25_000_000), "b", "x"));
        Assert.Empty(large.ReadToEnd());
        AssertReturns(control, start, clients: 1);
        Assert.Equal("0", control.Call("DBSIZE").Text);
    }

    private static string Again(RespConnection client, string first, Func<string> then)
    {
        client.Call(first);
        return then();
    }

    private static byte[] Random(int seed, int size)
    {
        byte[] bytes = new byte[size];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static byte[] Encode(params object[] arguments) =>
        CommandLine.Encode([.. arguments.Select(each => each as byte[] ?? Encoding.ASCII.GetBytes((string)each))]);

    private static string Line(RespConnection client, params object[] arguments)
    {
        client.Send(Encode(arguments));
        return client.ReadLine();
    }

    private static void AssertReply(RespConnection client, string line, params object[] arguments) =>
        Assert.Equal(line, Line(client, arguments));

    private static byte[] Bulk(RespConnection client, params object[] arguments)
    {
        client.Send(Encode(arguments));
        byte[] reply = client.ReadRaw();
        return reply[(reply.AsSpan().IndexOf((byte)'\n') + 1)..^2];
    }

    private static void AssertHolds(RespConnection client, string key, byte[] value) =>
        Assert.True(Bulk(client, "GET", key).AsSpan().SequenceEqual(value), $"{key} is something else");

    private static void AssertReturns(RespConnection client, long used, int clients = 0)
    {
        Assert.True(clients == 0 || Comes(() => Field(client, "connected_clients") == clients), "clients are still there");
        Assert.True(Comes(() => Field(client, "used_memory") == used), $"{Field(client, "used_memory")} for {used}");
    }

    private static long Used(RespConnection client) => Field(client, "used_memory");

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

    private static bool Comes(Func<bool> condition)
    {
        for (int i = 0; i < RespConnection.PatienceMs / 20; i++)
        {
            if (condition())
                return true;
            Thread.Sleep(20);
        }
        return false;
    }

    private static long Field(RespConnection client, string name)
    {
        string info = client.Call("INFO").Text;
        int at = info.IndexOf(name + ":", StringComparison.Ordinal) + name.Length + 1;
        return long.Parse(info.AsSpan(at, info.IndexOf('\r', at) - at), CultureInfo.InvariantCulture);
    }
}
