using System.Globalization;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Server;

/// <summary>maxmemory as clients meet it.</summary>
public sealed class MemoryLimitTests
{
    private static readonly string s_value = new('v', 1000);

    [Fact]
    public void Without_eviction_writes_are_refused_and_reads_go_on()
    {
        using TestServer server = TestServer.Start();
        using RespConnection client = server.Connect();
        client.Call("SET kept here");
        long used = UsedMemory(client);
        client.Call($"CONFIG SET maxmemory {used + 2_000_000} maxmemory-policy noeviction");
        string refusal = Fill(client, 10_000);
        Assert.Equal("OOM command not allowed when used memory > 'maxmemory'.", refusal);
        Assert.Equal("here", client.Call("GET kept").Text);
        Assert.Equal("1", client.Call("DEL kept").Text);
        Assert.Equal("OK", client.Call("FLUSHALL").Text);
        Assert.Equal("OK", client.Call("SET again works").Text);
    }

    [Theory]
    [InlineData("allkeys-lru")]
    [InlineData("allkeys-lfu")]
    [InlineData("allkeys-random")]
    [InlineData("volatile-lru")]
    [InlineData("volatile-lfu")]
    [InlineData("volatile-random")]
    [InlineData("volatile-ttl")]
    public void With_eviction_memory_stays_at_its_limit(string policy)
    {
        using TestServer server = TestServer.Start();
        using RespConnection client = server.Connect();
        long limit = UsedMemory(client) + 4_000_000;
        client.Call($"CONFIG SET maxmemory {limit} maxmemory-policy {policy}");
        Assert.Equal("", Fill(client, 10_000, " EX 1000"));
        Assert.InRange(UsedMemory(client), 0, limit + 1_000_000);
        Assert.InRange(long.Parse(client.Call("DBSIZE").Text, CultureInfo.InvariantCulture), 500, 9_000);
    }

    /// <summary>A limit that not even an empty server keeps: every key goes that may, and then there is no memory for anything.</summary>
    [Theory]
    [InlineData("allkeys-lru", 0)]
    [InlineData("allkeys-lfu", 0)]
    [InlineData("allkeys-random", 0)]
    [InlineData("volatile-lru", 50)]
    [InlineData("volatile-lfu", 50)]
    [InlineData("volatile-random", 50)]
    [InlineData("volatile-ttl", 50)]
    [InlineData("noeviction", 100)]
    public void A_limit_of_one_byte_leaves_nothing_that_may_go(string policy, int left)
    {
        using TestServer server = TestServer.Start("--maxmemory-policy", policy, "--maxmemory-eviction-tenacity", "100");
        using RespConnection client = server.Connect();
        using RespConnection listener = server.Connect();
        client.Call("CONFIG SET notify-keyspace-events Ee");
        listener.Call("SUBSCRIBE __keyevent@0__:evicted");
        for (int i = 0; i < 50; i++)
        {
            client.Call($"SET kept:{i} v");
            client.Call($"SET short:{i} v EX 1000");
        }
        client.Call("CONFIG SET maxmemory 1");
        Assert.Equal($"{left}", client.Call("DBSIZE").Text);
        for (int i = left; i < 100; i++)
        {
            Assert.Equal("__keyevent@0__:evicted", listener.Read().Items[1].Text);
        }
        const string Refusal = "OOM command not allowed when used memory > 'maxmemory'.";
        Assert.Equal(Refusal, client.Call("SET a b").Text);
        Assert.Equal(left > 0 ? "v" : "", client.Call("GET kept:1").Text);
        Assert.Equal(left > 0 ? "1" : "0", client.Call("DEL kept:1").Text);
        Assert.Equal("OK", client.Call("MULTI").Text);
        Assert.Equal(Refusal, client.Call("GET kept:2").Text);
        Assert.Equal("EXECABORT Transaction discarded because of previous errors.", client.Call("EXEC").Text);
        Assert.Equal("OK", client.Call("FLUSHALL").Text);
        Assert.Equal(Refusal, client.Call("SET a b").Text);
        client.Call("CONFIG SET maxmemory 0");
        Assert.Equal("OK", client.Call("SET a b").Text);
    }

    /// <summary>Stores keys until there are so many or one is refused; returns the refusal.</summary>
    private static string Fill(RespConnection client, int count, string options = "")
    {
        for (int i = 0; i < count; i++)
        {
            string answer = client.Call($"SET key:{i} {s_value}{options}").Text;
            if (answer != "OK")
            {
                return answer;
            }
        }
        return "";
    }

    private static long UsedMemory(RespConnection client) =>
        long.Parse(
            client.Call("INFO memory").Text.Split("\r\n").First(line => line.StartsWith("used_memory:", StringComparison.Ordinal))[12..],
            CultureInfo.InvariantCulture);
}
