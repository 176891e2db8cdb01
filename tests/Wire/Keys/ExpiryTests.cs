using Bixbite.Platform;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Keys;

/// <summary>Keys go when their time has come: when somebody looks, and when nobody does.</summary>
public sealed class ExpiryTests
{
    [Fact]
    public void Due_keys_are_gone_for_whoever_looks() => Expect.Replies(
        """
        DEBUG SET-ACTIVE-EXPIRE 0 => +OK
        SET a 1 PX 1 => +OK
        SET b 1 PX 1 => +OK
        SET c 1 PX 1 => +OK
        DEBUG SLEEP 0.01 => +OK
        DBSIZE => :3
        GET a => (nil)
        EXISTS b => :0
        INCR c => :1
        TTL c => :-1
        DBSIZE => :1
        SET d 1 PX 1 => +OK
        DEBUG SLEEP 0.01 => +OK
        RENAME d e => -ERR no such key
        SET d 1 PX 1 => +OK
        DEBUG SLEEP 0.01 => +OK
        KEYS * => *["c"]
        RANDOMKEY => "c"
        COPY d e => :0
        OBJECT ENCODING d => (nil)
        SET d 2 NX => +OK
        """);

    [Fact]
    public void Due_keys_go_though_nobody_looks()
    {
        using TestServer server = TestServer.Start();
        using RespConnection connection = server.Connect();
        for (int i = 0; i < 1000; i++)
        {
            connection.Call($"SET k{i} v PX {20 + (i % 50)}");
        }
        connection.Call("SET stays v");
        Patience.Until(() => connection.Call("DBSIZE").Integer == 1, "keys stay though they are due, or those that are not go");
        Assert.Contains("expired_keys:1000\r\n", connection.Call("INFO stats").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Frequencies_and_idle_times()
    {
        // Counters are halved, and idle times grow, at the turn of a minute or a second, whenever that is.
        using Compare compare = new("--maxmemory-policy", "allkeys-lfu", "--lfu-decay-time", "0");
        compare.Run(
        [
            "SET k v", "OBJECT FREQ k", "OBJECT IDLETIME k", "OBJECT FREQ none", "CONFIG SET maxmemory-policy allkeys-lru",
            "OBJECT FREQ k", "SET l v", "~OBJECT IDLETIME l", "OBJECT FREQ l", "CONFIG SET maxmemory-policy allkeys-lfu",
        ]);
    }

    [Fact]
    public void Clocks_come_back_with_restore()
    {
        using TestServer server = TestServer.StartAt(new ManualClock());
        using RespConnection connection = server.Connect();
        connection.Call("SET k v");
        byte[] payload = connection.Call("DUMP k").Bytes;
        Restore(connection, payload, "IDLETIME", "1000");
        Assert.Equal(1000, connection.Call("OBJECT IDLETIME r").Integer);
        connection.Call("TOUCH r");
        Assert.Equal(0, connection.Call("OBJECT IDLETIME r").Integer);
        connection.Call("CONFIG SET maxmemory-policy allkeys-lfu");
        Restore(connection, payload, "FREQ", "100");
        Assert.Equal(100, connection.Call("OBJECT FREQ r").Integer);
    }

    private static void Restore(RespConnection connection, byte[] payload, string option, string value)
    {
        string[] words = ["REPLACE", option, value];
        connection.Send(CommandLine.Encode(
            ["RESTORE"u8.ToArray(), "r"u8.ToArray(), "0"u8.ToArray(), payload, .. words.Select(System.Text.Encoding.ASCII.GetBytes)]));
        Assert.Equal("+OK", connection.Read().ToString());
    }
}
