using Bixbite.Crash.Disk;
using Bixbite.Crash.Servers;
using Bixbite.Platform;

namespace Bixbite.Crash.Faults;

/// <summary>
/// A disk that refuses snapshots: the one before stays, writes are refused as long as the settings say so, reads are not.
/// </summary>
public sealed class SnapshotFaultTests
{
    private const string MisConf =
        "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk. Commands that may modify the "
        + "data set are disabled, because this instance is configured to report errors during writes if RDB snapshotting fails "
        + "(stop-writes-on-bgsave-error option). Please check the Redis logs for details about the RDB error.";

    private readonly SimulatedDisk _disk = new();

    [Fact]
    public void WritesWaitForASnapshotThatSucceeds()
    {
        using LocalServer server = LocalServer.StartReady(_disk, "--save", "3600", "1");
        Assert.Equal("OK", server.Call("SET a 1").Text);
        _disk.Faults.FailSyncs();
        Assert.False(server.Call("BGSAVE").IsError);
        server.AwaitInfo("rdb_last_bgsave_status", "err");
        Assert.Equal(MisConf, server.Call("SET a 2").Text);
        Assert.Equal("1", server.Call("GET a").Text);
        Assert.Equal("OK", server.Call("CONFIG SET stop-writes-on-bgsave-error no").Text);
        Assert.Equal("OK", server.Call("SET a 3").Text);
        Assert.Equal("OK", server.Call("CONFIG SET stop-writes-on-bgsave-error yes").Text);
        Assert.Equal(MisConf, server.Call("SET a 4").Text);

        _disk.Faults.Heal();
        Assert.False(server.Call("BGSAVE").IsError);
        server.AwaitInfo("rdb_last_bgsave_status", "ok");
        Assert.Equal("OK", server.Call("SET a 5").Text);
    }

    [Theory]
    [InlineData("SAVE")]
    [InlineData("BGSAVE")]
    public void ASaveThatFailsAnywhereLeavesTheOneBefore(string command)
    {
        for (int number = 1; ; number++)
        {
            SimulatedDisk saved = new();
            using LocalServer server = LocalServer.StartReady(saved);
            server.Call("SET a 1");
            Assert.Equal("OK", server.Call("SAVE").Text);
            string before = server.Digest();
            server.Call("SET a 2");
            string after = server.Digest();
            int start = saved.Operations.Count;
            saved.FailAt(start + number, Errno.EIO);
            server.Call(command);
            server.AwaitInfo("rdb_bgsave_in_progress", "0");
            bool hasFailed = saved.Operations.Count >= start + number;
            for (int seed = 0; seed < 4; seed++)
            {
                using LocalServer next = LocalServer.StartReady(saved.Survivor(seed));
                Assert.Contains(next.Digest(), hasFailed ? [before, after] : (string[])[after]);
            }

            Assert.DoesNotContain(saved.Names(), name => name.StartsWith("temp-", StringComparison.Ordinal) && !hasFailed);
            if (!hasFailed)
            {
                return;
            }
        }
    }

    [Fact]
    public void AFullDiskIsToldAndLeavesNoRemains()
    {
        using LocalServer server = LocalServer.StartReady(_disk);
        server.Call("SET a " + new string('x', 10));
        Assert.Equal("OK", server.Call("SAVE").Text);
        IReadOnlyList<string> names = _disk.Names();
        byte[] noise = new byte[20_000];
        new Random(1).NextBytes(noise);
        server.Call("SET b " + Convert.ToBase64String(noise));
        _disk.Faults.CapacityBytes = _disk.UsedBytes + 5000;
        Assert.True(server.Call("SAVE").IsError);
        Assert.Equal(names, _disk.Names());
        _disk.Faults.Heal();
        Assert.Equal("OK", server.Call("SAVE").Text);
    }
}
