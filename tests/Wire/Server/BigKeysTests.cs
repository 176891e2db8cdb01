using System.Globalization;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Server;

/// <summary>MEMORY BIGKEYS and MEMORY PREFIXES: which keys take the memory.</summary>
public sealed class BigKeysTests
{
    [Fact]
    public void Large_values_of_each_type_are_told_as_soon_as_they_are_written()
    {
        using TestServer server = TestServer.Start();
        using RespConnection client = server.Connect();
        client.Call("HELLO 3");
        Assert.Empty(client.Call("MEMORY BIGKEYS").Items);
        client.Call("SETRANGE text 99999 x");
        client.Call("SETRANGE longer 199999 x");
        client.Call("SET small value");
        Fill(client, "RPUSH list", 3000);
        Fill(client, "SADD set", 3000);
        client.Call("EVAL \"for i = 1, 3000 do redis.call('zadd', 'zset', i, i) redis.call('hset', 'hash', i, i) end\" 0");
        client.Call("EVAL \"for i = 1, 3000 do redis.call('xadd', 'stream', '*', 'f', i) end\" 0");
        Dictionary<string, Reply> types = MapOf(client.Call("MEMORY BIGKEYS"));
        Assert.Equal(["hash", "list", "set", "stream", "string", "zset"], types.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(["longer", "text"], KeysOf(types["string"], "by-bytes"));
        Assert.Empty(KeysOf(types["string"], "by-elements"));
        foreach (string name in (string[])["hash", "list", "set", "stream", "zset"])
        {
            Dictionary<string, Reply> key = MapOf(MapOf(types[name])["by-elements"].Items.Single());
            Assert.Equal((name, 3000L, 0L), (key["key"].Text, key["elements"].Integer, key["db"].Integer));
            Assert.Equal([name], KeysOf(types[name], "by-bytes"));
        }
        Assert.Equal(
            client.Call("MEMORY USAGE longer").Integer, MapOf(MapOf(types["string"])["by-bytes"].Items[0])["bytes"].Integer);
    }

    [Fact]
    public void What_goes_shrinks_moves_or_is_renamed_is_told_as_it_is()
    {
        using TestServer server = TestServer.Start();
        using RespConnection client = server.Connect();
        client.Call("HELLO 3");
        client.Call("SETRANGE a 99999 x");
        client.Call("SETRANGE b 199999 x");
        client.Call("RENAME b c");
        Assert.Equal(["c", "a"], Strings(client));
        client.Call("SET c small");
        Assert.Equal(["a"], Strings(client));
        client.Call("COPY a d");
        client.Call("DEL a");
        Assert.Equal(["d"], Strings(client));
        client.Call("MOVE d 1");
        Assert.Equal(["d"], Strings(client, "DB 1"));
        Assert.Empty(Strings(client, "DB 0"));
        client.Call("SWAPDB 0 1");
        Assert.Equal(["d"], Strings(client, "DB 0"));
        client.Call("APPEND d more");
        Assert.Equal(["d"], Strings(client, "DB 0"));
        client.Call("FLUSHDB");
        Assert.Empty(client.Call("MEMORY BIGKEYS").Items);
    }

    [Fact]
    public void The_largest_of_many_are_told()
    {
        using TestServer server = TestServer.Start();
        using RespConnection client = server.Connect();
        client.Call("HELLO 3");
        client.Call("EVAL \"for i = 1, 200 do redis.call('setrange', 'k' .. i, 3000 + 100 * ((i * 37) % 200), 'x') end\" 0");
        long[] sizes = [.. BytesOf(MapOf(client.Call("MEMORY BIGKEYS COUNT 20"))["string"])];
        Assert.Equal(20, sizes.Length);
        Assert.Equal(sizes.OrderDescending(), sizes);
        IEnumerable<long> all = Enumerable.Range(1, 200).Select(i => client.Call($"MEMORY USAGE k{i}").Integer);
        Assert.Equal(all.OrderDescending().Take(20), sizes);
    }

    [Fact]
    public void Those_of_a_snapshot_are_known_when_it_is_loaded()
    {
        using TestServer server = TestServer.Start("--enable-debug-command", "yes");
        using RespConnection client = server.Connect();
        client.Call("HELLO 3");
        client.Call("SETRANGE text 99999 x");
        Fill(client, "RPUSH list", 3000);
        Assert.Equal("OK", client.Call("DEBUG RELOAD").Text);
        Dictionary<string, Reply> types = MapOf(client.Call("MEMORY BIGKEYS"));
        Assert.Equal(["text"], KeysOf(types["string"], "by-bytes"));
        Assert.Equal(["list"], KeysOf(types["list"], "by-elements"));
    }

    [Fact]
    public void Prefixes_of_few_keys_are_counted_exactly()
    {
        using TestServer server = TestServer.Start();
        using RespConnection client = server.Connect();
        client.Call("HELLO 3");
        client.Call("MSET user:1 a user:2 b order/1:x c plain d");
        client.Call("SETRANGE order/2 9999 x");
        client.Call("GET user:1");
        Dictionary<string, Reply> told = MapOf(client.Call("MEMORY PREFIXES"));
        Assert.Equal((5L, 5L, "f"), (told["keys"].Integer, told["sampled"].Integer, told["estimated"].Text));
        Assert.Equal(
            [("", 2L), ("order/1:", 1L), ("user:", 2L)],
            told["prefixes"].Items.Select(MapOf).Select(share => (share["prefix"].Text, share["keys"].Integer)).Order());
        Dictionary<string, Reply> first = MapOf(MapOf(client.Call("MEMORY PREFIXES / COUNT 1"))["prefixes"].Items.Single());
        Assert.Equal(("order/", 2L), (first["prefix"].Text, first["keys"].Integer));
        Assert.Equal(
            client.Call("MEMORY USAGE order/2").Integer + client.Call("MEMORY USAGE order/1:x").Integer, first["bytes"].Integer);
        client.Call("SELECT 1");
        Assert.Empty(MapOf(client.Call("MEMORY PREFIXES"))["prefixes"].Items);
    }

    [Fact]
    public void Prefixes_of_many_keys_are_estimated_and_large_values_are_counted_as_they_are()
    {
        using TestServer server = TestServer.Start();
        using RespConnection client = server.Connect();
        client.Call("HELLO 3");
        client.Call("EVAL \"for i = 1, 30000 do redis.call('set', (i % 3 == 0 and 'a:' or 'b:') .. i, i) end\" 0");
        client.Call("SETRANGE big:1 9999999 x");
        Dictionary<string, Reply> told = MapOf(client.Call("MEMORY PREFIXES"));
        Assert.Equal((30_001L, 10_000L, "t"), (told["keys"].Integer, told["sampled"].Integer, told["estimated"].Text));
        Dictionary<string, (long Keys, long Bytes)> shares = told["prefixes"].Items.Select(MapOf)
            .ToDictionary(share => share["prefix"].Text, share => (share["keys"].Integer, share["bytes"].Integer));
        Assert.Equal((1L, client.Call("MEMORY USAGE big:1").Integer), shares["big:"]);
        Assert.InRange(shares["a:"].Keys, 9_000, 11_000);
        Assert.InRange(shares["b:"].Keys, 18_000, 22_000);
        Assert.Equal(["big:", "b:", "a:"], told["prefixes"].Items.Select(share => MapOf(share)["prefix"].Text));
    }

    [Fact]
    public void Nothing_is_known_while_it_is_off()
    {
        using TestServer server = TestServer.Start();
        using RespConnection client = server.Connect();
        client.Call("SETRANGE text 99999 x");
        client.Call("CONFIG SET key-statistics no");
        Assert.Empty(client.Call("MEMORY BIGKEYS").Items);
        client.Call("SETRANGE text 199999 x");
        Assert.Empty(client.Call("MEMORY BIGKEYS").Items);
        client.Call("CONFIG SET key-statistics yes");
        client.Call("SETRANGE text 299999 x");
        Assert.Equal(2, client.Call("MEMORY BIGKEYS").Items.Count);
    }

    [Theory]
    [InlineData("MEMORY BIGKEYS COUNT 65", "ERR COUNT must be between 1 and 64")]
    [InlineData("MEMORY BIGKEYS DB 16", "ERR Out of range database")]
    [InlineData("MEMORY BIGKEYS DB", "ERR syntax error")]
    [InlineData("MEMORY PREFIXES \"\"", "ERR the delimiter must have 1 to 16 bytes")]
    [InlineData("MEMORY PREFIXES : COUNT 0", "ERR COUNT must be between 1 and 1000")]
    [InlineData("MEMORY PREFIXES : LIMIT 5", "ERR syntax error")]
    public void What_is_wrong_is_told(string request, string error)
    {
        using TestServer server = TestServer.Start();
        using RespConnection client = server.Connect();
        Assert.Equal(error, client.Call(request).Text);
    }

    /// <summary>One request with so many elements.</summary>
    private static void Fill(RespConnection client, string request, int count) =>
        client.Call(request + " " + string.Join(' ', Enumerable.Range(1, count).Select(i => i.ToString(CultureInfo.InvariantCulture))));

    private static IEnumerable<string> Strings(RespConnection client, string options = "") =>
        MapOf(client.Call("MEMORY BIGKEYS " + options)).TryGetValue("string", out Reply? lists) ? KeysOf(lists, "by-bytes") : [];

    private static IEnumerable<string> KeysOf(Reply lists, string name) =>
        MapOf(lists)[name].Items.Select(key => MapOf(key)["key"].Text);

    private static IEnumerable<long> BytesOf(Reply lists) => MapOf(lists)["by-bytes"].Items.Select(key => MapOf(key)["bytes"].Integer);

    private static Dictionary<string, Reply> MapOf(Reply map)
    {
        Dictionary<string, Reply> pairs = [];
        for (int i = 0; i < map.Items.Count; i += 2)
        {
            pairs.Add(map.Items[i].Text, map.Items[i + 1]);
        }
        return pairs;
    }
}
