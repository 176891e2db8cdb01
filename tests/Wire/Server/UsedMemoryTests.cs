using System.Globalization;
using System.Net.Sockets;
using Bixbite.Wire.Harness;
using Bixbite.Wire.Propagation;

namespace Bixbite.Wire.Server;

/// <summary>used_memory is exact: what is given up is not counted any more, and what is counted is there.</summary>
public sealed class UsedMemoryTests
{
    private const int ClientCount = 8;
    private const int RequestCount = 4000;

    private static readonly string[] s_clientRequests =
    [
        "WATCH a1 a2 {v}", "UNWATCH", "SUBSCRIBE {v} {n}", "PSUBSCRIBE {v}*", "SSUBSCRIBE {v}", "UNSUBSCRIBE", "PUNSUBSCRIBE {v}*",
        "HELLO 3", "CLIENT TRACKING ON", "CLIENT TRACKING OFF", "CLIENT TRACKING ON BCAST PREFIX {v}", "CLIENT SETNAME {v}",
        "CLIENT SETINFO lib-name {v}", "HIMPORT PREPARE {v} a b c", "HIMPORT PREPARE {v} {v}1 {v}2", "HIMPORT DISCARD {v}", "MULTI",
        "EXEC", "DISCARD", "RESET", "MONITOR", "BLPOP nothing {v} 0", "XREAD BLOCK 0 STREAMS nothing $", "PUBLISH {v} {v}",
        "CLIENT NO-EVICT ON", "MGET s1 s2 s3 s4", "GET s1", "SMEMBERS e1", "INFO", "CLIENT LIST",
    ];

    /// <summary>Clients do what they like, read nothing, and leave in the middle of anything.</summary>
    [Theory]
    [InlineData(1, "1")]
    [InlineData(2, "1")]
    [InlineData(3, "4")]
    [InlineData(4, "4")]
    public void After_all_has_gone_it_is_what_it_was(int seed, string threads)
    {
        using TestServer server = TestServer.Start("--io-threads", threads);
        using RespConnection control = server.Connect();
        control.Call("CLIENT NO-EVICT ON");
        long start = Field(control, "used_memory");
        var random = new Random(seed);
        var requests = new RandomRequests(random);
        RespConnection[] clients = [.. Enumerable.Range(0, ClientCount).Select(_ => server.Connect())];
        for (int i = 0; i < RequestCount; i++)
        {
            int chosen = random.Next(ClientCount);
            if (i % 300 == 0)
            {
                control.Call($"CONFIG SET maxmemory-clients {random.Next(3) * 100_000}");
            }
            if (random.Next(50) == 0)
            {
                clients[chosen].Dispose();
                clients[chosen] = server.Connect();
            }
            bool isOfClients = random.Next(3) == 0;
            SendUnlessClosed(clients[chosen], CommandLine.Encode(
                isOfClients
                    ? s_clientRequests[random.Next(s_clientRequests.Length)].Replace("{v}", $"v{random.Next(20)}", StringComparison.Ordinal)
                    : requests.Next()));
        }
        foreach (RespConnection client in clients)
        {
            SendUnlessClosed(client, "*3\r\n$3\r\nSET\r\n$3\r\nkey\r\n$100000\r\nvvvv"u8);
            client.Dispose();
        }
        Patience.Until(() => Field(control, "connected_clients") == 1, "the clients are still there");
        control.Call("FLUSHALL");
        Patience.Until(() => Field(control, "used_memory") == start, () => $"{Field(control, "used_memory")} for {start}");
    }

    [Fact]
    public void A_group_that_is_destroyed_is_freed_after_the_command()
    {
        using TestServer server = TestServer.Start();
        using RespConnection client = server.Connect();
        for (int i = 1; i <= 2000; i++)
        {
            client.Call($"XADD s {i}-1 field value");
        }
        client.Call("XGROUP CREATE s kept 0");
        long before = Field(client, "used_memory");
        client.Call("XGROUP CREATE s g 0");
        client.Call("XREADGROUP GROUP g c COUNT 2000 STREAMS s >");
        Assert.InRange(Field(client, "used_memory"), before + 50_000, long.MaxValue);
        client.Call("MULTI");
        client.Call("XGROUP DESTROY s g");
        client.Call("INFO memory");
        client.Call("XINFO GROUPS s");
        Reply replies = client.Call("EXEC");
        Assert.Contains("lazyfree_pending_objects:1\r\n", replies.Items[1].Text, StringComparison.Ordinal);
        Assert.Single(replies.Items[2].Items);
        Patience.Until(() => Field(client, "lazyfree_pending_objects") == 0, "the group is not freed");
        Patience.Until(() => Field(client, "used_memory") == before, () => $"{Field(client, "used_memory")} for {before}");
        Assert.Equal("0", client.Call("XGROUP DESTROY s g").Text);
    }

    [Fact]
    public void Requests_that_leave_nothing_evict_nothing()
    {
        using TestServer server = TestServer.Start("--maxmemory-policy", "allkeys-lru");
        using RespConnection client = server.Connect();
        Fill(client, 1000, 1000);
        client.Call($"CONFIG SET maxmemory {Field(client, "used_memory") + 1_000_000}");
        for (int i = 0; i < 2000; i++)
        {
            client.Call("INFO");
        }
        Assert.Equal(0, Field(client, "evicted_keys"));
    }

    [Fact]
    public void What_was_watched_is_no_reason_to_evict()
    {
        using TestServer server = TestServer.Start("--maxmemory-policy", "allkeys-lru");
        using RespConnection client = server.Connect();
        long before = Field(client, "used_memory");
        Fill(client, 1000, 1000);
        for (int i = 0; i < 50; i++)
        {
            client.Call("WATCH " + string.Join(' ', Enumerable.Range(i * 1000, 1000)));
        }
        Assert.InRange(Field(client, "used_memory"), before + 10_000_000, long.MaxValue);
        client.Call("UNWATCH");
        client.Call($"CONFIG SET maxmemory {Field(client, "used_memory") + 500_000}");
        Fill(client, 100, 1000);
        Assert.Equal(0, Field(client, "evicted_keys"));
    }

    [Fact]
    public void A_load_at_a_small_limit_keeps_what_fits()
    {
        using TestServer server = TestServer.Start("--maxmemory", "2mb", "--maxmemory-policy", "allkeys-lru");
        using RespConnection client = server.Connect();
        for (int i = 0; i < 20; i++)
        {
            Fill(client, 1000, 200, first: i * 1000);
            Assert.InRange(Field(client, "used_memory"), 0, 2 << 20);
        }
        Assert.InRange(long.Parse(client.Call("DBSIZE").Text, CultureInfo.InvariantCulture), 5000, 10_000);
    }

    [Fact]
    public void Eviction_goes_on_while_no_command_comes()
    {
        using TestServer server = TestServer.Start("--maxmemory-policy", "allkeys-random", "--maxmemory-eviction-tenacity", "0");
        using RespConnection client = server.Connect();
        Fill(client, 20_000, 100);
        long limit = Field(client, "used_memory") / 2;
        client.Call($"CONFIG SET maxmemory {limit}");
        Patience.Until(() => Field(client, "used_memory") <= limit, "memory is still over its limit");
        Assert.InRange(Field(client, "evicted_keys"), 5000, 15_000);
        Assert.InRange(Field(client, "total_eviction_exceeded_time"), 0, long.MaxValue);
        Patience.Until(() => Field(client, "current_eviction_exceeded_time") == 0, "it does not notice that it is over");
    }

    [Fact]
    public void A_value_that_can_never_fit_is_refused_and_nothing_evicted_for_it()
    {
        using TestServer server = TestServer.Start("--maxmemory-policy", "allkeys-lru");
        using RespConnection client = server.Connect();
        Fill(client, 100, 10_000);
        client.Call($"CONFIG SET maxmemory {Field(client, "used_memory") + 3_000_000}");
        Assert.StartsWith("OOM ", client.Call($"SET big {new string('b', 8_000_000)}").Text, StringComparison.Ordinal);
        Assert.Equal("100", client.Call("DBSIZE").Text);
        Assert.Equal(0, Field(client, "evicted_keys"));
    }

    /// <summary>Bytes of a missing key's bitmap are those asked for, and what does not fit is not made.</summary>
    [Theory]
    [InlineData("SETBIT k 800000 1", 100_001)]
    [InlineData("SETRANGE k 100000 v", 100_001)]
    [InlineData("BITFIELD k SET u8 800000 1", 100_001)]
    public void A_string_made_by_its_end_has_nothing_to_spare(string request, long size)
    {
        using TestServer server = TestServer.Start();
        using RespConnection client = server.Connect();
        client.Call(request);
        Assert.InRange(long.Parse(client.Call("MEMORY USAGE k").Text, CultureInfo.InvariantCulture), size, size + (size / 8) + 1000);
        Assert.Equal($"{size}", client.Call("STRLEN k").Text);
    }

    [Theory]
    [InlineData("allkeys-lru", "SETRANGE big 400000000 v")]
    [InlineData("allkeys-lru", "SETBIT big 3200000000 1")]
    [InlineData("allkeys-lru", "BITFIELD big SET u8 3200000000 1")]
    [InlineData("noeviction", "SETRANGE big 400000000 v")]
    [InlineData("noeviction", "COPY half half2")]
    [InlineData("noeviction", "BITOP NOT half2 half")]
    public void A_string_that_can_never_fit_is_not_made(string policy, string request)
    {
        using TestServer server = TestServer.Start("--maxmemory-policy", policy);
        using RespConnection client = server.Connect();
        client.Call("SETRANGE half 5999999 v");
        client.Call($"CONFIG SET maxmemory 10000000");
        Assert.StartsWith("OOM ", client.Call(request).Text, StringComparison.Ordinal);
        Assert.Equal("1", client.Call("DBSIZE").Text);
        Assert.InRange(Field(client, "used_memory_peak"), 0, 10_000_000);
    }

    /// <summary>A client that holds too much is closed by the server.</summary>
    private static void SendUnlessClosed(RespConnection client, ReadOnlySpan<byte> request)
    {
        try
        {
            client.Send(request);
        }
        catch (SocketException)
        {
            // Its next one connects anew.
        }
    }

    private static void Fill(RespConnection client, int count, int size, int first = 0)
    {
        string value = new('v', size);
        for (int i = first; i < first + count; i++)
        {
            Assert.Equal("OK", client.Call($"SET key:{i} {value}").Text);
        }
    }

    private static long Field(RespConnection client, string name) => InfoText.Number(client, name, "default");
}
