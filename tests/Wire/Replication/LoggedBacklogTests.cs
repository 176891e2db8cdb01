using Bixbite.Wire.Harness;
using Bixbite.Wire.Propagation;

namespace Bixbite.Wire.Replication;

/// <summary>A replica that was away goes on from the append only log's files where memory does not reach, to the byte.</summary>
public sealed class LoggedBacklogTests
{
    private const int ClientCount = 4;

    /// <summary>Only one of the two gets what such a script does.</summary>
    private const string Script = "EVAL \"redis.set_repl(redis.REPL_AOF) redis.call('set', 'log', 1) redis.set_repl(redis.REPL_REPLICA) "
        + "redis.call('set', 'stream', 2) redis.set_repl(redis.REPL_ALL) redis.call('set', 'both', 3)\" 0";

    [Theory]
    [InlineData("")]
    [InlineData("--io-threads 4")]
    [InlineData("--appendfsync always --io-threads 2")]
    [InlineData("--aof-timestamp-enabled yes")]
    [InlineData("--repl-backlog-disk-size 0")]
    public void One_that_was_away_goes_on(string options)
    {
        int seed = Environment.TickCount;
        TestContext.Current.SendDiagnosticMessage($"seed {seed}");
        Random random = new(seed);
        using TestServer server = Start(options);
        using RespConnection client = server.Connect();
        using FakeReplica witness = Follow(server, client, 1);
        for (int round = 1; round <= 3; round++)
        {
            long from = Leave(server, client);
            long seen = Read(client);
            Play(server, client, random);
            long end = Read(client);
            Assert.True(end - seen > 100_000, "there is little to read");
            byte[] wanted = witness.Connection.ReadBytes((int)(end - witness.End));
            Patience.Until(() => client.Call("SET trim 1").Text == "OK" && ReplicaPair.Number(client, "repl_backlog_histlen") < 50_000);
            using FakeReplica again = Ask(server, witness.Id, from, "+CONTINUE");
            byte[] bytes = again.Connection.ReadBytes((int)(end - from));
            Assert.True(
                wanted.AsSpan((int)(from - witness.End)).SequenceEqual(bytes), $"round {round}, seed {seed}: the bytes are others");
            witness.Skip(wanted.Length);
            witness.Acknowledge(witness.End);
            Assert.Equal(round, ReplicaPair.Number(client, "sync_partial_ok"));
            Go(client, again);
        }
        Assert.Equal(4, ReplicaPair.Number(client, "sync_full"));
    }

    /// <summary>The files that it reads are replaced and deleted meanwhile.</summary>
    [Fact]
    public void A_rewrite_takes_nothing_from_one_that_reads()
    {
        using TestServer server = Start("");
        using RespConnection client = server.Connect();
        string id = Begin(server, client);
        long from = Leave(server, client);
        Write(client, 0, 80);
        using FakeReplica slow = Ask(server, id, from, "+CONTINUE");
        Rewrite(client);
        Write(client, 80, 100);
        Rewrite(client);
        Write(client, 100, 120);
        AssertStream(slow, 0, 120);
        slow.Acknowledge(slow.End + from + 1);
        Patience.Until(() => ReplicaPair.Number(client, "repl_backlog_disk_replicas") == 0);
        Assert.Equal(1, ReplicaPair.Number(client, "sync_partial_ok"));
        // What nobody reads any more is gone with the files.
        Write(client, 120, 121);
        Come(server, client, id, from, "+FULLRESYNC");
    }

    /// <summary>One that cannot go on gets all data then, and is not told again and again to go on.</summary>
    [Fact]
    public void A_file_that_was_cut_off_is_read_once()
    {
        using TestServer server = Start("");
        using RespConnection client = server.Connect();
        string id = Begin(server, client);
        long from = Leave(server, client);
        Write(client, 0, 20);
        string path = Directory.GetFiles(Path.Combine(server.Folder, "appendonlydir"), "*.incr.aof").Single();
        using (FileStream file = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.SetLength(file.Length / 2);
        }
        using (FakeReplica again = Ask(server, id, from, "+CONTINUE"))
        {
            again.Connection.ReadToEnd();
        }
        Patience.Until(() => ReplicaPair.Number(client, "connected_slaves") == 0);
        Come(server, client, id, from, "+FULLRESYNC");
        Assert.Equal((3, 1), (ReplicaPair.Number(client, "sync_full"), ReplicaPair.Number(client, "sync_partial_ok")));
    }

    [Fact]
    public void The_log_may_be_switched_off_and_on()
    {
        using TestServer server = Start("--appendonly no");
        using RespConnection client = server.Connect();
        string id = Begin(server, client);
        long first = Leave(server, client);
        Write(client, 0, 10);
        Come(server, client, id, first, "+FULLRESYNC");
        Switch(client, "yes");
        long second = Leave(server, client);
        Write(client, 10, 20);
        Come(server, client, id, second, "+CONTINUE");
        Assert.Equal("OK", client.Call("CONFIG SET appendonly no").Text);
        Write(client, 20, 22);
        Come(server, client, id, second, "+FULLRESYNC");
        Switch(client, "yes");
        long third = Leave(server, client);
        Write(client, 30, 40);
        using FakeReplica again = Ask(server, id, third, "+CONTINUE");
        AssertStream(again, 30, 40);
    }

    /// <summary>Many come back at once, each at another place.</summary>
    [Fact]
    public void Many_go_on_at_their_own_places()
    {
        using TestServer server = Start("--io-threads 4");
        using RespConnection client = server.Connect();
        string id = Begin(server, client);
        List<long> places = [];
        for (int i = 0; i < 12; i++)
        {
            places.Add(Leave(server, client));
            Write(client, i * 5, (i * 5) + 5);
        }
        List<FakeReplica> replicas = [.. places.Select(from => Ask(server, id, from, "+CONTINUE"))];
        Write(client, 60, 70);
        for (int number = replicas.Count - 1; number >= 0; number--)
        {
            AssertStream(replicas[number], number * 5, 70);
            replicas[number].Dispose();
        }
        Assert.Equal(12, ReplicaPair.Number(client, "sync_partial_ok"));
    }

    /// <summary>A real one that stood still for so long that it was cut off.</summary>
    [Fact]
    public void A_redis_server_goes_on_from_the_log()
    {
        Assert.SkipWhen(Programs.RedisServer is null, "needs redis-server on the PATH (on Debian: apt-get install redis-server)");
        using TestServer server = Start("");
        using RespConnection client = server.Connect();
        using ServerProcess redis = ServerProcess.Start(
            Programs.RedisServer!, "--enable-debug-command", "yes", "--replicaof", $"127.0.0.1 {server.Address.Port}");
        using RespConnection replica = redis.Connect();
        ReplicaPair.AwaitOnline(client, 1);
        redis.Signal("STOP");
        client.Call("CLIENT KILL TYPE replica");
        new RandomRequests(new Random(7), isForRedis7: true).Play(server.Connect, ClientCount, 2000);
        Write(client, 0, 20);
        redis.Signal("CONT");
        ReplicaPair.AssertSame(client, replica, "from the log");
        Assert.Equal(1, ReplicaPair.Number(client, "sync_full"));
        Assert.Equal(1, ReplicaPair.Number(client, "sync_partial_ok"));
    }

    private static TestServer Start(string options) => TestServer.Start(
        [
            "--enable-debug-command", "yes", "--repl-diskless-sync-delay", "0", "--repl-backlog-size", "16kb", "--appendonly", "yes",
            "--auto-aof-rewrite-percentage", "0", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        ]);

    private static FakeReplica Follow(TestServer server, RespConnection client, int count)
    {
        FakeReplica replica = new(server.Address);
        replica.GoOnline();
        ReplicaPair.AwaitOnline(client, count);
        return replica;
    }

    /// <summary>There is a stream, and no replica; returns the history's name.</summary>
    private static string Begin(TestServer server, RespConnection client)
    {
        using FakeReplica replica = Follow(server, client, 1);
        Go(client, replica);
        return replica.Id;
    }

    /// <summary>A replica asks, is answered so, and goes.</summary>
    private static void Come(TestServer server, RespConnection client, string id, long from, string answer)
    {
        using FakeReplica replica = Ask(server, id, from, answer);
        Go(client, replica);
    }

    /// <summary>The replica goes, and the server knows.</summary>
    private static void Go(RespConnection client, FakeReplica replica)
    {
        long count = ReplicaPair.Number(client, "connected_slaves");
        replica.Connection.Reset();
        Patience.Until(() => ReplicaPair.Number(client, "connected_slaves") == count - 1);
    }

    private static void AssertStream(FakeReplica replica, int first, int end)
    {
        for (int i = first; i < end;)
        {
            string request = replica.NextRequest();
            if (request is not ("SELECT 0" or "SET mark 1"))
            {
                Assert.StartsWith($"SET k {i++}v", request, StringComparison.Ordinal);
            }
        }
    }

    /// <summary>A replica comes and goes; returns how far it was.</summary>
    private static long Leave(TestServer server, RespConnection client)
    {
        long count = ReplicaPair.Number(client, "connected_slaves");
        using FakeReplica replica = Follow(server, client, (int)count + 1);
        client.Call("SET mark 1");
        while (replica.NextRequest() != "SET mark 1")
        {
        }
        Go(client, replica);
        return replica.End;
    }

    private static FakeReplica Ask(TestServer server, string id, long from, string answer)
    {
        FakeReplica replica = new(server.Address);
        replica.Connection.Send($"PSYNC {id} {from + 1}");
        Assert.StartsWith(answer, replica.ReadLine(), StringComparison.Ordinal);
        return replica;
    }

    private static long Read(RespConnection client) => ReplicaPair.Number(client, "master_repl_offset");

    private static void Play(TestServer server, RespConnection client, Random random)
    {
        for (int part = 0; part < 3; part++)
        {
            new RandomRequests(random, isForRedis7: true).Play(server.Connect, ClientCount, 1500);
            client.Call(Script);
            client.Call("PUBLISH channel message");
            client.Call($"SET large {new string('x', 200_000)}");
            client.Call($"PUBLISH channel {new string('y', 100 * random.Next(300))}");
            client.Call("WAIT 3 1");
            client.Call("SELECT 3");
            client.Call("SET here 1");
            client.Call("SELECT 0");
        }
    }

    private static void Write(RespConnection client, int first, int end)
    {
        for (int i = first; i < end; i++)
        {
            Assert.Equal("OK", client.Call($"SET k {i}{new string('v', 300_000)}").Text);
        }
    }

    private static void Rewrite(RespConnection client)
    {
        client.Call("BGREWRITEAOF");
        Patience.UntilAtRest(() => client.Call("INFO persistence").Text);
    }

    private static void Switch(RespConnection client, string value)
    {
        Assert.Equal("OK", client.Call($"CONFIG SET appendonly {value}").Text);
        Patience.UntilAtRest(() => client.Call("INFO persistence").Text);
    }
}
