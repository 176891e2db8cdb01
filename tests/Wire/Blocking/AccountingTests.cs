using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Blocking;

/// <summary>A command that waits is one call, when its wait is over; an error is counted once.</summary>
public sealed class AccountingTests
{
    [Fact]
    public void AWaitIsOneCall()
    {
        using var scene = new BlockingScene("1");
        scene.Judge.Call("CONFIG SET slowlog-log-slower-than 0");
        scene.Judge.Call("CONFIG RESETSTAT");
        RespConnection client = scene.Wait("BLPOP q 0");
        Assert.DoesNotContain("cmdstat_blpop", scene.Judge.Call("INFO commandstats").Text, StringComparison.Ordinal);
        scene.Judge.Call("RPUSH q a");
        Assert.Equal("""*["q", "a"]""", client.Read().ToString());
        Assert.Contains("cmdstat_blpop:calls=1,", scene.Judge.Call("INFO commandstats").Text, StringComparison.Ordinal);
        string log = scene.Judge.Call("SLOWLOG GET -1").ToString();
        Assert.Equal(2, log.Split("BLPOP").Length);
    }

    [Fact]
    public void AWaitThatEndsWithAnErrorHasFailed()
    {
        using var scene = new BlockingScene("1");
        RespConnection client = scene.Open();
        string id = client.Call("CLIENT ID").Text;
        scene.Wait(client, "BLPOP q 0");
        scene.Judge.Call($"CLIENT UNBLOCK {id} ERROR");
        Assert.StartsWith("-UNBLOCKED", client.Read().ToString(), StringComparison.Ordinal);
        string info = scene.Judge.Call("INFO everything").Text;
        Assert.Contains("errorstat_UNBLOCKED:count=1", info, StringComparison.Ordinal);
        Assert.Contains("total_error_replies:1\r", info, StringComparison.Ordinal);
        Assert.Matches("cmdstat_blpop:calls=1,.*failed_calls=1", info);
    }

    [Fact]
    public void AnErrorWithinATransactionIsCountedOnce()
    {
        using TestServer server = TestServer.Start();
        using RespConnection client = server.Connect();
        client.Call("SET s v");
        client.Call("MULTI");
        client.Call("LPUSH s a");
        client.Call("EXEC");
        string info = client.Call("INFO everything").Text;
        Assert.Contains("total_error_replies:1\r", info, StringComparison.Ordinal);
        Assert.Contains("errorstat_WRONGTYPE:count=1", info, StringComparison.Ordinal);
        Assert.Matches("cmdstat_lpush:.*failed_calls=1", info);
        Assert.Matches("cmdstat_exec:.*failed_calls=0", info);
    }

    [Fact]
    public void ConfirmationsAreSentToThoseWhoWantNoReplies()
    {
        using TestServer server = TestServer.Start();
        using RespConnection client = server.Connect();
        client.Send("CLIENT REPLY OFF");
        client.Send("SUBSCRIBE a");
        Assert.Equal("""*["subscribe", "a", :1]""", client.Read().ToString());
        client.Send("UNSUBSCRIBE a");
        Assert.Equal("""*["unsubscribe", "a", :0]""", client.Read().ToString());
    }

    [Fact]
    public void NothingExpiresWhileWritesArePaused()
    {
        using TestServer server = TestServer.Start();
        using RespConnection client = server.Connect();
        client.Call("MULTI");
        client.Call("SET k v PX 1");
        client.Call("CLIENT PAUSE 100000 WRITE");
        client.Call("EXEC");
        while (client.Call("EXISTS k").Text == "1")
        {
            Thread.Sleep(1);
        }
        Assert.Equal("(nil)", client.Call("GET k").ToString());
        Assert.Equal("1", client.Call("DBSIZE").Text);
        Assert.Contains("expired_keys:0\r", client.Call("INFO stats").Text, StringComparison.Ordinal);
        client.Call("CLIENT UNPAUSE");
        Assert.Equal("(nil)", client.Call("GET k").ToString());
        Assert.Equal("0", client.Call("DBSIZE").Text);
    }
}
