using System.Collections.Concurrent;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Replication;

/// <summary>
/// docs/MIGRATING.md, step by step, while an application writes: from Redis to here and back, by replication, and by the ways that are left
/// where a service does not allow it. Nothing acknowledged is lost.
/// </summary>
public sealed class MovingTests
{
    private static readonly string[] s_fill =
    [
        "RPUSH l a b c", "ZADD z 1 a 2 b", "HSET h f v", "XADD x 1-1 f v", "XGROUP CREATE x g 0", "PFADD p a b", "SETBIT bits 7 1",
        "SET later v EX 100000", "SADD e 1 2 3", "DEBUG POPULATE 5000 key 100",
    ];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [InlineData(true, "--io-threads 4 --appendonly yes")]
    [InlineData(false, "--io-threads 4 --appendonly yes")]
    public void By_replication_there_and_back(bool isByHand, string options = "")
    {
        Action<RespConnection, RespConnection, ServerAddress, MovingLoad> change = isByHand ? SwitchByHand : SwitchByFailover;
        using RedisPeer redis = Redis();
        using RespConnection theirs = Fill(redis.Connect());
        using MovingLoad load = new(redis.Address);
        using TestServer server = Ours(options);
        using RespConnection ours = server.Connect();

        Assert.Equal("OK", ours.Call($"REPLICAOF 127.0.0.1 {redis.Address.Port}").Text);
        Patience.Until(() => ReplicaPair.Field(ours, "master_link_status") == "up");
        load.AwaitProgress();
        change(theirs, ours, server.Address, load);
        load.AwaitProgress();
        ReplicaPair.AwaitSame(ours, theirs);

        change(ours, theirs, redis.Address, load);
        load.AwaitProgress();
        load.AssertAllThere(theirs);
        ReplicaPair.AssertSame(theirs, ours, "there and back", comparesCounts: false);
        Assert.Equal("v", ours.Call("GET later").Text);
        Assert.Equal(1, ReplicaPair.Number(theirs, "sync_full") + ReplicaPair.Number(ours, "sync_full"));
    }

    [Fact]
    public void By_copies_of_what_changes()
    {
        using RedisPeer redis = Redis();
        using RespConnection theirs = Fill(redis.Connect());
        using MovingLoad load = new(redis.Address, databaseCount: 1);
        using TestServer server = Ours("");
        using RespConnection ours = server.Connect();

        Assert.Equal("OK", theirs.Call("CONFIG SET notify-keyspace-events EA").Text);
        using RespConnection events = redis.Connect();
        events.Call("PSUBSCRIBE __keyevent@0__:*");
        ConcurrentQueue<string> changed = [];
        Thread listener = new(() =>
        {
            for (Reply message = events.Read(); message.Items[0].Text != "pong"; message = events.Read())
            {
                changed.Enqueue(message.Items[3].Text);
            }
        });
        listener.Start();
        string cursor = "0";
        do
        {
            Reply page = theirs.Call($"SCAN {cursor} COUNT 500");
            cursor = page.Items[0].Text;
            foreach (Reply key in page.Items[1].Items)
            {
                Copy(theirs, ours, key.Text);
            }
        }
        while (cursor != "0");
        load.AwaitProgress();
        CopyAll(theirs, ours, changed);

        // The application's writes wait now, until it is elsewhere; what answers PING has told of all changes before.
        Assert.Equal("OK", theirs.Call("CLIENT PAUSE 60000 WRITE").Text);
        events.Send("PING");
        listener.Join();
        CopyAll(theirs, ours, changed);
        load.Address = server.Address;
        theirs.Call("CONFIG SET min-replicas-to-write 1");
        theirs.Call("CLIENT UNPAUSE");
        load.AwaitProgress();
        load.AssertAllThere(ours);
        foreach (string key in (string[])["l", "z", "h", "x", "p", "bits", "later", "e", "key:4999"])
        {
            Assert.Equal(theirs.Call($"DEBUG DIGEST-VALUE {key}").ToString(), ours.Call($"DEBUG DIGEST-VALUE {key}").ToString());
        }
        Assert.InRange(ours.Call("TTL later").Integer, 1, 100_000);
    }

    [Fact]
    public void By_MIGRATE_both_ways()
    {
        using RedisPeer redis = Redis();
        using RespConnection theirs = Fill(redis.Connect());
        using TestServer server = Ours("");
        using RespConnection ours = server.Connect();
        string before = theirs.Call("DEBUG DIGEST").Text;
        Move(theirs, server.Address);
        Assert.Equal(before, ours.Call("DEBUG DIGEST").Text);
        Move(ours, redis.Address);
        Assert.Equal(before, theirs.Call("DEBUG DIGEST").Text);
        Assert.Equal("0", ours.Call("DBSIZE").Text);
    }

    [Fact]
    public void By_a_file()
    {
        using TempFolder folder = new();
        using RedisPeer redis = Redis();
        using RespConnection theirs = Fill(redis.Connect());
        Assert.Equal("OK", theirs.Call("SAVE").Text);
        string path = Path.Combine(theirs.Call("CONFIG GET dir").Items[1].Text, theirs.Call("CONFIG GET dbfilename").Items[1].Text);
        File.Copy(path, folder.File("dump.rdb"));
        using TestServer server = TestServer.StartProcess("--enable-debug-command", "yes", "--dir", folder.Path);
        using RespConnection ours = server.Connect();
        Assert.Equal(theirs.Call("DEBUG DIGEST").Text, ours.Call("DEBUG DIGEST").Text);
    }

    private static RedisPeer Redis() => RedisPeer.Start("--enable-debug-command", "yes", "--repl-diskless-sync-delay", "0");

    private static TestServer Ours(string options) => TestServer.Start(
        ["--enable-debug-command", "yes", "--repl-diskless-sync-delay", "0", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

    private static RespConnection Fill(RespConnection server)
    {
        foreach (string request in s_fill)
        {
            Assert.False(server.Call(request).IsError);
        }
        return server;
    }

    /// <summary>
    /// The application's writes wait at the primary until the replica has everything; that leads from then on, the former primary follows
    /// it, and the application is told so.
    /// </summary>
    private static void SwitchByHand(RespConnection primary, RespConnection replica, ServerAddress next, MovingLoad load)
    {
        Assert.Equal("OK", primary.Call("CLIENT PAUSE 60000 WRITE").Text);
        ReplicaPair.AwaitSame(primary, replica);
        Assert.Equal("OK", replica.Call("REPLICAOF NO ONE").Text);
        load.Address = next;
        Assert.Equal("OK", primary.Call($"REPLICAOF 127.0.0.1 {next.Port}").Text);
        Assert.Equal("OK", primary.Call("CLIENT UNPAUSE").Text);
    }

    /// <summary>The same in one command.</summary>
    private static void SwitchByFailover(RespConnection primary, RespConnection replica, ServerAddress next, MovingLoad load)
    {
        ReplicaPair.AwaitOnline(primary, 1);
        Assert.Equal("OK", primary.Call($"FAILOVER TO 127.0.0.1 {next.Port} TIMEOUT 60000").Text);
        load.Address = next;
        Patience.Until(
            () => ReplicaPair.Field(replica, "role") == "master" && ReplicaPair.Field(primary, "role") == "slave",
            () => $"{primary.Call("INFO replication").Text}\n{replica.Call("INFO replication").Text}");
    }

    /// <summary>The key becomes there what it is here now.</summary>
    private static void Copy(RespConnection from, RespConnection to, string key)
    {
        byte[] dump = from.CallRaw($"DUMP {key}");
        long deadline = from.Call($"PEXPIRETIME {key}").Integer;
        if (dump[1] == '-' || deadline == -2)
        {
            to.Call($"DEL {key}");
            return;
        }
        byte[] payload = dump[(Array.IndexOf(dump, (byte)'\n') + 1)..^2];
        byte[][] words =
        [
            "RESTORE"u8.ToArray(), System.Text.Encoding.UTF8.GetBytes(key), System.Text.Encoding.ASCII.GetBytes($"{Math.Max(deadline, 0)}"),
            payload, "REPLACE"u8.ToArray(), "ABSTTL"u8.ToArray(),
        ];
        List<byte> request = [.. System.Text.Encoding.ASCII.GetBytes($"*{words.Length}\r\n")];
        foreach (byte[] word in words)
        {
            request.AddRange([.. System.Text.Encoding.ASCII.GetBytes($"${word.Length}\r\n"), .. word, .. "\r\n"u8]);
        }
        to.Send([.. request]);
        Assert.Equal("OK", to.Read().Text);
    }

    private static void CopyAll(RespConnection from, RespConnection to, ConcurrentQueue<string> changed)
    {
        HashSet<string> keys = [];
        while (changed.TryDequeue(out string? key))
        {
            keys.Add(key);
        }
        foreach (string key in keys)
        {
            Copy(from, to, key);
        }
    }

    private static void Move(RespConnection from, ServerAddress to)
    {
        string[] keys = [.. from.Call("KEYS *").Items.Select(static key => key.Text)];
        foreach (string[] some in keys.Chunk(500))
        {
            Assert.Equal("OK", from.Call($"MIGRATE 127.0.0.1 {to.Port} \"\" 0 5000 KEYS {string.Join(' ', some)}").Text);
        }
    }
}
