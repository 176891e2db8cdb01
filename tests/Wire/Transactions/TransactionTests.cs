using Bixbite.Platform;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Transactions;

/// <summary>MULTI, EXEC, DISCARD, WATCH and UNWATCH beside Redis, and between clients.</summary>
public sealed class TransactionTests
{
    [Fact]
    public void Replies() => Compare.SameReplies(
        """
        MULTI
        SET a 1
        INCR a
        GET a
        EXEC
        GET a
        MULTI
        EXEC
        MULTI
        DISCARD
        EXEC
        DISCARD
        MULTI
        MULTI
        WATCH a
        SET a 5
        EXEC
        MULTI
        SET a
        SET a 7
        EXEC
        GET a
        MULTI
        NOSUCH a
        EXEC
        MULTI
        CLIENT NOSUCH
        EXEC
        MULTI
        SET a text
        INCR a
        GET a
        EXEC
        GET a
        MULTI
        SELECT 3
        SET in3 1
        EXEC
        GET in3
        SELECT 0
        EXISTS in3
        MULTI
        SET x 1
        RESET
        EXEC
        GET x
        """);

    [Fact]
    public void Arity_and_watch() => Compare.SameReplies(
        """
        MULTI x
        EXEC x
        DISCARD x
        WATCH
        UNWATCH x
        WATCH a b a
        SET a 1
        MULTI
        SET b 1
        EXEC
        EXISTS b
        WATCH a
        UNWATCH
        SET a 2
        MULTI
        SET b 1
        EXEC
        WATCH a
        MULTI
        INCR a
        EXEC
        WATCH a
        MULTI
        DISCARD
        SET a 3
        MULTI
        GET a
        EXEC
        WATCH missing
        FLUSHALL
        MULTI
        PING
        EXEC
        SET there 1
        WATCH there
        FLUSHDB
        MULTI
        PING
        EXEC
        SET there 1
        WATCH there
        SWAPDB 0 5
        MULTI
        PING
        EXEC
        WATCH nowhere
        SWAPDB 0 5
        MULTI
        PING
        EXEC
        """);

    [Fact]
    public void Another_client_breaks_a_watch()
    {
        using TestServer server = TestServer.Start();
        using RespConnection watcher = server.Connect();
        using RespConnection other = server.Connect();
        watcher.Call("WATCH k");
        other.Call("SET k 1");
        watcher.Call("MULTI");
        watcher.Call("SET done 1");
        Assert.Equal("(nil)", watcher.Call("EXEC").ToString());
        Assert.Equal(":0", watcher.Call("EXISTS done").ToString());

        watcher.Call("WATCH k");
        other.Call("GET k");
        other.Call("SET unrelated 1");
        watcher.Call("MULTI");
        watcher.Call("SET done 1");
        Assert.Equal("*[+OK]", watcher.Call("EXEC").ToString());
    }

    [Fact]
    public void A_key_that_expires_breaks_its_watch()
    {
        ManualClock clock = new();
        using TestServer server = TestServer.StartAt(clock);
        using RespConnection watcher = server.Connect();
        watcher.Call("SET k 1");
        watcher.Call("WATCH k");
        watcher.Call("PEXPIREAT k 1");
        watcher.Call("UNWATCH");
        watcher.Call("SET k 1 PX 300");
        watcher.Call("WATCH k");
        clock.AdvanceMs(301);
        Assert.Equal(":0", watcher.Call("EXISTS k").ToString());
        watcher.Call("MULTI");
        watcher.Call("PING");
        Assert.Equal("(nil)", watcher.Call("EXEC").ToString());
    }

    [Fact]
    public async Task Nothing_runs_in_between()
    {
        using TestServer server = TestServer.Start("--io-threads", "2");
        using CancellationTokenSource stop = new();
        Task[] writers = [.. Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
        {
            using RespConnection writer = server.Connect();
            while (!stop.IsCancellationRequested)
            {
                writer.Call("INCR counter");
            }
        }))];
        using RespConnection reader = server.Connect();
        for (int i = 0; i < 500; i++)
        {
            reader.Call("MULTI");
            reader.Call("GET counter");
            reader.Call("SET other x");
            reader.Call("GET counter");
            IReadOnlyList<Reply> replies = reader.Call("EXEC").Items;
            Assert.Equal(replies[0].ToString(), replies[2].ToString());
        }

        await stop.CancelAsync();
        await Task.WhenAll(writers);
    }

    [Fact]
    public void Client_list_shows_it()
    {
        using TestServer server = TestServer.Start();
        using RespConnection client = server.Connect();
        using RespConnection other = server.Connect();
        client.Call("WATCH a b");
        client.Call("MULTI");
        client.Call("PING");
        string id = other.Call("CLIENT LIST").Text.Split('\n').First(line => line.Contains("multi=1", StringComparison.Ordinal));
        Assert.Contains(" flags=x ", id, StringComparison.Ordinal);
        Assert.Contains(" watch=2 ", id, StringComparison.Ordinal);
        string info = other.Call("INFO clients").Text;
        Assert.Contains("watching_clients:1", info, StringComparison.Ordinal);
        Assert.Contains("total_watched_keys:2", info, StringComparison.Ordinal);
        other.Call("SET a 1");
        Assert.Contains(" flags=xd ", other.Call("CLIENT LIST").Text, StringComparison.Ordinal);
        client.Dispose();
        while (!other.Call("INFO clients").Text.Contains("total_watched_keys:0", StringComparison.Ordinal))
        {
            Thread.Sleep(5);
        }
    }

    [Fact]
    public void All_commands_of_a_transaction_see_one_time()
    {
        using TestServer server = TestServer.Start("--enable-debug-command", "yes");
        using RespConnection client = server.Connect();
        client.Call("MULTI");
        foreach (string line in (string[])["SET k v PX 1", "DEBUG SLEEP 0.05", "GET k"])
        {
            Assert.Equal("QUEUED", client.Call(line).Text);
        }
        Assert.Equal("v", client.Call("EXEC").Items[2].Text);
        Assert.True(client.Call("GET k").IsNull);
    }
}
