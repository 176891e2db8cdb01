using Bixbite.Platform;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Transactions;

/// <summary>Commands that would wait, within a transaction: each answers at once and in its place.</summary>
public sealed class WaitingTests
{
    [Fact]
    public void CommandsThatWaitAnswerInTheirPlace() => Compare.SameReplies(
    [
        "MULTI", "WAIT 1 500", "PING", "WAIT 1 500", "SET a 1", "WAIT 1 0", "EXEC",
        "MULTI", "BLPOP l 0", "BRPOP l 0", "BLMOVE l m LEFT LEFT 0", "BRPOPLPUSH l m 0", "BLMPOP 0 1 l LEFT", "EXEC",
        "MULTI", "BZPOPMIN z 0", "BZPOPMAX z 0", "BZMPOP 0 1 z MIN", "XREAD BLOCK 0 STREAMS x $", "EXEC",
        "XGROUP CREATE x g 0 MKSTREAM", "MULTI", "XREADGROUP GROUP g c BLOCK 0 STREAMS x >", "PING", "EXEC",
        "MULTI", "MONITOR", "PING", "EXEC", "PING",
    ]);

    [Fact]
    public void WaitAofAnswersInItsPlace()
    {
        using TestServer server = TestServer.Start();
        using RespConnection client = server.Connect();
        client.Call("MULTI");
        client.Call("WAITAOF 0 1 0");
        client.Call("PING");
        client.Call("WAITAOF 0 1 0");
        Assert.Equal("*[*[:0, :0], +PONG, *[:0, :0]]", client.Call("EXEC").ToString());
        Assert.Equal("+PONG", client.Call("PING").ToString());
    }

    [Fact]
    public void TouchDoesNotEndNoTouch()
    {
        using TestServer server = TestServer.StartAt(new ManualClock(), "--maxmemory-policy", "allkeys-lfu", "--lfu-log-factor", "0");
        using RespConnection client = server.Connect();
        client.Call("SET a 1");
        client.Call("SET b 1");
        client.Call("CLIENT NO-TOUCH ON");
        string before = client.Call("OBJECT FREQ b").Text;
        client.Call("MULTI");
        client.Call("TOUCH a");
        client.Call("GET b");
        client.Call("EXEC");
        Assert.Equal(before, client.Call("OBJECT FREQ b").Text);
        Assert.NotEqual(before, client.Call("OBJECT FREQ a").Text);
    }
}
