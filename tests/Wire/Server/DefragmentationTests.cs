using System.Globalization;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Server;

/// <summary>Memory that was freed goes back, as clients see it.</summary>
public sealed class DefragmentationTests
{
    private const int KeyCount = 20_000;
    private const int PausedMs = 300;

    /// <summary>A size class may keep this much that is not worth moving, and the values here are of some twenty classes.</summary>
    private const long WasteLeftMax = 24 * 16 * 1024;

    /// <summary>Each kind of value: how to make the i-th, and how to remove it.</summary>
    public static TheoryData<string, string> Kinds => new()
    {
        { "SET key:{i} {v}", "DEL key:{i}" },
        { "HSET hash field:{i} {v}", "HDEL hash field:{i}" },
        { "SADD set {i}-{v}", "SREM set {i}-{v}" },
        { "ZADD sorted {i} {i}-{v}", "ZREM sorted {i}-{v}" },
        { "XADD stream:{n} {i}-1 field {v}", "DEL stream:{n}" },
        { "RPUSH list:{n} {v}", "LTRIM list:{n} 0 0" },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_was_freed_goes_back_and_the_rest_is_as_it_was(string add, string remove)
    {
        using TestServer server = TestServer.Start("--enable-debug-command", "yes", "--activedefrag", "no");
        using RespConnection client = server.Connect();
        Assert.Equal("no", Setting(client, "activedefrag"));
        for (int i = 1; i <= KeyCount; i++)
        {
            Run(client, add, i);
        }
        for (int i = 1; i <= KeyCount; i++)
        {
            if (i % 10 != 0)
            {
                Run(client, remove, i);
            }
        }
        string digest = client.Call("DEBUG DIGEST").Text;
        Assert.Equal("0", Field(client, "active_defrag_hits"));
        Patience.Until(() => Field(client, "lazyfree_pending_objects") == "0", "what was removed is not freed");
        Assert.InRange(Waste(client), 2 * WasteLeftMax, long.MaxValue);

        client.Call("DEBUG PAUSE-CRON 1");
        client.Call("CONFIG SET active-defrag-ignore-bytes 1 active-defrag-threshold-lower 5 active-defrag-cycle-max 99 activedefrag yes");
        Thread.Sleep(PausedMs);
        Assert.Equal("0", Field(client, "active_defrag_hits"));
        client.Call("DEBUG PAUSE-CRON 0");
        Patience.Until(
            () => Waste(client) < WasteLeftMax + (Used(client) / 5) && Field(client, "active_defrag_running") == "0",
            "what was freed does not go back");
        Assert.Equal(digest, client.Call("DEBUG DIGEST").Text);
        Assert.NotEqual("0", Field(client, "active_defrag_hits"));
        Assert.NotEqual("0", Field(client, "active_defrag_misses"));
        Assert.NotEqual("0", Field(client, "active_defrag_key_hits"));
        Assert.NotEqual("0", Field(client, "active_defrag_cycle_cpu_max_usec"));

        client.Call("CONFIG SET activedefrag no");
        Patience.Until(() => Field(client, "current_active_defrag_time") == "0", "a run that was switched off goes on");
        client.Call("CONFIG RESETSTAT");
        Assert.Equal("0", Field(client, "active_defrag_hits"));
        Assert.Equal("0", Field(client, "active_defrag_key_misses"));
        Assert.Equal("0", Field(client, "total_active_defrag_time"));
        Assert.Equal("0", Field(client, "current_active_defrag_time"));
        client.Call("FLUSHALL");
    }

    [Fact]
    public void Purging_gives_back_what_is_kept()
    {
        using TestServer server = TestServer.Start("--activedefrag", "no");
        using RespConnection client = server.Connect();
        string value = new('v', 100_000);
        for (int i = 0; i < 50; i++)
        {
            client.Call($"SET key:{i} {value}");
        }
        client.Call("FLUSHALL");
        Patience.Until(() => Field(client, "lazyfree_pending_objects") == "0", "what was removed is not freed");
        Assert.Equal("OK", client.Call("MEMORY PURGE").Text);
        Assert.Equal("0", Field(client, "allocator_rss_bytes"));
        Assert.Equal("1.00", Field(client, "allocator_rss_ratio"));
    }

    private static void Run(RespConnection client, string command, int i)
    {
        string value = new((char)('a' + (i % 26)), 20 + (i % 13 * 25));
        string line = command
            .Replace("{i}", i.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{n}", (i % 1000).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{v}", value, StringComparison.Ordinal);
        Assert.False(client.Call(line).IsError);
    }

    private static long Used(RespConnection client) => Number(client, "allocator_allocated");

    private static long Waste(RespConnection client) => Number(client, "allocator_frag_bytes");

    private static long Number(RespConnection client, string name) => InfoText.Number(client, name);

    private static string Setting(RespConnection client, string name) => client.Call($"CONFIG GET {name}").Items[1].Text;

    private static string Field(RespConnection client, string name) => InfoText.Field(client.Call("INFO everything").Text, name);
}
