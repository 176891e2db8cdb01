using System.Globalization;
using Bixbite.Crash.Disk;
using Bixbite.Crash.Servers;
using Bixbite.Platform;
using Bixbite.Wire.Harness;

namespace Bixbite.Crash.Faults;

/// <summary>
/// A disk that refuses what the append-only file needs: writes are refused, reads are not, and all is well when the disk is.
/// </summary>
public sealed class AppendOnlyFaultTests
{
    private const string MisConf = "MISCONF Errors writing to the AOF file: ";

    private readonly SimulatedDisk _disk = new();

    public static TheoryData<string, string> Refusals => new()
    {
        { "full", "No space left on device" },
        { "read-only", "Read-only file system" },
        { "broken", "Input/output error" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void WritesWaitForTheDiskAndReadsDoNot(string fault, string reason)
    {
        using LocalServer server = Start("everysec");
        Assert.Equal("OK", server.Call("SET kept 1").Text);
        Break(fault);
        int count = WriteUntilRefused(server, reason);
        Assert.Equal("err", server.Info("aof_last_write_status"));
        Assert.Equal("1", server.Call("GET kept").Text);
        Assert.Equal(MisConf + reason, server.Call("PING").Text);

        _disk.Faults.Heal();
        server.AwaitInfo("aof_last_write_status", "ok");
        Assert.Equal("OK", server.Call("SET kept 2").Text);
        Assert.Equal(count.ToString(CultureInfo.InvariantCulture), server.Call("STRLEN filled").Text);
        CheckKeptAfterKill(server);
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public void WithAlwaysNothingIsAcknowledgedThatWasNotWritten(string fault, string reason)
    {
        using LocalServer server = Start("always");
        Assert.Equal("OK", server.Call("SET kept 1").Text);
        Break(fault);
        using RespConnection writer = server.Connect();
        using RespConnection reader = server.Connect();
        int start = _disk.Operations.Count;
        writer.Send("APPEND filled " + new string('x', 200));
        // Whoever asks in the same round waits with it.
        _disk.Await(DiskAction.Write, start);
        server.AwaitInfo("aof_last_write_status", "err");
        Assert.True(writer.IsSilent(100));
        Assert.Equal("1", reader.Call("GET kept").Text);
        Assert.Equal(MisConf + reason, reader.Call("SET kept 2").Text);

        _disk.Faults.Heal();
        server.AwaitInfo("aof_last_write_status", "ok");
        Assert.Equal(":200", writer.Read().ToString());
        Assert.Equal("OK", server.Call("SET kept 2").Text);
        string digest = server.Digest();
        _disk.Crash();
        for (int seed = 0; seed < 20; seed++)
        {
            CheckContent(_disk.Survivor(seed), "always", digest);
        }
    }

    [Fact]
    public void ASyncThatDoesNotEndHoldsNobodyUp()
    {
        using LocalServer server = Start("everysec");
        _disk.Faults.SyncGate.Reset();
        Assert.Equal("OK", server.Call("SET a 1").Text);
        server.AwaitInfo("aof_pending_bio_fsync", "1");
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal("OK", server.Call($"SET a {i}").Text);
        }
        Assert.Equal("99", server.Call("GET a").Text);
        _disk.Faults.SyncGate.Set();
        server.AwaitInfo("aof_pending_bio_fsync", "0");
        CheckKeptAfterKill(server);
    }

    [Fact]
    public void WithAlwaysOnlyWhoWroteOrReadsWhatWasWrittenWaitsForASyncThatDoesNotEnd()
    {
        using LocalServer server = Start("always");
        Assert.Equal("OK", server.Call("MSET a 1 b 1").Text);
        _disk.Faults.SyncGate.Reset();
        using RespConnection writer = server.Connect();
        using RespConnection reader = server.Connect();
        using RespConnection other = server.Connect();
        int start = _disk.Operations.Count;
        writer.Send("SET a 2");
        _disk.Await(DiskAction.Write, start);
        Assert.True(writer.IsSilent(100));
        reader.Send("GET a");
        Assert.Equal("1", other.Call("GET b").Text);
        Assert.Equal("PONG", other.Call("PING").Text);
        Assert.True(reader.IsSilent(100));
        Assert.True(writer.IsSilent(20));
        _disk.Faults.SyncGate.Set();
        Assert.Equal("OK", writer.Read().Text);
        Assert.Equal("2", reader.Read().Text);
    }

    [Theory]
    [InlineData(Errno.ENOSPC)]
    [InlineData(Errno.EIO)]
    public void ARewriteThatFailsAnywhereLeavesTheOldFilesInForce(int errno)
    {
        for (int number = 1; ; number++)
        {
            SimulatedDisk rewritten = new();
            using LocalServer server = LocalServer.StartReady(rewritten, "--appendonly", "yes", "--appendfsync", "always");
            Assert.Equal("OK", server.Call("MSET a 1 b 2").Text);
            int start = rewritten.Operations.Count;
            rewritten.FailAt(start + number, errno);
            server.Call("BGREWRITEAOF");
            AwaitRewrite(server);
            bool hasFailed = rewritten.Operations.Count >= start + number;
            // The operation that fails may be one that comes only now, such as the file's own sync: then the change is refused for a while.
            Patience.Until(() => server.Call("SET a 2").Text == "OK", () => $"the change is refused for ever:\n{server.Log}");
            string digest = server.Digest();

            for (int seed = 0; seed < 4; seed++)
            {
                CheckContent(rewritten.Survivor(seed), "always", digest);
            }
            if (!hasFailed)
            {
                return;
            }
        }
    }

    [Fact]
    public void AFailedRewriteIsToldAndCanBeTriedAgain()
    {
        using LocalServer server = Start("everysec");
        server.Call("CONFIG SET rdbcompression no");
        server.Call("SET a " + new string('x', 100_000));
        _disk.Faults.CapacityBytes = _disk.UsedBytes + 5000;
        server.Call("BGREWRITEAOF");
        AwaitRewrite(server);
        Assert.Equal("err", server.Info("aof_last_bgrewrite_status"));
        _disk.Faults.Heal();
        Assert.False(server.Call("BGREWRITEAOF").IsError);
        server.AwaitInfo("aof_last_bgrewrite_status", "ok");
        AwaitRewrite(server);
        CheckKeptAfterKill(server);
    }

    private LocalServer Start(string policy) => LocalServer.StartReady(_disk, "--appendonly", "yes", "--appendfsync", policy);

    private static void AwaitRewrite(LocalServer server)
    {
        server.AwaitInfo("aof_rewrite_scheduled", "0");
        server.AwaitInfo("aof_rewrite_in_progress", "0");
    }

    private void Break(string fault)
    {
        switch (fault)
        {
            case "full":
                _disk.Faults.CapacityBytes = _disk.UsedBytes + 100;
                break;
            case "read-only":
                _disk.Faults.MakeReadOnly();
                break;
            default:
                _disk.Faults.FailSyncs();
                break;
        }
    }

    /// <summary>Appends one letter after the other; returns how many were acknowledged.</summary>
    private static int WriteUntilRefused(LocalServer server, string reason)
    {
        long deadline = Environment.TickCount64 + RespConnection.PatienceMs;
        for (int count = 0; ; count++)
        {
            Reply reply = server.Call("APPEND filled x");
            if (reply.IsError)
            {
                Assert.Equal(MisConf + reason, reply.Text);
                return count;
            }

            Assert.True(Environment.TickCount64 < deadline, "writes go on though the disk refuses them");
            Thread.Sleep(1);
        }
    }

    /// <summary>The process is killed, and its machine goes on: all that was written is there, once no fsync holds the rest up.</summary>
    private void CheckKeptAfterKill(LocalServer server)
    {
        server.AwaitInfo("aof_buffer_length", "0");
        CheckContent(_disk.Copy(), "everysec", server.Digest());
    }

    private static void CheckContent(SimulatedDisk survivor, string policy, string digest)
    {
        using LocalServer next = LocalServer.StartReady(survivor, "--appendonly", "yes", "--appendfsync", policy);
        Assert.Equal(digest, next.Digest());
    }
}
