using Bixbite.Platform;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Streams;

/// <summary>What came after the version that other tests compare with: XDELEX, XACKDEL, policies of trimming, the id "+", CLAIM.</summary>
public sealed class NewerOptionTests
{
    private const string TwoGroups =
        """
        XADD s 1-1 a 1 => "1-1"
        XADD s 2-1 a 2 => "2-1"
        XADD s 3-1 a 3 => "3-1"
        XADD s 4-1 a 4 => "4-1"
        XGROUP CREATE s g 0 => +OK
        XGROUP CREATE s h 0 => +OK
        XREADGROUP GROUP g c COUNT 3 STREAMS s > => *[*["s", *[*["1-1", *["a", "1"]], *["2-1", *["a", "2"]], *["3-1", *["a", "3"]]]]]
        XREADGROUP GROUP h c COUNT 2 STREAMS s > => *[*["s", *[*["1-1", *["a", "1"]], *["2-1", *["a", "2"]]]]]

        """;

    [Fact]
    public void Deleting_by_policy() => Expect.Replies(
        TwoGroups +
        """
        XDELEX s KEEPREF IDS 2 1-1 9-9 => *[:1, :-1]
        XPENDING s g => *[:3, "1-1", "3-1", *[*["c", "3"]]]
        XDELEX s DELREF IDS 2 2-1 1-1 => *[:1, :-1]
        XPENDING s g => *[:1, "3-1", "3-1", *[*["c", "1"]]]
        XPENDING s h => *[:0, (nil), (nil), (nil)]
        XDELEX s ACKED IDS 2 3-1 4-1 => *[:2, :2]
        XACK s g 3-1 => :1
        XDELEX s IDS 1 3-1 ACKED => *[:2]
        XREADGROUP GROUP h c STREAMS s > => *[*["s", *[*["3-1", *["a", "3"]], *["4-1", *["a", "4"]]]]]
        XACK s h 3-1 4-1 => :2
        XDELEX s ACKED IDS 2 3-1 4-1 => *[:1, :2]
        XLEN s => :1
        XDELEX s IDS 1 4-1 => *[:1]
        XDELEX nokey IDS 2 1-1 2-1 => *[:-1, :-1]
        """);

    [Fact]
    public void Acknowledging_and_deleting() => Expect.Replies(
        TwoGroups +
        """
        XACKDEL s g IDS 2 1-1 4-1 => *[:1, :-1]
        XLEN s => :3
        XPENDING s h => *[:2, "1-1", "2-1", *[*["c", "2"]]]
        XACKDEL s g ACKED IDS 1 2-1 => *[:2]
        XLEN s => :3
        XPENDING s g => *[:1, "3-1", "3-1", *[*["c", "1"]]]
        XACKDEL s h ACKED IDS 1 2-1 => *[:1]
        XLEN s => :2
        XACKDEL s g DELREF IDS 1 3-1 => *[:1]
        XPENDING s g => *[:0, (nil), (nil), (nil)]
        XLEN s => :1
        XACKDEL s nogroup IDS 1 4-1 => *[:-1]
        XACKDEL nokey g IDS 2 1-1 2-1 => *[:-1, :-1]
        """);

    [Fact]
    public void What_cannot_be_deleted_by_policy() => Expect.Replies(
        """
        XADD s 1-1 a 1 => "1-1"
        XDELEX s IDS 0 1-1 => -ERR Number of IDs must be a positive integer
        XDELEX s IDS -1 1-1 => -ERR Number of IDs must be a positive integer
        XDELEX s IDS x 1-1 => -ERR Number of IDs must be a positive integer
        XDELEX s IDS 2 1-1 => -ERR The `numids` parameter must match the number of arguments
        XDELEX s IDS 1 1-1 2-1 => -ERR syntax error
        XDELEX s IDS 1 x => -ERR Invalid stream ID specified as stream command argument
        XDELEX s KEEPREF DELREF 1 => -ERR syntax error
        XDELEX s KEEPREF DELREF IDS 1 1-1 => -ERR syntax error
        XDELEX s NOPE 1 1-1 => -ERR syntax error
        XDELEX s IDS 1 => -ERR wrong number of arguments for 'xdelex' command
        XACKDEL s g IDS 0 1-1 => -ERR Number of IDs must be a positive integer
        XACKDEL s g IDS 2 1-1 => -ERR The `numids` parameter must match the number of arguments
        XACKDEL s g IDS 1 x => -ERR Invalid stream ID specified as stream command argument
        XACKDEL s g KEEPREF 1 1-1 => -ERR syntax error
        XACKDEL s g 1-1 => -ERR wrong number of arguments for 'xackdel' command
        SET str x => +OK
        XDELEX str IDS 1 1-1 => -WRONGTYPE Operation against a key holding the wrong kind of value
        XACKDEL str g IDS 1 1-1 => -WRONGTYPE Operation against a key holding the wrong kind of value
        XLEN s => :1
        """);

    [Fact]
    public void Trimming_forgets_references_to_what_was_deleted_before() => Expect.Replies(
        TwoGroups +
        """
        XDEL s 1-1 => :1
        XPENDING s h => *[:2, "1-1", "2-1", *[*["c", "2"]]]
        XTRIM s MAXLEN 2 DELREF => :1
        XPENDING s g => *[:1, "3-1", "3-1", *[*["c", "1"]]]
        XPENDING s h => *[:0, (nil), (nil), (nil)]
        XDEL s 3-1 => :1
        XADD s DELREF MAXLEN 1 5-1 a 5 => "5-1"
        XPENDING s g => *[:0, (nil), (nil), (nil)]
        """);

    [Fact]
    public void Trimming_by_policy() => Expect.Replies(
        TwoGroups +
        """
        XTRIM s MAXLEN 3 KEEPREF => :1
        XPENDING s g => *[:3, "1-1", "3-1", *[*["c", "3"]]]
        XTRIM s MAXLEN = 1 ACKED => :0
        XTRIM s MAXLEN 2 DELREF => :1
        XPENDING s g => *[:1, "3-1", "3-1", *[*["c", "1"]]]
        XREADGROUP GROUP h c STREAMS s > => *[*["s", *[*["3-1", *["a", "3"]], *["4-1", *["a", "4"]]]]]
        XACK s h 3-1 => :1
        XACK s g 3-1 => :1
        XADD s ACKED MAXLEN 2 5-1 a 5 => "5-1"
        XRANGE s - + => *[*["4-1", *["a", "4"]], *["5-1", *["a", "5"]]]
        XADD s DELREF MINID 5 6-1 a 6 => "6-1"
        XRANGE s - + => *[*["5-1", *["a", "5"]], *["6-1", *["a", "6"]]]
        XPENDING s h => *[:0, (nil), (nil), (nil)]
        XTRIM s MINID 7 ACKED => :0
        XTRIM s MINID ~ 7 DELREF LIMIT 1 => :1
        XTRIM s KEEPREF ACKED MAXLEN 1 => -ERR syntax error
        XADD s KEEPREF 7-1 a 7 => "7-1"
        """);

    [Fact]
    public void Reading_the_last_entry() => Expect.Replies(
        """
        XREAD STREAMS s + => (nil)
        XADD s 1-1 a 1 => "1-1"
        XADD s 2-1 a 2 => "2-1"
        XADD t 1-1 b 1 => "1-1"
        XREAD STREAMS s + => *[*["s", *[*["2-1", *["a", "2"]]]]]
        XREAD COUNT 5 STREAMS s t nokey + + + => *[*["s", *[*["2-1", *["a", "2"]]]], *["t", *[*["1-1", *["b", "1"]]]]]
        XREAD STREAMS s t + 1-1 => *[*["s", *[*["2-1", *["a", "2"]]]]]
        XGROUP CREATE s g 0 => +OK
        XREADGROUP GROUP g c STREAMS s x => -ERR Invalid stream ID specified as stream command argument
        """);

    [Fact]
    public void Claiming_while_reading() => Expect.Replies(
        """
        XADD s 1-1 a 1 => "1-1"
        XADD s 2-1 a 2 => "2-1"
        XGROUP CREATE s g 0 => +OK
        XREADGROUP GROUP g one CLAIM 100000 STREAMS s > => *[*["s", *[*["1-1", *["a", "1"], :0, :0], *["2-1", *["a", "2"], :0, :0]]]]
        XREADGROUP GROUP g two CLAIM 100000 STREAMS s > => (nil)
        XCLAIM s g one 0 1-1 IDLE 200000 RETRYCOUNT 3 JUSTID => *["1-1"]
        XADD s 3-1 a 3 => "3-1"
        XREADGROUP GROUP g two COUNT 1 CLAIM 300000 STREAMS s > => *[*["s", *[*["3-1", *["a", "3"], :0, :0]]]]
        XCLAIM s g one 0 1-1 TIME 0 RETRYCOUNT 3 JUSTID => *["1-1"]
        XPENDING s g => *[:3, "1-1", "3-1", *[*["one", "2"], *["two", "1"]]]
        XDEL s 1-1 => :1
        XREADGROUP GROUP g two CLAIM 100000 STREAMS s > => (nil)
        XREADGROUP GROUP g two CLAIM 100000 STREAMS s 0 => *[*["s", *[*["3-1", *["a", "3"]]]]]
        XREADGROUP GROUP g two CLAIM -1 STREAMS s > => -ERR min-idle-time must be a positive integer
        XREADGROUP GROUP g two CLAIM x STREAMS s > => -ERR min-idle-time is not an integer
        XREAD CLAIM 1 STREAMS s 0 => -ERR The CLAIM option is only supported by XREADGROUP. You called XREAD instead.
        """);

    [Fact]
    public void What_is_claimed_comes_first()
    {
        using TestServer server = TestServer.StartAt(new ManualClock());
        using RespConnection client = server.Connect();
        Expect.Replies(
            client,
            """
            XADD s 1-1 a 1 => "1-1"
            XADD s 2-1 a 2 => "2-1"
            XADD s 3-1 a 3 => "3-1"
            XGROUP CREATE s g 0 => +OK
            XREADGROUP GROUP g one COUNT 2 STREAMS s > => *[*["s", *[*["1-1", *["a", "1"]], *["2-1", *["a", "2"]]]]]
            XCLAIM s g one 0 1-1 IDLE 5000 RETRYCOUNT 3 JUSTID => *["1-1"]
            XCLAIM s g one 0 2-1 IDLE 6000 RETRYCOUNT 7 JUSTID => *["2-1"]
            """);
        Reply[] entries = [.. client.Call("XREADGROUP GROUP g two CLAIM 5000 STREAMS s >").Items[0].Items[1].Items];
        Assert.Equal(["2-1", "1-1", "3-1"], entries.Select(entry => entry.Items[0].Text));
        Assert.Equal([7L, 3, 0], entries.Select(entry => entry.Items[3].Integer));
        Assert.Equal([6000L, 5000, 0], entries.Select(entry => entry.Items[2].Integer));
        Assert.Equal("""*[:3, "1-1", "3-1", *[*["two", "3"]]]""", client.Call("XPENDING s g").ToString());
        Assert.Equal("8", client.Call("XPENDING s g 2-1 2-1 1").Items[0].Items[3].Text);
    }

    [Fact]
    public void How_long_a_consumer_was_idle()
    {
        using TestServer server = TestServer.Start();
        using RespConnection client = server.Connect();
        Expect.Replies(
            client,
            """
            XADD s 1-1 a 1 => "1-1"
            XGROUP CREATE s g 0 => +OK
            XGROUP CREATECONSUMER s g c => :1
            """);
        Reply consumer = client.Call("XINFO CONSUMERS s g").Items[0];
        Assert.Equal(["name", "pending", "idle", "inactive"], consumer.Items.Where((_, i) => i % 2 == 0).Select(item => item.Text));
        Assert.Equal(-1, consumer.Items[7].Integer);
        client.Call("XREADGROUP GROUP g c STREAMS s >");
        Assert.InRange(client.Call("XINFO CONSUMERS s g").Items[0].Items[7].Integer, 0, 60_000);
        Reply details = client.Call("XINFO STREAM s FULL").Items[17].Items[0];
        Assert.Equal("consumers", details.Items[12].Text);
        Assert.Equal("active-time", details.Items[13].Items[0].Items[4].Text);
    }
}
