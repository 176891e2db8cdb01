using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Blocking;

/// <summary>Times that lie beyond what 64 bits hold.</summary>
public sealed class DeadlineTests
{
    private const string Max = "9223372036854775807";

    [Theory]
    [InlineData("CLIENT PAUSE " + Max)]
    [InlineData("CLIENT PAUSE " + Max + " WRITE")]
    [InlineData("XREAD BLOCK " + Max + " STREAMS x 0")]
    [InlineData("XREADGROUP GROUP g c BLOCK " + Max + " STREAMS s >")]
    [InlineData("WAIT 1 " + Max)]
    [InlineData("WAIT 0 " + Max)]
    [InlineData("WAITAOF 0 1 " + Max)]
    [InlineData("BLPOP k " + Max)]
    [InlineData("BZPOPMIN k 1e300")]
    [InlineData("BLMPOP inf 1 k LEFT")]
    public void TimeoutsBeyondAllTimesAreRefused(string command)
    {
        using TestServer server = TestServer.Start();
        using RespConnection client = server.Connect();
        client.Call("XGROUP CREATE s g 0 MKSTREAM");
        Assert.Equal("-ERR timeout is out of range", client.Call(command).ToString());
        Assert.Equal("+PONG", client.Call("PING").ToString());
    }

    [Theory]
    [InlineData("XREAD BLOCK 9200000000000000000 STREAMS x 0")]
    [InlineData("WAIT 1 9200000000000000000")]
    [InlineData("WAITAOF 0 1 9200000000000000000")]
    [InlineData("BLPOP k 9200000000000000")]
    public void TheLongestTimeoutsWait(string command)
    {
        using var scene = new BlockingScene("1");
        RespConnection client = scene.Open();
        string id = client.Call("CLIENT ID").Text;
        scene.Wait(client, command);
        Assert.Equal(":1", scene.Judge.Call($"CLIENT UNBLOCK {id}").ToString());
        Assert.False(client.Read().IsError);
    }

    [Fact]
    public void PausesThatLastForAgesEnd()
    {
        using TestServer server = TestServer.Start();
        using RespConnection client = server.Connect();
        Assert.Equal("+OK", client.Call("CLIENT PAUSE 9200000000000000000 WRITE").ToString());
        Assert.Equal("+OK", client.Call("CLIENT UNPAUSE").ToString());
        Assert.Equal("+OK", client.Call("SET a 1").ToString());
    }

    [Fact]
    public void ARestoredKeyIsNotRemovedByATimeThatDoesNotExist()
    {
        using TestServer server = TestServer.Start();
        using RespConnection client = server.Connect();
        client.Call("SET k v");
        byte[] payload = client.Call("DUMP k").Bytes;
        string head = $"*5\r\n$7\r\nRESTORE\r\n$1\r\nk\r\n$19\r\n{Max}\r\n${payload.Length}\r\n";
        client.Send([.. System.Text.Encoding.ASCII.GetBytes(head), .. payload, .. "\r\n$7\r\nREPLACE\r\n"u8]);
        Assert.Equal("-ERR invalid expire time in 'restore' command", client.Read().ToString());
        Assert.Equal("v", client.Call("GET k").Text);
    }

    [Fact]
    public void DeadlinesOfKeysAreRefusedAsInRedis() => Compare.SameReplies(
        from time in new[]
        {
            "0", "9223372036854775", "9223372036854776", Max, "-9223372036854775", "-9223372036854776", "-9223372036854775808",
        }
        from line in new[]
        {
            "SET k v", $"SET k v EX {time}", $"SET k v PX {time}", $"SET k v EXAT {time}", $"SET k v PXAT {time}", $"SETEX k {time} v",
            $"PSETEX k {time} v", $"GETEX k EX {time}", $"GETEX k PXAT {time}", "SET k v", $"EXPIRE k {time}", "EXISTS k", "SET k v",
            $"PEXPIRE k {time}", "EXISTS k", "SET k v",
            $"EXPIREAT k {time}", "EXPIRETIME k", "SET k v", $"PEXPIREAT k {time}", "PEXPIRETIME k",
        }
        select line);
}
