using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Server;

/// <summary>HOTKEYS as Redis 8.6 has it, as Valkey 9.2 has it, and what is always known.</summary>
public sealed class HotKeysTests
{
    [Fact]
    public void Tracking_tells_keys_by_bytes_and_time()
    {
        using TestServer server = TestServer.Start();
        using RespConnection client = server.Connect();
        client.Call("HELLO 3");
        Assert.True(client.Call("HOTKEYS GET").IsNull);
        Assert.True(client.Call("HOTKEYS STOP").IsNull);
        Assert.Equal("OK", client.Call("HOTKEYS START METRICS 2 CPU NET COUNT 5").Text);
        Assert.Equal("ERR hotkey tracking session already in progress", client.Call("HOTKEYS START METRICS 1 NET").Text);
        Assert.Equal("ERR hotkey tracking session in progress, stop tracking first", client.Call("HOTKEYS RESET").Text);
        client.Call("SET k v");
        client.Call("MSET a 1 b 2");
        Dictionary<string, Reply> told = MapOf(Assert.Single(client.Call("HOTKEYS GET").Items));
        Assert.Equal(1, told["tracking-active"].Integer);
        Assert.Equal(["0", "16383"], Assert.Single(told["selected-slots"].Items).Items.Select(slot => slot.Text));
        Assert.Equal(0, told["by-cpu-time-us"].Items.Count % 2);
        Dictionary<string, long> bytes = PairsOf(told["by-net-bytes"]);
        Assert.Equal("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1\r\nv\r\n+OK\r\n".Length, bytes["k"]);
        Assert.Equal(["a", "b", "k"], bytes.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(bytes["k"] + "*5\r\n$4\r\nMSET\r\n$1\r\na\r\n$1\r\n1\r\n$1\r\nb\r\n$1\r\n2\r\n+OK\r\n".Length,
            told["net-bytes-all-commands-all-slots"].Integer);
        Assert.Equal("OK", client.Call("HOTKEYS STOP").Text);
        client.Call("SET later v");
        told = MapOf(Assert.Single(client.Call("HOTKEYS GET").Items));
        Assert.Equal(0, told["tracking-active"].Integer);
        Assert.DoesNotContain("later", PairsOf(told["by-net-bytes"]).Keys);
        Assert.Equal("OK", client.Call("HOTKEYS RESET").Text);
        Assert.True(client.Call("HOTKEYS GET").IsNull);
    }

    [Fact]
    public void Only_what_was_asked_for_is_told()
    {
        using TestServer server = TestServer.Start();
        using RespConnection client = server.Connect();
        client.Call("HELLO 3");
        client.Call("HOTKEYS START METRICS 2 GPU NET SAMPLE 5 DURATION 1");
        Dictionary<string, Reply> told = MapOf(Assert.Single(client.Call("HOTKEYS GET").Items));
        Assert.Equal(5, told["sample-ratio"].Integer);
        Assert.False(told.ContainsKey("by-cpu-time-us") || told.ContainsKey("total-cpu-time-user-ms"));
        Assert.True(told.ContainsKey("total-net-bytes"));
        Patience.Until(() => MapOf(Assert.Single(client.Call("HOTKEYS GET").Items))["tracking-active"].Integer == 0);
    }

    [Fact]
    public void In_a_cluster_slots_are_selected()
    {
        using TestServer server = TestServer.Start("--cluster-enabled", "yes", "--cluster-require-full-coverage", "no");
        using RespConnection client = server.Connect();
        client.Call("HELLO 3");
        client.Call("CLUSTER ADDSLOTSRANGE 0 9000");
        client.Call("HOTKEYS START METRICS 1 NET");
        Dictionary<string, Reply> told = MapOf(Assert.Single(client.Call("HOTKEYS GET").Items));
        Assert.Equal("0-9000", RangesOf(told["selected-slots"]));
        Assert.False(told.ContainsKey("all-commands-selected-slots-us"));
        client.Call("HOTKEYS STOP");

        // {06S} is in slot 0, {b} in 3300.
        Assert.Equal("OK", client.Call("HOTKEYS START METRICS 1 NET SLOTS 4 10 0 2 1").Text);
        client.Call("SET {06S}a 1");
        client.Call("SET {b}a 1");
        told = MapOf(Assert.Single(client.Call("HOTKEYS GET").Items));
        Assert.Equal("0-2 10", RangesOf(told["selected-slots"]));
        Assert.Equal("{06S}a", Assert.Single(PairsOf(told["by-net-bytes"])).Key);
        Assert.Equal(told["total-net-bytes"].Integer, told["net-bytes-all-commands-selected-slots"].Integer);
        Assert.Equal(
            told["net-bytes-all-commands-all-slots"].Integer,
            told["net-bytes-all-commands-selected-slots"].Integer + "*3\r\n$3\r\nSET\r\n$4\r\n{b}a\r\n$1\r\n1\r\n+OK\r\n".Length);
        Assert.True(told.ContainsKey("all-commands-selected-slots-us"));
        Assert.DoesNotContain("sampled-commands-selected-slots-us", told.Keys);
        Assert.DoesNotContain("net-bytes-sampled-commands-selected-slots", told.Keys);
        client.Call("HOTKEYS STOP");

        client.Call("HOTKEYS START METRICS 1 CPU SLOTS 1 0 SAMPLE 2");
        told = MapOf(Assert.Single(client.Call("HOTKEYS GET").Items));
        Assert.Equal(0, told["sampled-commands-selected-slots-us"].Integer);
        Assert.Equal(0, told["net-bytes-sampled-commands-selected-slots"].Integer);
    }

    [Fact]
    public void Of_slots_what_is_wrong_is_told()
    {
        using TestServer server = TestServer.Start("--cluster-enabled", "yes");
        using RespConnection client = server.Connect();
        client.Call("CLUSTER ADDSLOTSRANGE 0 9000");
        (string Slots, string Error)[] cases =
        [
            ("SLOTS", "ERR syntax error"),
            ("SLOTS 0", "ERR SLOTS count must be between 1 and 16384"),
            ("SLOTS 16385 0", "ERR SLOTS count must be between 1 and 16384"),
            ("SLOTS 2 0", "ERR not enough slot numbers provided"),
            ("SLOTS 1 -1", "ERR Invalid or out of range slot"),
            ("SLOTS 1 16384", "ERR Invalid or out of range slot"),
            ("SLOTS 1 x", "ERR Invalid or out of range slot"),
            ("SLOTS 3 0 0 9001", "ERR slot 9001 not handled by this node"),
            ("SLOTS 3 0 1 0", "ERR duplicate slot number"),
            ("SLOTS 1 0 SLOTS 1 5", "ERR SLOTS parameter already specified"),
            ("SLOTS 1 0 1", "ERR syntax error"),
        ];
        foreach ((string slots, string error) in cases)
        {
            Assert.Equal((slots, error), (slots, client.Call($"HOTKEYS START METRICS 1 CPU {slots}").Text.TrimEnd()));
        }
        Assert.True(client.Call("HOTKEYS GET").IsNull);
    }

    [Theory]
    [InlineData("HOTKEYS START", "ERR METRICS parameter is required")]
    [InlineData("HOTKEYS START METRICS 0", "ERR METRICS count must be > 0 and <= 2")]
    [InlineData("HOTKEYS START METRICS 3 CPU NET", "ERR METRICS count must be > 0 and <= 2")]
    [InlineData("HOTKEYS START METRICS 2 CPU", "ERR METRICS count does not match number of metric types provided")]
    [InlineData("HOTKEYS START METRICS 1 CPU NET", "ERR syntax error")]
    [InlineData("HOTKEYS START METRICS 1 GPU", "ERR METRICS no valid metrics passed. Supported: CPU|NET")]
    [InlineData("HOTKEYS START METRICS 2 CPU CPU", "ERR METRICS CPU defined more than once!")]
    [InlineData("HOTKEYS START METRICS 2 NET NET", "ERR METRICS NET defined more than once!")]
    [InlineData("HOTKEYS START METRICS 1 CPU COUNT 65", "ERR COUNT must be between 1 and 64")]
    [InlineData("HOTKEYS START METRICS 1 CPU DURATION 0", "ERR DURATION must be between 1 and 1000000")]
    [InlineData("HOTKEYS START METRICS 1 CPU SAMPLE 0", "ERR SAMPLE ratio must be positive")]
    [InlineData("HOTKEYS START METRICS 1 CPU SLOTS 2 0 5", "ERR SLOTS parameter cannot be used in non-cluster mode")]
    [InlineData("HOTKEYS TOP COUNT 0", "ERR COUNT must be between 1 and 128")]
    [InlineData("HOTKEYS TOP SOON", "ERR syntax error")]
    public void What_is_wrong_is_told(string request, string error)
    {
        using TestServer server = TestServer.Start();
        using RespConnection client = server.Connect();
        Assert.Equal(error, client.Call(request).Text.Replace("\r\n", "", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_always_known_is_told_by_operations_and_bytes()
    {
        using TestServer server = TestServer.Start();
        using RespConnection client = server.Connect();
        client.Call("HELLO 3");
        for (int i = 0; i < 3; i++)
        {
            client.Call("INCR often");
        }
        client.Call("SET {tag}once 0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789");
        Dictionary<string, Reply> told = MapOf(client.Call("HOTKEYS TOP"));
        Assert.Equal(1, told["sampled-one-in"].Integer);
        Dictionary<string, Reply> first = MapOf(told["keys"].Items[0]);
        Assert.Equal(("often", 3L, 0L), (first["key"].Text, first["count"].Integer, first["db"].Integer));
        first = MapOf(MapOf(client.Call("HOTKEYS TOP BYTES COUNT 1"))["keys"].Items.Single());
        Assert.Equal(("{tag}once", 8338L), (first["key"].Text, first["slot"].Integer));
        client.Call("SELECT 1");
        client.Call("GET elsewhere");
        Assert.Equal("elsewhere", MapOf(Assert.Single(MapOf(client.Call("HOTKEYS TOP OPS DB 1"))["keys"].Items))["key"].Text);
        client.Call("HOTKEYS RESET");
        Assert.Empty(MapOf(client.Call("HOTKEYS TOP"))["keys"].Items);
        client.Call("CONFIG SET key-statistics no");
        client.Call("GET often");
        Assert.Empty(MapOf(client.Call("HOTKEYS TOP"))["keys"].Items);
    }

    [Fact]
    public void Valkeys_setting_asks_for_Valkeys_reply()
    {
        using TestServer server = TestServer.Start("--hotkeys-top-k", "1", "--hotkeys-window-seconds", "1");
        using RespConnection client = server.Connect();
        client.Call("HELLO 3");
        Patience.Until(() =>
        {
            client.Call("GET often");
            client.Call("GET often");
            client.Call("GET seldom");
            return client.Call("HOTKEYS GET").Items.Count == 1;
        });
        Dictionary<string, Reply> told = MapOf(client.Call("HOTKEYS GET").Items[0]);
        Assert.Equal(("often", 0L), (told["key"].Text, told["db"].Integer));
        Assert.Equal(["db", "key", "qps"], told.Keys.Order(StringComparer.Ordinal));
        Assert.True(InfoText.Number(client, "hotkeys_last_window_duration_ms") >= 1000);
    }

    private static Dictionary<string, Reply> MapOf(Reply map)
    {
        Dictionary<string, Reply> pairs = [];
        for (int i = 0; i < map.Items.Count; i += 2)
        {
            pairs.Add(map.Items[i].Text, map.Items[i + 1]);
        }
        return pairs;
    }

    private static string RangesOf(Reply slots) =>
        string.Join(' ', slots.Items.Select(range => string.Join('-', range.Items.Select(slot => slot.Text))));

    private static Dictionary<string, long> PairsOf(Reply flat) => MapOf(flat).ToDictionary(pair => pair.Key, pair => pair.Value.Integer);
}
