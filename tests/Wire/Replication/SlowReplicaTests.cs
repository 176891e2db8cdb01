using System.Globalization;
using System.Text;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Replication;

/// <summary>Replicas that are far behind get what they lack from files, in bounded memory: none has to get everything again.</summary>
public sealed class SlowReplicaTests
{
    private const int ValueSize = 500_000;

    /// <summary>Beyond the backlog so much may be in memory, with pieces that are on their way, once the disk has taken the rest.</summary>
    private const long MemoryMax = 48 << 20;

    /// <summary>
    /// A small backlog, a small limit, and large values written while a snapshot is on its way: in Redis the replica is cut off, and gets
    /// everything again, and is cut off.
    /// </summary>
    [Theory]
    [InlineData("capa eof capa psync2", "--io-threads 1")]
    [InlineData("capa psync2", "--io-threads 4")]
    [InlineData("capa eof capa psync2", "--io-threads 4")]
    public void One_snapshot_is_enough_however_much_is_written_meanwhile(string form, string options)
    {
        using TestServer server = Start(["--client-output-buffer-limit", "replica 2mb 1mb 1", .. options.Split(' ')]);
        using RespConnection client = server.Connect();
        for (int i = 0; i < 200; i++)
        {
            client.Call($"SET key{i} {new string('k', 50_000)}{i}");
        }
        using FakeReplica replica = new(server.Address, form);
        string line = replica.BeginFull();
        Write(client, 0, 150);
        byte[] end = line.StartsWith("$EOF:", StringComparison.Ordinal) ? Encoding.ASCII.GetBytes(line[5..]) : [];
        _ = end.Length > 0
            ? replica.Connection.ReadUpTo(end)
            : replica.Connection.ReadBytes(int.Parse(line.AsSpan(1), CultureInfo.InvariantCulture));
        Write(client, 150, 170);
        replica.Acknowledge(replica.End);
        AssertStream(replica, 0, 170);
        AssertCalm(server, client, fullCount: 1);
    }

    [Fact]
    public void Each_of_several_reads_at_its_own_pace()
    {
        using TestServer server = Start("--io-threads", "4", "--repl-diskless-sync-max-replicas", "3");
        using RespConnection client = server.Connect();
        FakeReplica[] replicas = [.. Enumerable.Range(0, 4).Select(_ => new FakeReplica(server.Address))];
        foreach (FakeReplica replica in replicas)
        {
            replica.GoOnline();
        }
        ReplicaPair.AwaitOnline(client, replicas.Length);
        Write(client, 0, 60);
        AssertStream(replicas[0], 0, 60);
        Write(client, 60, 120);
        AssertStream(replicas[1], 0, 90);
        AssertStream(replicas[0], 60, 120);
        Write(client, 120, 180);
        AssertStream(replicas[1], 90, 180);
        replicas[3].Connection.Reset();
        AssertStream(replicas[2], 0, 180);
        AssertStream(replicas[0], 120, 180);
        Patience.Until(() => ReplicaPair.Number(client, "connected_slaves") == 3);
        AssertCalm(server, client, fullCount: 4);
        foreach (FakeReplica replica in replicas)
        {
            replica.Dispose();
        }
    }

    /// <summary>The backlog in memory is far too small, but what is kept for one that is slow is there for all.</summary>
    [Theory]
    [InlineData("--io-threads 1")]
    [InlineData("--io-threads 4")]
    [InlineData("--repl-backlog-disk-size 0")]
    public void One_that_was_away_goes_on_from_what_another_needs(string options)
    {
        using TestServer server = Start(options.Split(' '));
        using RespConnection client = server.Connect();
        using FakeReplica slow = new(server.Address);
        using FakeReplica away = new(server.Address);
        slow.GoOnline();
        away.GoOnline();
        ReplicaPair.AwaitOnline(client, 2);
        Write(client, 0, 20);
        AssertStream(away, 0, 20);
        away.Connection.Reset();
        Patience.Until(() => ReplicaPair.Number(client, "connected_slaves") == 1);
        Write(client, 20, 150, options.EndsWith("size 0", StringComparison.Ordinal) ? long.MaxValue : MemoryMax);
        using FakeReplica back = new(server.Address);
        back.Connection.Send($"PSYNC {away.Id} {away.End + 1}");
        Assert.StartsWith("+CONTINUE", back.ReadLine(), StringComparison.Ordinal);
        Write(client, 150, 160, long.MaxValue);
        AssertStream(back, 20, 160);
        AssertStream(slow, 0, 160);
        Assert.Equal(1, ReplicaPair.Number(client, "sync_partial_ok"));
        AssertCalm(server, client, fullCount: 2);
    }

    /// <summary>A value of many times the limit is no reason to cut anybody off.</summary>
    [Fact]
    public void A_large_value_does_not_count_before_it_can_be_read()
    {
        using TestServer server = Start("--client-output-buffer-limit", "replica 2mb 0 0");
        using RespConnection client = server.Connect();
        using FakeReplica replica = new(server.Address);
        replica.GoOnline();
        ReplicaPair.AwaitOnline(client, 1);
        string value = new('v', 40_000_000);
        client.Call($"SET k {value}");
        client.Call("SET last 1");
        Assert.Equal(["SELECT 0", "SET k " + value, "SET last 1"], Enumerable.Range(0, 3).Select(_ => replica.NextRequest()));
        AssertCalm(server, client, fullCount: 1);
    }

    [Fact]
    public void One_that_never_reads_ends_at_the_limit_of_the_disk()
    {
        using TestServer server = Start("--repl-backlog-disk-size", "20mb");
        using RespConnection client = server.Connect();
        using FakeReplica replica = new(server.Address);
        replica.GoOnline();
        ReplicaPair.AwaitOnline(client, 1);
        string value = new('v', ValueSize);
        Patience.Until(() =>
        {
            client.Call($"SET k {value}");
            return ReplicaPair.Number(client, "connected_slaves") == 0;
        });
        Assert.Contains("files for replicas have reached repl-backlog-disk-size (20971520 bytes)", server.Log, StringComparison.Ordinal);
        Patience.Until(() => ReplicaPair.Number(client, "repl_backlog_disk_used") == 0);
        Assert.InRange(ReplicaPair.Number(client, "mem_total_replication_buffers"), 1, 4_000_000);
    }

    [Theory]
    [InlineData("--io-threads 1")]
    [InlineData("--io-threads 4")]
    public void A_redis_server_that_stood_still_goes_on(string options)
    {
        using TestServer server = Start(options.Split(' '));
        using RespConnection client = server.Connect();
        Assert.SkipWhen(Programs.RedisServer is null, "needs redis-server on the PATH (on Debian: apt-get install redis-server)");
        using ServerProcess redis = ServerProcess.Start(
            Programs.RedisServer!, "--enable-debug-command", "yes", "--replicaof", $"127.0.0.1 {server.Address.Port}");
        using RespConnection replica = redis.Connect();
        ReplicaPair.AwaitOnline(client, 1);
        redis.Signal("STOP");
        Write(client, 0, 200);
        Assert.NotEqual(0, ReplicaPair.Number(client, "repl_backlog_disk_used"));
        redis.Signal("CONT");
        ReplicaPair.AssertSame(client, replica, options);
        AssertCalm(server, client, fullCount: 1);
    }

    private static TestServer Start(params string[] options) => TestServer.Start(
        ["--enable-debug-command", "yes", "--repl-diskless-sync-delay", "0", "--repl-backlog-size", "1mb", .. options]);

    /// <summary>Writes values by their numbers, no faster than the disk takes what is too much for memory.</summary>
    private static void Write(RespConnection client, int first, int end, long memoryMax = MemoryMax)
    {
        for (int i = first; i < end; i++)
        {
            Assert.Equal("OK", client.Call($"SET k{i % 20} {i}{new string('v', ValueSize)}").Text);
            Patience.Until(
                () => ReplicaPair.Number(client, "mem_total_replication_buffers") <= memoryMax,
                () => client.Call("INFO replication").Text);
        }
    }

    private static void AssertStream(FakeReplica replica, int first, int end)
    {
        for (int i = first; i < end; i++)
        {
            string request = replica.NextRequest();
            request = request == "SELECT 0" ? replica.NextRequest() : request;
            Assert.StartsWith($"SET k{i % 20} {i}v", request, StringComparison.Ordinal);
        }
    }

    private static void AssertCalm(TestServer server, RespConnection client, int fullCount)
    {
        Assert.Equal(fullCount, ReplicaPair.Number(client, "sync_full"));
        Assert.Equal(0, ReplicaPair.Number(client, "client_output_buffer_limit_disconnections"));
        Patience.Until(
            () => ReplicaPair.Number(client, "repl_backlog_disk_used") == 0
                && ReplicaPair.Number(client, "mem_total_replication_buffers") < 20_000_000,
            () => server.Log + client.Call("INFO replication").Text);
    }
}
