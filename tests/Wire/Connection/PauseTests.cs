using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Connection;

/// <summary>While writes are paused the keyspace stays as it is: what is due is hidden and not removed, and nothing is evicted.</summary>
public sealed class PauseTests
{
    [Fact]
    public void DueKeysAreHiddenAndRemovedAfterwards()
    {
        using TestServer server = TestServer.Start();
        using RespConnection client = server.Connect();
        client.Call("SET stays v");
        SetAndPause(client, "SET due v PX 50");
        while (client.Call("EXISTS due").ToString() == ":1")
        {
            Thread.Sleep(5);
        }
        Assert.Equal("(nil)", client.Call("GET due").ToString());
        Assert.Equal(":-2", client.Call("TTL due").ToString());
        Assert.Equal("*1 [stays]", Names(client.Call("KEYS *")));
        Assert.Equal("*1 [stays]", Names(client.Call("SCAN 0").Items[1]));
        Assert.Equal(":2", client.Call("DBSIZE").ToString());
        Assert.Contains("expired_keys:0\r\n", client.Call("INFO stats").Text, StringComparison.Ordinal);

        client.Call("CLIENT UNPAUSE");
        while (client.Call("DBSIZE").ToString() != ":1")
        {
            Thread.Sleep(5);
        }
        Assert.Contains("expired_keys:1\r\n", client.Call("INFO stats").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void ARandomKeyIsFoundWhereAllAreDue()
    {
        using TestServer server = TestServer.Start();
        using RespConnection client = server.Connect();
        SetAndPause(client, "SET due v PX 20");
        while (client.Call("EXISTS due").ToString() == ":1")
        {
            Thread.Sleep(5);
        }
        Assert.Equal("due", client.Call("RANDOMKEY").Text);
    }

    [Fact]
    public void NothingIsEvicted()
    {
        using TestServer server = TestServer.Start("--maxmemory-policy", "allkeys-lru");
        using RespConnection client = server.Connect();
        for (int i = 0; i < 100; i++)
        {
            client.Call($"SET key:{i} {new string('v', 1000)}");
        }
        client.Call("CLIENT PAUSE 100000 WRITE");
        client.Call("CONFIG SET maxmemory 1");
        for (int i = 0; i < 10; i++)
        {
            client.Call("GET key:1");
        }
        Assert.Equal(":100", client.Call("DBSIZE").ToString());
    }

    /// <summary>In one round, so that nothing expires in between however slow the machine is.</summary>
    private static void SetAndPause(RespConnection client, string set)
    {
        client.Send([.. CommandLine.Encode(set), .. CommandLine.Encode("CLIENT PAUSE 100000 WRITE")]);
        Assert.Equal("OK", client.Read().Text);
        Assert.Equal("OK", client.Read().Text);
    }

    private static string Names(Reply reply) => $"*{reply.Items.Count} [{string.Join(' ', reply.Items.Select(item => item.Text))}]";
}
