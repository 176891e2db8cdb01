using Bixbite.Crash.Disk;
using Bixbite.Crash.Servers;
using Bixbite.Platform;
using Bixbite.Wire.Harness;
using Bixbite.Wire.Replication;

namespace Bixbite.Crash.Faults;

/// <summary>
/// A disk that refuses the snapshot of a primary, or hangs while it comes: the old data is served, the log says why, and as soon as the
/// disk is well again the new data is there.
/// </summary>
public sealed class ReceptionFaultTests : IDisposable
{
    private readonly TestServer _primary = TestServer.Start("--enable-debug-command", "yes", "--repl-diskless-sync-delay", "0");
    private readonly RespConnection _client;
    private readonly SimulatedDisk _disk = new();

    public ReceptionFaultTests()
    {
        _client = _primary.Connect();
        _client.Call("DEBUG POPULATE 1000 key 500");
    }

    public void Dispose()
    {
        _client.Dispose();
        _primary.Dispose();
    }

    [Theory]
    [InlineData("no")]
    [InlineData("yes")]
    public void ADiskThatRefusesAnythingIsTriedAgain(string appendOnly)
    {
        for (int number = 1; ; number++)
        {
            SimulatedDisk disk = new();
            using LocalServer replica = LocalServer.StartReady(disk, "--appendonly", appendOnly);
            using RespConnection other = replica.Connect();
            replica.Call("SET old 1");
            int start = disk.Operations.Count;
            disk.FailAt(start + number, Errno.EIO);
            replica.Call($"REPLICAOF 127.0.0.1 {_primary.Address.Port}");
            Patience.Until(() => disk.Operations.Count >= start + number || replica.Info("master_link_status") == "up");
            ReplicaPair.AwaitSame(_client, other);
            Assert.Equal(_client.Call("DEBUG DIGEST").Text, other.Call("DEBUG DIGEST").Text);
            replica.AwaitRest();
            bool hasFailed = disk.Operations.Count >= start + number;
            disk.Faults.Heal();
            Patience.Until(() => appendOnly == "no" || replica.Info("aof_enabled") == "1");
            Assert.DoesNotContain(disk.Names(), static name => name.Contains("received", StringComparison.Ordinal));
            if (!hasFailed || number > 40)
            {
                Assert.True(number > 4, $"only {number} operations");
                return;
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ADiskThatHangsHoldsNobodyUp(bool isSync)
    {
        using LocalServer replica = LocalServer.StartReady(_disk, "--repl-timeout", "1");
        using RespConnection other = replica.Connect();
        replica.Call("SET old 1");
        ManualResetEventSlim gate = isSync ? _disk.Faults.SyncGate : _disk.Faults.WriteGate;
        gate.Reset();
        replica.Call($"REPLICAOF 127.0.0.1 {_primary.Address.Port}");
        Patience.Until(() => replica.Log.Contains("the disk does not take the snapshot", StringComparison.Ordinal)
            || replica.Log.Contains("timeout receiving", StringComparison.Ordinal));
        Assert.Equal("1", other.Call("GET old").Text);
        Patience.Until(() => replica.Log.Contains("has not taken the snapshot before", StringComparison.Ordinal));
        Assert.Equal("1", other.Call("GET old").Text);
        _disk.Faults.Heal();
        ReplicaPair.AwaitSame(_client, other);
        Assert.Equal("1000", other.Call("DBSIZE").Text);
    }

    [Fact]
    public void AFullDiskIsNamed()
    {
        using LocalServer replica = LocalServer.StartReady(_disk);
        using RespConnection other = replica.Connect();
        replica.Call("SET old 1");
        _disk.Faults.CapacityBytes = 100;
        replica.Call($"REPLICAOF 127.0.0.1 {_primary.Address.Port}");
        Patience.Until(() => replica.Log.Contains("No space left on device", StringComparison.Ordinal));
        Assert.Equal("1", other.Call("GET old").Text);
        _disk.Faults.Heal();
        ReplicaPair.AwaitSame(_client, other);
        Assert.Equal("0", other.Call("EXISTS old").Text);
    }
}
