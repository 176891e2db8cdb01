using Bixbite.Crash.Disk;
using Bixbite.Crash.Servers;
using Bixbite.Wire.Harness;

namespace Bixbite.Crash.Lines;

/// <summary>CLIENT DURABILITY LOCAL: who asks for it waits for the disk, whatever appendfsync says, and nobody else does.</summary>
public sealed class LocalLevelTests
{
    private const int SilenceMs = 30;

    [Theory]
    [InlineData("everysec")]
    [InlineData("no")]
    [InlineData("always")]
    public void WhoAsksWaitsForTheDisk(string policy)
    {
        SimulatedDisk disk = new();
        using LocalServer server = LocalServer.StartReady(
            disk, "--appendonly", "yes", "--appendfsync", policy, "--io-threads", "4", "--auto-aof-rewrite-percentage", "0");
        using RespConnection asking = server.Connect();
        using RespConnection other = server.Connect();
        Assert.Equal("OK", asking.Call("CLIENT DURABILITY local").Text);
        disk.Faults.SyncGate.Reset();
        asking.Send([.. CommandLine.Encode("SET a 1"), .. CommandLine.Encode("GET a")]);
        other.Send("SET b 2");
        if (policy != "always")
        {
            Assert.Equal("OK", other.Read().Text);
            Assert.Equal("2", other.Call("GET b").Text);
        }
        Assert.True(asking.IsSilent(SilenceMs), "told before the disk has it");
        disk.Faults.SyncGate.Set();
        Assert.Equal("OK", asking.Read().Text);
        Assert.Equal("1", asking.Read().Text);
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal("OK", asking.Call($"SET a {i}").Text);
        }
    }

    [Fact]
    public void WithoutALogNobodyWaits()
    {
        SimulatedDisk disk = new();
        using LocalServer server = LocalServer.StartReady(disk, "--appendonly", "yes", "--appendfsync", "everysec");
        using RespConnection asking = server.Connect();
        Assert.Equal("OK", asking.Call("CLIENT DURABILITY local").Text);
        Assert.Equal("OK", asking.Call("SET a 1").Text);
        Assert.Equal("OK", server.Call("CONFIG SET appendonly no").Text);
        Assert.Equal("OK", asking.Call("SET a 2").Text);
        Assert.StartsWith("ERR CLIENT DURABILITY", server.Call("CLIENT DURABILITY local").Text, StringComparison.Ordinal);
        Assert.Equal("local", asking.Call("CLIENT DURABILITY").Text);
    }

    [Fact]
    public void ADiskThatFailsHoldsWhoAsked()
    {
        SimulatedDisk disk = new();
        using LocalServer server = LocalServer.StartReady(
            disk, "--appendonly", "yes", "--appendfsync", "everysec", "--auto-aof-rewrite-percentage", "0");
        using RespConnection asking = server.Connect();
        Assert.Equal("OK", asking.Call("CLIENT DURABILITY local").Text);
        disk.Faults.FailSyncs();
        asking.Send("SET a 1");
        server.AwaitInfo("aof_last_write_status", "err");
        Assert.True(asking.IsSilent(SilenceMs), "told although the disk does not have it");
        disk.Faults.Heal();
        server.AwaitInfo("aof_last_write_status", "ok");
        Assert.Equal("OK", asking.Read().Text);
    }
}
