using Bixbite.Crash.Disk;
using Bixbite.Crash.Servers;
using Bixbite.Wire.Harness;
using Bixbite.Wire.Replication;

namespace Bixbite.Crash.Faults;

/// <summary>
/// A replica whose disk does not take its primary's changes (replica-ignore-disk-write-errors): it serves what it has and goes on when the
/// disk does, or goes on all the same. Redis ends its process.
/// </summary>
public sealed class FollowingFaultTests : IDisposable
{
    private const string Applying = "Replica is applying a command even though it is unable to write to disk";

    private readonly TestServer _primary = TestServer.Start("--enable-debug-command", "yes", "--repl-diskless-sync-delay", "0");
    private readonly RespConnection _client;
    private readonly SimulatedDisk _disk = new();

    public FollowingFaultTests() => _client = _primary.Connect();

    public void Dispose()
    {
        _client.Dispose();
        _primary.Dispose();
    }

    [Fact]
    public void ItWaitsForADiskThatTakesNoLog()
    {
        using LocalServer replica = Follow("--appendonly", "yes", "--appendfsync", "everysec");
        using RespConnection other = replica.Connect();
        FillLog(replica);
        Patience.Until(() => replica.Log.Contains("with 'replica-ignore-disk-write-errors yes' it would go on", StringComparison.Ordinal));
        Assert.Contains("the append only file cannot be written (No space left on device)", replica.Log, StringComparison.Ordinal);
        Patience.Until(() => ReplicaPair.Field(other, "master_link_status") == "down");
        _client.Call("SET later 1");
        Assert.Equal("1", other.Call("GET kept").Text);
        Assert.Equal("0", other.Call("EXISTS later").Text);
        Assert.DoesNotContain(Applying, replica.Log, StringComparison.Ordinal);
        _disk.Faults.Heal();
        ReplicaPair.AssertSame(_client, other, "the disk is well again");
        Assert.Equal("1", ReplicaPair.Field(_client, "sync_full"));
        AssertLogIs(other);
    }

    [Fact]
    public void ItGoesOnWithoutTheLogWhereThatIsWanted()
    {
        using LocalServer replica = Follow("--appendonly", "yes", "--appendfsync", "everysec", "--replica-ignore-disk-write-errors", "yes");
        using RespConnection other = replica.Connect();
        FillLog(replica);
        _client.Call("SET later 1");
        ReplicaPair.AssertSame(_client, other, "the disk is full");
        Patience.Until(() => replica.Log.Contains(Applying, StringComparison.Ordinal));
        Assert.Equal("err", ReplicaPair.Field(other, "aof_last_write_status"));
        Assert.StartsWith("MISCONF", other.Call("SET mine 1").Text, StringComparison.Ordinal);
        _disk.Faults.Heal();
        Patience.Until(() => ReplicaPair.Field(other, "aof_last_write_status") == "ok");
        ReplicaPair.AssertSame(_client, other, "the disk is well again");
        Assert.Equal("1", ReplicaPair.Field(_client, "sync_full"));
        AssertLogIs(other);
    }

    [Fact]
    public void ItWaitsForADiskThatTakesNoSnapshot()
    {
        using LocalServer replica = Follow("--save", "3600 1000000");
        using RespConnection other = replica.Connect();
        _disk.Faults.CapacityBytes = 0;
        other.Call("BGSAVE");
        Patience.Until(() => ReplicaPair.Field(other, "rdb_last_bgsave_status") == "err");
        _client.Call("SET later 1");
        Patience.Until(() => replica.Log.Contains("the last snapshot could not be saved", StringComparison.Ordinal));
        Assert.Equal("0", other.Call("EXISTS later").Text);
        Assert.Equal("OK", other.Call("CONFIG SET stop-writes-on-bgsave-error no").Text);
        ReplicaPair.AssertSame(_client, other, "nothing is refused any more");
        Assert.Equal("OK", other.Call("CONFIG SET stop-writes-on-bgsave-error yes").Text);
        _client.Call("SET last 1");
        Patience.Until(() => ReplicaPair.Field(other, "master_link_status") == "down");
        Assert.Equal("OK", other.Call("CONFIG SET replica-ignore-disk-write-errors yes").Text);
        ReplicaPair.AssertSame(_client, other, "it goes on");
        Assert.Equal("OK", other.Call("CONFIG SET replica-ignore-disk-write-errors no").Text);
        _disk.Faults.Heal();
        Patience.Until(() =>
        {
            other.Call("BGSAVE");
            return ReplicaPair.Field(other, "rdb_last_bgsave_status") == "ok";
        });
        _client.Call("SET after 1");
        ReplicaPair.AssertSame(_client, other, "the disk is well again");
        Assert.Equal("1", ReplicaPair.Field(_client, "sync_full"));
    }

    private LocalServer Follow(params string[] options)
    {
        _client.Call("SET kept 1");
        LocalServer replica = LocalServer.StartReady(_disk, options);
        using RespConnection other = replica.Connect();
        other.Call($"REPLICAOF 127.0.0.1 {_primary.Address.Port}");
        ReplicaPair.AwaitSame(_client, other);
        Patience.Until(() => options[0] != "--appendonly" || ReplicaPair.Field(other, "aof_rewrite_in_progress") == "0");
        return replica;
    }

    /// <summary>Writes to the primary until the replica's disk is full.</summary>
    private void FillLog(LocalServer replica)
    {
        _disk.Faults.CapacityBytes = _disk.UsedBytes + 1000;
        Patience.Until(() =>
        {
            _client.Call($"APPEND filled {new string('x', 500)}");
            return replica.Info("aof_last_write_status") == "err";
        });
    }

    /// <summary>What the replica's disk has is what the replica has.</summary>
    private void AssertLogIs(RespConnection replica)
    {
        string digest = replica.Call("DEBUG DIGEST").ToString();
        string found = "";
        bool isSame = Patience.Comes(() =>
        {
            using LocalServer reborn = LocalServer.StartReady(_disk.Copy(), "--appendonly", "yes");
            found = $"{reborn.Call("KEYS *")} {reborn.Call("STRLEN filled")}";
            return reborn.Call("DEBUG DIGEST").ToString() == digest;
        });
        Assert.True(isSame, $"{found} instead of {replica.Call("KEYS *")} {replica.Call("STRLEN filled")}");
    }
}
