using Bixbite.Crash.Disk;
using Bixbite.Crash.Servers;
using Bixbite.Platform;
using Bixbite.Wire.Harness;

namespace Bixbite.Crash.Snapshots;

/// <summary>
/// A snapshot's disk takes nothing for a while: what the snapshot has to keep in memory stays bounded since those who write wait, and
/// nobody else does.
/// </summary>
public sealed class HeldWritesTests : IDisposable
{
    private const long BoundBytes = 64 << 20;

    private readonly SimulatedDisk _disk = new();

    public void Dispose() => _disk.Faults.Heal();

    [Theory]
    [InlineData("SET k:{0} v")]
    [InlineData("SETRANGE k:{0} 30000 {1}")]
    [InlineData("DEL k:{0}")]
    [InlineData("RENAME k:{0} other")]
    [InlineData("EXPIRE k:{0} -1")]
    [InlineData("MULTI; SETBIT k:{0} 7 1; GETDEL k:{0}; EXEC")]
    public void WritesWaitAndReadsDoNot(string change)
    {
        using LocalServer server = LocalServer.StartReady(_disk, new SlowedClock());
        HeldWrites.Fill(server);
        string before = server.Digest();
        _disk.Faults.WriteGate.Reset();
        Assert.False(server.Call("BGSAVE").IsError);
        using RespConnection writer = server.Connect();
        HeldWrites.WriteUntilHeld(server, writer, change);
        server.AwaitInfo("blocked_clients", "1");
        Assert.InRange(HeldWrites.Number(server, "current_cow_size"), 16 << 20, BoundBytes);
        // The peak is noted with a tick.
        Patience.Until(() => HeldWrites.Number(server, "current_cow_peak") >= 16 << 20, "no peak is noted");
        Assert.InRange(HeldWrites.Number(server, "current_cow_peak"), 16 << 20, BoundBytes);
        Assert.Equal("PONG", server.Call("PING").Text);
        Assert.Equal("none", server.Info("paused_reason"));
        Assert.Equal(HeldWrites.ValueSize, server.Call($"STRLEN k:{HeldWrites.KeyCount - 1}").Integer);

        _disk.Faults.Heal();
        Assert.False(writer.Read().IsError);
        server.AwaitInfo("rdb_bgsave_in_progress", "0");
        Assert.Equal("ok", server.Info("rdb_last_bgsave_status"));
        Assert.Equal("0", server.Info("current_cow_size"));
        Assert.InRange(HeldWrites.Number(server, "rdb_last_cow_size"), 16 << 20, BoundBytes);
        Assert.InRange(HeldWrites.Number(server, "used_memory_workspace"), 0, 16 << 20);
        using LocalServer loaded = LocalServer.StartReady(_disk.Copy());
        Assert.Equal(before, loaded.Digest());
    }

    [Fact]
    public void ADiskThatHangsDoesNotHoldThemForEver()
    {
        ManualClock clock = new();
        using LocalServer server = LocalServer.StartReady(_disk, clock, HeldWrites.Uncompressed);
        HeldWrites.Fill(server);
        _disk.Faults.WriteGate.Reset();
        Assert.False(server.Call("BGSAVE").IsError);
        using RespConnection writer = server.Connect();
        HeldWrites.WriteUntilHeld(server, writer, "SET k:{0} v", clock);
        for (int seconds = 0; seconds < 30; seconds++)
        {
            clock.AdvanceMs(1000);
            server.Call("PING");
            if (writer.IsSilent(1))
            {
                continue;
            }
            // The room of a moment may let it through: it is held again until the snapshot is given up.
            Assert.False(writer.Read().IsError);
            writer.Send($"SET more:{seconds} {new string('n', HeldWrites.ValueSize)}");
        }

        Assert.False(writer.Read().IsError);
        _disk.Faults.Heal();
        AwaitEnd(server, clock);
        Assert.Equal("err", server.Info("rdb_last_bgsave_status"));
        Assert.False(server.Call("BGSAVE").IsError);
        AwaitEnd(server, clock);
        Assert.Equal("ok", server.Info("rdb_last_bgsave_status"));
    }

    [Theory]
    [InlineData("BGSAVE", "BGSAVE CANCEL", "rdb_bgsave_in_progress")]
    [InlineData("BGSAVE", "CONFIG SET dir .", "rdb_bgsave_in_progress")]
    [InlineData("BGREWRITEAOF", "CONFIG SET dbfilename other.rdb", "aof_rewrite_in_progress")]
    public void WhoeverInterferesDoesNotWaitForTheDisk(string snapshot, string command, string field)
    {
        using LocalServer server = LocalServer.StartReady(_disk, "--enable-protected-configs", "yes");
        HeldWrites.Fill(server);
        _disk.Faults.WriteGate.Reset();
        Assert.False(server.Call(snapshot).IsError);
        Assert.False(server.Call(command).IsError);
        Assert.Equal("PONG", server.Call("PING").Text);
        _disk.Faults.Heal();
        server.AwaitInfo(field, "0");
        Assert.False(server.Call("BGSAVE").IsError);
        server.AwaitInfo("rdb_bgsave_in_progress", "0");
        Assert.Equal("ok", server.Info("rdb_last_bgsave_status"));
    }

    /// <summary>While nobody writes, it is the pipe alone that fills.</summary>
    [Fact]
    public void ASnapshotAloneKeepsLittle()
    {
        using LocalServer server = LocalServer.StartReady(_disk);
        HeldWrites.Fill(server);
        _disk.Faults.WriteGate.Reset();
        Assert.False(server.Call("BGSAVE").IsError);
        Patience.Until(() => HeldWrites.Number(server, "current_cow_size") > 1 << 20, "nothing waits for the disk");
        for (int rounds = 0; rounds < 500; rounds++)
        {
            server.Call("PING");
        }
        // The peak is noted with a tick.
        Patience.Until(() => HeldWrites.Number(server, "current_cow_peak") >= 1 << 20, "no peak is noted");
        Assert.InRange(HeldWrites.Number(server, "current_cow_peak"), 1 << 20, 16 << 20);
        _disk.Faults.Heal();
        server.AwaitInfo("rdb_bgsave_in_progress", "0");
        Assert.Equal("ok", server.Info("rdb_last_bgsave_status"));
    }

    [Fact]
    public void WhatItKeepsEvictsNothingMore()
    {
        using LocalServer server = LocalServer.StartReady(_disk, "--maxmemory-policy", "allkeys-random");
        HeldWrites.Fill(server);
        long used = HeldWrites.Number(server, "used_memory");
        _disk.Faults.WriteGate.Reset();
        Assert.False(server.Call("BGSAVE").IsError);
        Assert.False(server.Call($"CONFIG SET maxmemory {used - (20 * HeldWrites.ValueSize)}").IsError);
        while (HeldWrites.Number(server, "evicted_keys") < 20)
        {
            Assert.Equal("PONG", server.Call("PING").Text);
        }
        for (int i = 0; i < 50; i++)
        {
            server.Call($"SET small:{i} v");
        }
        Assert.InRange(HeldWrites.Number(server, "evicted_keys"), 20, 40);
        Assert.True(HeldWrites.Number(server, "mem_not_counted_for_evict") > 0 || HeldWrites.Number(server, "used_memory") < used);
        _disk.Faults.Heal();
        server.AwaitInfo("rdb_bgsave_in_progress", "0");
        Assert.Equal("ok", server.Info("rdb_last_bgsave_status"));
    }

    private static void AwaitEnd(LocalServer server, ManualClock clock)
    {
        while (server.Info("rdb_bgsave_in_progress") != "0")
        {
            clock.AdvanceMs(1);
        }
    }
}
