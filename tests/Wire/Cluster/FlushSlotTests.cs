using Bixbite.Wire.Harness;
using Bixbite.Wire.Replication;

namespace Bixbite.Wire.Cluster;

/// <summary>CLUSTER FLUSHSLOT removes the keys of a slot, whatever they are, and no others.</summary>
public sealed class FlushSlotTests
{
    private const int KeyCount = 300;

    [Theory]
    [InlineData("", "DEL")]
    [InlineData(" SYNC", "DEL")]
    [InlineData(" ASYNC", "UNLINK")]
    public void The_keys_of_the_slot_go_one_by_one(string mode, string told)
    {
        using TestServer server = TestServer.Start(
            "--cluster-enabled", "yes", "--cluster-databases", "2", "--notify-keyspace-events", "Eg");
        using RespConnection client = server.Connect();
        client.Call("CLUSTER ADDSLOTSRANGE 0 16383");
        for (int i = 0; i < KeyCount; i++)
        {
            client.Call($"SADD {{t}}{i} a b c");
        }
        client.Call("SET other 1");
        client.Call("SELECT 1");
        client.Call("SET {t}0 in1");
        using RespConnection watching = server.Connect();
        watching.Call("WATCH {t}7");
        using RespConnection listening = server.Connect();
        listening.Call("SUBSCRIBE __keyevent@0__:del __keyevent@1__:del");
        listening.Read();
        using FakeReplica replica = new(server.Address);
        replica.GoOnline();

        Assert.Equal("OK", client.Call($"CLUSTER FLUSHSLOT {client.Call("CLUSTER KEYSLOT t").Integer}{mode}").Text);
        Assert.Equal(0, client.Call("DBSIZE").Integer);
        client.Call("SELECT 0");
        Assert.Equal(["other"], client.Call("KEYS *").Items.Select(static key => key.Text));
        watching.Call("MULTI");
        Assert.True(watching.Call("EXEC").IsNull);

        string[] stream = [.. Enumerable.Range(0, KeyCount + 5).Select(_ => replica.NextRequest())];
        Assert.Equal(["SELECT 0", "MULTI"], stream[..2]);
        string[] removed = [.. Enumerable.Range(0, KeyCount).Select(i => $"{told} {{t}}{i}").Order(StringComparer.Ordinal)];
        Assert.Equal(removed, stream[2..^3].Order(StringComparer.Ordinal));
        Assert.Equal(["SELECT 1", $"{told} {{t}}0", "EXEC"], stream[^3..]);
        Assert.Equal(
            [.. stream[2..^3].Append(stream[^2]).Select(static words => words.Split(' ')[1])],
            Enumerable.Range(0, KeyCount + 1).Select(_ => listening.Read().Items[2].Text));
    }

    [Fact]
    public void What_is_wrong_is_told_and_removes_nothing()
    {
        using TestServer server = TestServer.Start("--cluster-enabled", "yes");
        using RespConnection client = server.Connect();
        Expect.Replies(
            client,
            """
            CLUSTER ADDSLOTSRANGE 0 16383 => +OK
            SET a 1 => +OK
            CLUSTER FLUSHSLOT 15494 => +OK
            CLUSTER FLUSHSLOT 16384 => -ERR Invalid or out of range slot
            CLUSTER FLUSHSLOT -1 => -ERR Invalid or out of range slot
            CLUSTER FLUSHSLOT a => -ERR Invalid or out of range slot
            CLUSTER FLUSHSLOT 15495 SOON => -ERR syntax error
            CLUSTER FLUSHSLOT 15495 SYNC ASYNC => -ERR syntax error
            CLUSTER FLUSHSLOT => -ERR wrong number of arguments for 'cluster|flushslot' command
            GET a => "1"
            CLUSTER FLUSHSLOT 15495 => +OK
            GET a => (nil)
            """);
        using TestServer alone = TestServer.Start();
        using RespConnection another = alone.Connect();
        Assert.Equal("ERR This instance has cluster support disabled", another.Call("CLUSTER FLUSHSLOT 1").Text);
    }
}
