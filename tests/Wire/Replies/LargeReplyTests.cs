using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Replies;

/// <summary>
/// Large replies: they are limited by the client's own output limit and by nothing else, stored values are sent from where they lie, and
/// what happens to these meanwhile does not show.
/// </summary>
public sealed class LargeReplyTests
{
    private const int ValueSize = 4 * 1024 * 1024;

    [Theory]
    [InlineData("1")]
    [InlineData("4")]
    public void Many_clients_that_ask_for_one_value_before_they_read(string threads)
    {
        using TestServer server = TestServer.Start("--io-threads", threads);
        using RespConnection owner = server.Connect();
        SetValue(owner, "k", ValueSize, 'x');
        long before = Figure(owner, "memory", "used_memory");
        RespConnection[] clients = [.. Enumerable.Range(0, 200).Select(_ => server.Connect())];
        foreach (RespConnection client in clients)
        {
            client.Send("GET k");
        }
        foreach (RespConnection client in clients.Take(100))
        {
            Assert.Equal(ValueSize, client.SkipBulk((byte)'x'));
        }
        Assert.True(Figure(owner, "memory", "used_memory") - before < 2_000_000);
        foreach (RespConnection client in clients.Skip(100))
        {
            Assert.Equal(ValueSize, client.SkipBulk((byte)'x'));
        }
        foreach (RespConnection client in clients)
        {
            client.Dispose();
        }
        Assert.Equal(0, Figure(owner, "stats", "client_output_buffer_limit_disconnections"));
    }

    [Theory]
    [InlineData("SET k other", "1")]
    [InlineData("DEL k", "1")]
    [InlineData("UNLINK k", "4")]
    [InlineData("FLUSHALL", "1")]
    [InlineData("FLUSHALL ASYNC", "4")]
    [InlineData("SETRANGE k 100 zzz", "1")]
    [InlineData("SETRANGE k 5000000 zzz", "4")]
    [InlineData("APPEND k zzz", "1")]
    [InlineData("SETBIT k 100 1", "4")]
    [InlineData("RENAME k l", "1")]
    [InlineData("EXPIRE k 0", "1")]
    [InlineData("GETDEL k", "4")]
    [InlineData("GETSET k z", "1")]
    [InlineData("RESTORE k 0 \"\\x00\\x01z\\x0b\\x00\\x86\\xa7\\xbcE\\xd8\\xea\\x8d\\xf3\" REPLACE", "1")]
    [InlineData("SWAPDB 0 1", "1")]
    [InlineData("PFADD k a", "1")]
    [InlineData("BITOP NOT k k", "1")]
    public void A_value_that_changes_or_goes_while_it_is_sent(string change, string threads)
    {
        using TestServer server = TestServer.Start("--io-threads", threads);
        using RespConnection owner = server.Connect();
        owner.Call("FLUSHALL");
        long before = Figure(owner, "memory", "used_memory");
        SetValue(owner, "k", ValueSize, 'x');
        RespConnection[] readers = [.. Enumerable.Range(0, 6).Select(_ => server.Connect())];
        foreach (RespConnection reader in readers)
        {
            foreach (string command in (string[])["MULTI", "GET k", "GETRANGE k 10 -11", "STRLEN k"])
            {
                reader.Call(command);
            }
            reader.Send("EXEC");
            Assert.Equal("*3", reader.ReadLine());
            Assert.Equal($"${ValueSize}", reader.ReadLine());
        }
        foreach (RespConnection reader in readers.Skip(4))
        {
            reader.Reset();
        }
        owner.CallRaw(change);
        foreach (RespConnection reader in readers.Take(4))
        {
            reader.Skip(ValueSize, (byte)'x');
            Assert.Equal("", reader.ReadLine());
            Assert.Equal(ValueSize - 20, reader.SkipBulk((byte)'x'));
            Assert.Equal($"{ValueSize}", reader.Read().Text);
            reader.Dispose();
        }
        owner.Call("SWAPDB 0 0");
        owner.Call("FLUSHALL");
        Patience.Until(() => Figure(owner, "memory", "used_memory") - before < 100_000, "the memory does not come back");
    }

    [Theory]
    [InlineData("LRANGE l 0 -1")]
    [InlineData("SMEMBERS s")]
    [InlineData("HGETALL h")]
    [InlineData("HVALS h")]
    [InlineData("ZRANGE z 0 -1 WITHSCORES")]
    [InlineData("KEYS *")]
    [InlineData("SORT l BY nosort GET # GET # GET #")]
    [InlineData("MGET big big big big big big")]
    [InlineData("SUNION s s")]
    [InlineData("LMPOP 1 l LEFT COUNT 10000000")]
    [InlineData("GETRANGE big 0 -1")]
    public void A_client_over_its_limit_is_dropped_while_its_reply_is_made(string command)
    {
        using TestServer server = TestServer.Start();
        using RespConnection owner = server.Connect();
        Fill(owner);
        owner.Call("CONFIG SET client-output-buffer-limit \"normal 1mb 0 0\"");
        owner.Call("CONFIG RESETSTAT");
        long before = Figure(owner, "memory", "used_memory");
        using RespConnection client = server.Connect();
        client.Call("CLIENT SETNAME greedy");
        client.Send(command);
        Assert.Empty(client.ReadToEnd());
        Assert.Equal(1, Figure(owner, "stats", "client_output_buffer_limit_disconnections"));
        Assert.True(Figure(owner, "memory", "used_memory_peak") - before < 3_000_000);
        string line = server.WaitForLine("scheduled to be closed ASAP for overcoming of output buffer limits.");
        Assert.Contains(" name=greedy ", line, StringComparison.Ordinal);
        Assert.Equal("PONG", owner.Call("PING").Text);
    }

    [Fact]
    public void A_transaction_goes_on_though_its_client_is_dropped()
    {
        using TestServer server = TestServer.Start();
        using RespConnection owner = server.Connect();
        SetValue(owner, "big", ValueSize, 'x');
        owner.Call("CONFIG SET client-output-buffer-limit \"normal 10mb 0 0\"");
        using RespConnection client = server.Connect();
        client.Call("MULTI");
        for (int i = 0; i < 20; i++)
        {
            client.Call("GET big");
            client.Call("INCR n");
        }
        client.Send([.. CommandLine.Encode("EXEC"), .. CommandLine.Encode("INCR n")]);
        Assert.Empty(client.ReadToEnd());
        Assert.Equal("20", owner.Call("GET n").Text);
        Assert.Equal(1, Figure(owner, "stats", "client_output_buffer_limit_disconnections"));
    }

    [Fact]
    public void A_reply_of_more_than_a_gibibyte()
    {
        using TestServer server = TestServer.Start();
        using RespConnection client = server.Connect();
        SetValue(client, "k", 110_000_000, 'y');
        client.Send("MGET k k k k k k k k k k");
        client.Send("PING");
        Assert.Equal("*10", client.ReadLine());
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(110_000_000, client.SkipBulk((byte)'y'));
        }
        Assert.Equal("PONG", client.Read().Text);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("4")]
    public void A_client_is_killed_while_it_is_sent_a_value(string threads)
    {
        using TestServer server = TestServer.Start("--io-threads", threads);
        using RespConnection owner = server.Connect();
        long before = Figure(owner, "memory", "used_memory");
        SetValue(owner, "k", ValueSize, 'x');
        for (int i = 0; i < 8; i++)
        {
            using RespConnection client = server.Connect();
            string id = client.Call("CLIENT ID").Text;
            client.Send("MGET k k k k");
            Assert.Equal("*4", client.ReadLine());
            Assert.Equal("1", owner.Call($"CLIENT KILL ID {id}").Text);
            if (i % 2 == 0)
            {
                owner.Call("SETRANGE k 1 x");
            }
        }
        owner.Call("FLUSHALL");
        Patience.Until(() => Figure(owner, "memory", "used_memory") - before < 100_000, "the memory does not come back");
    }

    [Fact]
    public void Subscribers_over_their_limit_are_dropped_without_a_copy_for_each()
    {
        using TestServer server = TestServer.Start("--client-output-buffer-limit", "pubsub 1mb 0 0");
        using RespConnection owner = server.Connect();
        RespConnection[] subscribers = [.. Enumerable.Range(0, 50).Select(_ => server.Connect())];
        foreach (RespConnection subscriber in subscribers)
        {
            subscriber.Call("SUBSCRIBE c");
        }
        owner.Send("PUBLISH c " + new string('x', ValueSize));
        Assert.Equal("50", owner.Read().Text);
        foreach (RespConnection subscriber in subscribers)
        {
            Assert.Empty(subscriber.ReadToEnd());
            subscriber.Dispose();
        }
        Assert.Equal(50, Figure(owner, "stats", "client_output_buffer_limit_disconnections"));
        Assert.True(Figure(owner, "memory", "used_memory_peak") < 60_000_000);
    }

    [Fact]
    public void Nothing_that_is_not_wanted_is_made()
    {
        using TestServer server = TestServer.Start();
        using RespConnection client = server.Connect();
        Fill(client);
        client.Call("HELLO 3");
        client.Send("CLIENT REPLY OFF");
        client.Send("LRANGE l 0 -1");
        client.Send("MGET big big big");
        client.Send("KEYS *");
        client.Send("CLIENT REPLY SKIP");
        client.Send("SUBSCRIBE " + new string('c', 300_000));
        client.Send("CLIENT REPLY ON");
        Assert.Equal("subscribe", client.Read().Items[0].Text);
        Assert.Equal("OK", client.Read().Text);
    }

    private static void Fill(RespConnection client)
    {
        SetValue(client, "big", ValueSize, 'x');
        string items = string.Join(' ', Enumerable.Range(0, 30_000).Select(i => $"{new string('e', 100)}{i}"));
        string pairs = string.Join(' ', Enumerable.Range(0, 30_000).Select(i => $"{i} {new string('e', 100)}{i}"));
        string keys = string.Join(' ', Enumerable.Range(0, 30_000).Select(i => $"{new string('e', 100)}{i} v"));
        foreach (string command in (string[])["RPUSH l " + items, "SADD s " + items, "HSET h " + pairs, "ZADD z " + pairs, "MSET " + keys])
        {
            Assert.False(client.Call(command).IsError);
        }
    }

    private static void SetValue(RespConnection client, string key, int size, char value)
    {
        client.Send(System.Text.Encoding.Latin1.GetBytes($"*3\r\n$3\r\nSET\r\n${key.Length}\r\n{key}\r\n${size}\r\n"));
        byte[] piece = new byte[Math.Min(size, 1 << 20)];
        piece.AsSpan().Fill((byte)value);
        for (int left = size; left > 0; left -= piece.Length)
        {
            client.Send(piece.AsSpan(0, Math.Min(left, piece.Length)));
        }
        client.Send("\r\n"u8);
        Assert.Equal("OK", client.Read().Text);
    }

    private static long Figure(RespConnection client, string section, string name) => InfoText.Number(client, name, section);
}
