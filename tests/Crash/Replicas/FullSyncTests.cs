using System.Net.Sockets;
using Bixbite.Crash.Disk;
using Bixbite.Crash.Servers;
using Bixbite.Crash.Snapshots;
using Bixbite.Platform;
using Bixbite.Unit.Structures;
using Bixbite.Wire.Harness;

namespace Bixbite.Crash.Replicas;

/// <summary>
/// Full synchronizations on a disk that fails, and while settings change: a replica gets everything, or is told to come again.
/// </summary>
public sealed class FullSyncTests : IDisposable
{
    private const int FillCount = 300;
    private const int AttemptMax = 100;

    /// <summary>Settings that matter while replicas are served, and values for them.</summary>
    private static readonly string[] s_switches =
    [
        "repl-diskless-sync yes", "repl-diskless-sync no", "repl-diskless-sync-delay 0", "repl-diskless-sync-max-replicas 0",
        "repl-diskless-sync-max-replicas 2", "repl-backlog-size 16kb", "repl-backlog-size 4mb", "repl-backlog-ttl 1", "repl-timeout 60",
        "repl-timeout 600", "repl-ping-replica-period 1", "repl-ping-replica-period 10", "min-replicas-to-write 0",
        "min-replicas-max-lag 10", "client-output-buffer-limit \"replica 0 0 0\"", "client-output-buffer-limit \"replica 1gb 256mb 60\"",
        "appendonly yes", "appendonly no", "appendfsync always", "appendfsync everysec", "rdbcompression no", "rdbcompression yes",
        "rdb-key-save-delay 1", "rdb-key-save-delay 0", "maxmemory 0", "maxmemory 1gb", "active-expire-effort 10", "activedefrag yes",
    ];

    private readonly SimulatedDisk _disk = new();
    private readonly Random _random = Seed.NewRandom();

    public void Dispose() => _disk.Faults.Heal();

    /// <summary>The file of a snapshot with a length fails: the replica is disconnected, and gets all the next time.</summary>
    [Theory]
    [InlineData(Errno.EIO)]
    [InlineData(Errno.ENOSPC)]
    public void ADiskThatFailsAtAnyOperationOnlySendsTheReplicaAway(int errno)
    {
        bool hasFailed = true;
        for (int number = 1; hasFailed; number++)
        {
            SimulatedDisk disk = new();
            using LocalServer server = Start(disk, "--repl-diskless-sync", "no");
            using MixDriver driver = new(server, _random, mayFlush: false);
            driver.Fill(FillCount);
            int failing = disk.Operations.Count + number;
            disk.FailAt(failing, errno);
            Follower? follower = TryFollow(server, "capa psync2");
            Patience.Until(() => disk.Operations.Count >= failing || !HasTemporaryFile(disk), () => server.Log);
            hasFailed = disk.Operations.Count >= failing;
            bool isKept = hasFailed && disk.Operations[failing - 1].Action == DiskAction.Delete;
            Assert.Equal(hasFailed && !isKept, follower is null);
            if (follower is null)
            {
                Patience.Until(
                    () => server.Log.Contains("Snapshot for replicas failed: ", StringComparison.Ordinal)
                        && server.Log.Contains(Errno.Text(errno), StringComparison.Ordinal),
                    () => server.Log);
                server.AwaitInfo("connected_slaves", "0");
                follower = Follower.Follow(server, "capa psync2");
            }
            driver.Change(20);
            follower.CatchUp(server);
            AssertSame(driver, follower);
            follower.Dispose();
            Patience.Until(() => isKept || !HasTemporaryFile(disk), () => server.Log);
            Assert.True(hasFailed || number > 3, "nothing was written");
        }
    }

    /// <summary>
    /// What a replica lacks is in files, and one operation on them fails, or some: it gets all the same, or is disconnected where the file
    /// cannot be read.
    /// </summary>
    [Theory]
    [InlineData("1")]
    [InlineData("3")]
    public void ADiskThatFailsAtAnyOperationOnTheStreamLosesNothing(string threads)
    {
        using LocalServer server = Start(_disk, "--repl-backlog-size", "1mb", "--io-threads", threads);
        using RespConnection client = server.Connect();
        for (int number = 1; number <= 5; number++)
        {
            using Follower follower = Follower.Follow(server);
            server.AwaitInfo("connected_slaves", "1");
            int failing = _disk.Operations.Count + (number <= 3 ? number : _random.Next(7, 100));
            int count = number % 3 == 0 ? _random.Next(2, 8) : 1;
            _disk.Faults.ErrnoOf = operation => operation.Number >= failing && operation.Number < failing + count ? Errno.ENOSPC : 0;
            Write(client, count: 300, keyCount: 20, size: 100_000);
            bool isFull = number == 4;
            _disk.Faults.CapacityBytes = isFull ? _disk.UsedBytes + 100_000 : long.MaxValue;
            Write(client, count: 100, keyCount: 20, size: 100_000);
            Patience.Until(() => _disk.Operations.Count >= failing + count, () => server.Log);
            Assert.True(!isFull || server.Log.Contains("cannot be kept in temporary files: write", StringComparison.Ordinal), server.Log);
            follower.CatchUp(server);
            Assert.Equal(client.Call("DEBUG DIGEST").Text, follower.Digest());
            _disk.Faults.Heal();
            follower.Dispose();
            server.AwaitInfo("connected_slaves", "0");
            server.AwaitInfo("repl_backlog_disk_used", "0");
        }
        // An empty one stays where it could not be deleted.
        Assert.DoesNotContain(
            _disk.Names(),
            static name => name.Contains("stream", StringComparison.Ordinal) && !name.EndsWith(" (0)", StringComparison.Ordinal));
    }

    /// <summary>Replicas come and go in both forms while clients write and any setting changes.</summary>
    [Theory]
    [InlineData("1")]
    [InlineData("4")]
    public void EverySettingMayChangeMeanwhile(string threads)
    {
        using LocalServer server = Start(_disk, "--io-threads", threads);
        using MixDriver driver = new(server, _random, mayFlush: true);
        List<Follower> followers = [];
        for (int round = 0; round < 12; round++)
        {
            driver.Change(20);
            for (int i = _random.Next(4); i >= 0; i--)
            {
                string change = s_switches[_random.Next(s_switches.Length)];
                Reply reply = driver.Ask($"CONFIG SET {change}")[0];
                Assert.True(reply.Text == "OK", $"{change}: {reply.Text}");
            }
            followers.Add(Follower.Follow(server, _random.Next(2) == 0 ? "capa psync2" : "capa eof capa psync2"));
            driver.Change(20);
            followers.ForEach(follower => follower.CatchUp(server));
            if (followers.Count > 2)
            {
                followers[0].Dispose();
                followers.RemoveAt(0);
            }
        }
        driver.Change(40);
        server.AwaitRest();
        foreach (Follower follower in followers)
        {
            follower.CatchUp(server);
            AssertSame(driver, follower);
            follower.Dispose();
        }
        server.AwaitInfo("connected_slaves", "0");
    }

    /// <summary>Everyone is told of the removals, whoever reads how slowly, and what waits for a replica evicts nothing.</summary>
    [Fact]
    public void EvictionIsTold()
    {
        using LocalServer server = Start(_disk, "--maxmemory", "24mb", "--maxmemory-policy", "allkeys-lru");
        using RespConnection client = server.Connect();
        Write(client, count: 400, keyCount: 400);
        Assert.Equal("0", server.Info("evicted_keys"));
        using Follower follower = Follower.Follow(server);
        using Follower silent = Follower.Follow(server);
        Write(client, count: 4000, keyCount: 400);
        Assert.Equal("0", server.Info("evicted_keys"));
        follower.CatchUp(server);
        Write(client, count: 4000, keyCount: 4000);
        Assert.NotEqual("0", server.Info("evicted_keys"));
        string digest = client.Call("DEBUG DIGEST").Text;
        foreach (Follower each in (Follower[])[follower, silent])
        {
            each.CatchUp(server);
            Assert.Equal(digest, each.Digest());
        }
    }

    private static LocalServer Start(SimulatedDisk disk, params string[] options) =>
        LocalServer.StartReady(
            disk, ["--repl-diskless-sync-delay", "0", "--maxmemory-clients", "0", "--repl-assume-field-expiry", "yes", .. options]);

    /// <summary>A replica with all data; null if it was sent away. One that was not online yet is not among those counted.</summary>
    private static Follower? TryFollow(LocalServer server, string capabilities)
    {
        try
        {
            return Follower.Follow(server, capabilities);
        }
        catch (Exception exception) when (exception is EndOfStreamException or SocketException)
        {
            return null;
        }
    }

    private static bool HasTemporaryFile(SimulatedDisk disk) =>
        disk.Names().Any(static name => name.Contains("temp-", StringComparison.Ordinal));

    private static void AssertSame(MixDriver driver, Follower follower) =>
        Assert.Equal(driver.Ask("DEBUG DIGEST")[0].Text, follower.Digest());

    /// <summary>Writes values over so many keys in turn.</summary>
    private static void Write(RespConnection client, int count, int keyCount, int size = 10_000)
    {
        string value = new('v', size);
        for (int i = 0; i < count; i++)
        {
            Assert.Equal("OK", client.Call($"SET key:{i % keyCount} {value}{i}").Text);
        }
    }
}
