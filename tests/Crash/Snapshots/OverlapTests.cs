using Bixbite.Crash.Disk;
using Bixbite.Crash.Servers;
using Bixbite.Platform;
using Bixbite.Unit.Structures;
using Bixbite.Wire.Harness;

namespace Bixbite.Crash.Snapshots;

/// <summary>
/// Snapshots that overlap in a whole server, to files and to receivers, while clients change large values: each has what was there when it
/// began, none is disturbed by another one that fails, and no memory is left over.
/// </summary>
public sealed class OverlapTests : IDisposable
{
    private const int FillCount = 4_000;
    private const int SmallFillCount = 300;

    /// <summary>After a key or two a snapshot stands still.</summary>
    private const string StandStill = "CONFIG SET rdb-key-save-delay 1000000000";

    /// <summary>A slice of a snapshot ends after its first step.</summary>
    private const string GoOn = "CONFIG SET rdb-key-save-delay 1";

    private readonly SimulatedDisk _disk = new();
    private readonly TransferModule _transfers = new();
    private readonly Random _random = Seed.NewRandom();

    public void Dispose() => _disk.Faults.Heal();

    [Theory]
    [InlineData("1", "yes")]
    [InlineData("4", "yes")]
    [InlineData("4", "no")]
    public void FourAtOnceHaveTheirMoments(string threads, string preamble)
    {
        using LocalServer server = Start(_disk, threads, "--appendonly", "yes", "--aof-use-rdb-preamble", preamble);
        using MixDriver driver = new(server, _random, mayFlush: false);
        string start = driver.Empty();
        driver.Fill(FillCount);
        // Where the changes do not reach: a snapshot of nothing would not stand still.
        driver.Ask("SELECT 2", "SET kept 1", "SELECT 0", StandStill);
        Assert.False(driver.Ask("BGREWRITEAOF")[0].IsError);
        server.AwaitInfo("current_save_keys_processed", "1");
        var begun = new List<(Transfer Transfer, string Digest)>();
        for (int i = 0; i < 2; i++)
        {
            driver.Change(40);
            begun.Add(Begin(driver, new ReceivingEnd(), new ReceivingEnd()));
        }
        driver.Change(40);
        Assert.True(driver.Ask(_transfers.Announce(new ReceivingEnd()).Command)[0].IsError);
        Reply[] saved = driver.Ask("DEBUG DIGEST", GoOn, "SAVE", StandStill);
        Assert.Equal("OK", saved[2].Text);
        Assert.Equal("1", server.Info("aof_rewrite_in_progress"));
        Assert.Equal(saved[0].Text, MixDriver.DigestOn(_disk.Copy()));
        driver.Change(40);
        driver.Ask(GoOn);
        AwaitEnds(server, driver);
        Assert.Equal("ok", server.Info("aof_last_bgrewrite_status"));
        AssertWhole(begun);
        AssertLogHolds(server, driver, _disk, preamble);
        AssertNothingLeft(server, driver, start);
    }

    /// <summary>Some operation of the disk fails: a file may fail, which is told; the receivers get theirs.</summary>
    [Theory]
    [InlineData("1", "BGSAVE")]
    [InlineData("4", "BGSAVE")]
    [InlineData("1", "BGREWRITEAOF")]
    [InlineData("4", "BGREWRITEAOF")]
    public void ADiskThatFailsAtAnyOperationDisturbsNobodyElse(string threads, string command)
    {
        bool hasLog = command == "BGREWRITEAOF";
        for (int number = 1; ; number++)
        {
            SimulatedDisk disk = new();
            using LocalServer server = Start(disk, threads, "--appendonly", hasLog ? "yes" : "no");
            using MixDriver driver = new(server, _random, mayFlush: false);
            string start = driver.Empty();
            driver.Fill(SmallFillCount);
            Assert.True(hasLog || !server.Call("SAVE").IsError);
            string before = driver.Ask("DEBUG DIGEST")[0].Text;
            (Transfer, string) first = Begin(driver, new ReceivingEnd());
            driver.Change(10);
            int operations = disk.Operations.Count;
            disk.FailAt(operations + number, Errno.EIO);
            (string digest, Reply answer) = driver.AskFrom(command);
            Assert.False(answer.IsError);
            (Transfer, string) second = Begin(driver, new ReceivingEnd());
            driver.Change(20);
            AwaitEnds(server, driver);
            bool hasFailed = disk.Operations.Count >= operations + number;
            DiskOperation? failed = hasFailed ? disk.Operations[operations + number - 1] : null;
            AssertWhole([first, second]);
            if (hasLog)
            {
                AssertLogHolds(server, driver, disk, "yes");
            }
            else
            {
                bool isOk = server.Info("rdb_last_bgsave_status") == "ok";
                Assert.True(isOk || server.Log.Contains("Saving a snapshot failed", StringComparison.Ordinal));
                string found = MixDriver.DigestOn(disk.Copy());
                // Renamed, and the folder not synced: either is there.
                bool isEither = failed?.Action == DiskAction.SyncFolder;
                Assert.Contains(found, isEither ? [before, digest] : (string[])[isOk ? digest : before]);
            }
            AssertNothingLeft(server, driver, start);
            if (!hasFailed)
            {
                Assert.True(number > 3);
                return;
            }
        }
    }

    /// <summary>Where only the second call of a kind fails, what the first one did is taken back.</summary>
    [Theory]
    [InlineData("1")]
    [InlineData("4")]
    public void ASecondCallThatFailsLeavesNothingBehind(string threads)
    {
        foreach (string action in Enum.GetNames<DiskAction>())
        {
            SimulatedDisk disk = new();
            using LocalServer server = Start(disk, threads, "--appendonly", "yes");
            using MixDriver driver = new(server, _random, mayFlush: false);
            string start = driver.Empty();
            driver.Fill(SmallFillCount);
            int count = 0;
            disk.Faults.ErrnoOf = operation =>
                operation.Action.ToString() == action && Interlocked.Increment(ref count) == 2 ? Errno.ENOSPC : 0;
            var begun = new List<(Transfer, string)> { Begin(driver, new ReceivingEnd()) };
            driver.Ask("BGREWRITEAOF", "BGSAVE SCHEDULE");
            driver.Change(20);
            begun.Add(Begin(driver, new ReceivingEnd()));
            driver.Change(20);
            AwaitEnds(server, driver);
            AssertWhole(begun);
            AssertLogHolds(server, driver, disk, "yes");
            Assert.DoesNotContain(disk.Names(), name => name.Contains("temp-", StringComparison.Ordinal));
            AssertNothingLeft(server, driver, start);
        }
    }

    [Theory]
    [InlineData("1")]
    [InlineData("4")]
    public void AReceiverThatHangsHoldsNoFileUpAndGetsItsMomentInTheEnd(string threads)
    {
        using LocalServer server = Start(_disk, threads, "--appendonly", "yes");
        using MixDriver driver = new(server, _random, mayFlush: false);
        string start = driver.Empty();
        driver.Fill(SmallFillCount);
        ReceivingEnd stuck = new(stallAt: 10_000);
        (Transfer, string) hanging = Begin(driver, stuck);
        Patience.Until(() => stuck.IsStalled, "the receiver is offered nothing");
        driver.Change(10);
        (string digest, Reply answer) = driver.AskFrom("BGSAVE");
        Assert.False(answer.IsError);
        driver.Change(10);
        server.AwaitInfo("rdb_bgsave_in_progress", "0");
        Assert.Equal(digest, MixDriver.DigestOn(_disk.Copy()));
        Assert.False(driver.Ask("BGREWRITEAOF")[0].IsError);
        driver.Change(10);
        server.AwaitRest();
        Assert.Equal("ok", server.Info("aof_last_bgrewrite_status"));
        Assert.Null(stuck.End);
        AssertLogHolds(server, driver, _disk, "yes");
        Assert.Null(stuck.End);
        stuck.Release();
        AwaitEnds(server, driver);
        AssertWhole([hanging]);
        AssertNothingLeft(server, driver, start);
    }

    /// <summary>One of two receivers is dropped, the other one goes on.</summary>
    [Theory]
    [InlineData("1", true)]
    [InlineData("4", true)]
    [InlineData("1", false)]
    [InlineData("4", false)]
    public void AReceiverThatFailsCostsTheOtherNothing(string threads, bool isStalling)
    {
        TransferModule transfers = new() { PatienceMs = 200 };
        using LocalServer server = LocalServer.StartReady(_disk, transfers, "--io-threads", threads, "--rdbcompression", "no");
        using MixDriver driver = new(server, _random, mayFlush: false);
        string start = driver.Empty();
        driver.Fill(FillCount);
        ReceivingEnd bad = isStalling ? new(stallAt: 30_000) : new(failureAt: 30_000);
        ReceivingEnd good = new();
        Transfer both = transfers.Announce(bad, good);
        (string digest, Reply answer) = driver.AskFrom(both.Command);
        Assert.False(answer.IsError);
        ReceivingEnd lonely = new(failureAt: 30_000);
        Transfer failing = transfers.Announce(lonely);
        Assert.False(driver.Ask(failing.Command)[0].IsError);
        Patience.Until(() => both.End is not null && failing.End is not null, () => $"they do not end:\n{server.Log}");
        Assert.Null(both.End!.Value.Problem);
        Assert.Equal("whole", good.End);
        Assert.Equal(isStalling ? "it took nothing for 200 ms" : "Broken pipe", bad.End);
        Assert.Equal("nobody takes it any more", failing.End!.Value.Problem);
        Assert.Equal("Broken pipe", lonely.End);
        Assert.Equal(digest, MixDriver.DigestOn(good.ToDisk()));
        AssertNothingLeft(server, driver, start);
    }

    /// <summary>Writers wait in the end for a receiver that hangs; after a while it is given up, and is told.</summary>
    [Fact]
    public void AReceiverThatHangsDoesNotHoldWritersForEver()
    {
        ManualClock clock = new();
        using LocalServer server = LocalServer.StartReady(_disk, clock, _transfers, HeldWrites.Uncompressed);
        HeldWrites.Fill(server);
        ReceivingEnd stuck = new(stallAt: 10_000);
        Transfer transfer = _transfers.Announce(stuck);
        Assert.Equal("OK", server.Call(transfer.Command).Text);
        using RespConnection writer = server.Connect();
        HeldWrites.WriteUntilHeld(server, writer, "SET k:{0} v", clock);
        while (transfer.End is null)
        {
            clock.AdvanceMs(500);
            Assert.Equal("PONG", server.Call("PING").Text);
            if (!writer.IsSilent(1))
            {
                // The room of a moment may let it through.
                Assert.False(writer.Read().IsError);
                writer.Send($"SET more {new string('n', HeldWrites.ValueSize)}");
            }
        }
        Assert.False(writer.Read().IsError);
        Assert.Equal("the disk took nothing for too long", stuck.End);
        Assert.Equal(stuck.End, transfer.End!.Value.Problem);
        server.AwaitInfo("mem_not_counted_for_evict", "0");
        Assert.Equal("0", server.Info("current_cow_size"));
    }

    /// <summary>FLUSHALL takes nothing from those under way but the save, which is worthless.</summary>
    [Theory]
    [InlineData("1")]
    [InlineData("4")]
    public void WhatIsFlushedOrSwappedIsStillHandedOver(string threads)
    {
        using LocalServer server = Start(_disk, threads, "--appendonly", "yes", "--save", "3600 1000000");
        using MixDriver driver = new(server, _random, mayFlush: false);
        string start = driver.Empty();
        driver.Fill(FillCount);
        driver.Ask("SELECT 1", "MSET a 1 b 2", "SELECT 0", StandStill);
        var begun = new List<(Transfer Transfer, string Digest)> { Begin(driver, new ReceivingEnd()) };
        Assert.False(driver.Ask("BGSAVE")[0].IsError);
        driver.Change(20);
        driver.Ask("SWAPDB 0 1");
        begun.Add(Begin(driver, new ReceivingEnd()));
        Assert.Equal("OK", driver.Ask("FLUSHALL")[0].Text);
        Assert.Equal("0", server.Info("rdb_bgsave_in_progress"));
        Assert.False(driver.Ask("BGREWRITEAOF")[0].IsError);
        driver.Change(20);
        driver.Ask("SWAPDB 0 1", GoOn);
        AwaitEnds(server, driver);
        AssertWhole(begun);
        AssertLogHolds(server, driver, _disk, "yes");
        AssertNothingLeft(server, driver, start);
    }

    [Theory]
    [InlineData("1", "SHUTDOWN SAVE")]
    [InlineData("4", "SHUTDOWN SAVE")]
    [InlineData("1", "SHUTDOWN NOSAVE")]
    [InlineData("4", "SHUTDOWN NOSAVE")]
    public void AServerThatEndsTellsAllReceivers(string threads, string command)
    {
        using LocalServer server = Start(_disk, threads, "--appendonly", "yes", "--appendfsync", "always");
        using MixDriver driver = new(server, _random, mayFlush: true);
        driver.Fill(SmallFillCount);
        driver.Ask(StandStill);
        ReceivingEnd stuck = new(stallAt: 100);
        ReceivingEnd other = new();
        Begin(driver, stuck);
        driver.Change(10);
        Begin(driver, other);
        Assert.False(driver.Ask("BGREWRITEAOF")[0].IsError);
        driver.Change(10);
        string digest = driver.Ask("DEBUG DIGEST", GoOn)[0].Text;
        Assert.True(server.TrySend(command));
        Assert.Null(server.TryRead());
        Assert.Equal("it was cancelled", stuck.End);
        Assert.True(other.End is "it was cancelled" or "whole");
        if (command == "SHUTDOWN SAVE")
        {
            Assert.Equal(digest, MixDriver.DigestOn(_disk.Copy()));
        }
        for (int seed = 0; seed < 4; seed++)
        {
            Assert.Equal(digest, MixDriver.DigestOn(_disk.Survivor(seed), "--appendonly", "yes"));
        }
    }

    /// <summary>A server that cannot save does not end, and what is under way for others goes on.</summary>
    [Theory]
    [InlineData("1")]
    [InlineData("4")]
    public void AnEndThatFailsLeavesTheReceiversAlone(string threads)
    {
        using LocalServer server = Start(_disk, threads);
        using MixDriver driver = new(server, _random, mayFlush: false);
        string start = driver.Empty();
        driver.Fill(SmallFillCount);
        (Transfer, string) transfer = Begin(driver, new ReceivingEnd());
        driver.Change(10);
        _disk.Faults.ErrnoOf = operation => operation.Action == DiskAction.Rename ? Errno.EIO : 0;
        Assert.Equal("ERR Errors trying to SHUTDOWN. Check logs.", driver.Ask("SHUTDOWN SAVE")[0].Text);
        _disk.Faults.Heal();
        driver.Change(10);
        AwaitEnds(server, driver);
        AssertWhole([transfer]);
        AssertNothingLeft(server, driver, start);
    }

    /// <summary>A save that hangs on its disk is given up by FLUSHALL, which waits for nothing that it does not need.</summary>
    [Fact]
    public void FlushingDoesNotWaitForASaveThatHangs()
    {
        using LocalServer server = Start(_disk, "1");
        HeldWrites.Fill(server, 40);
        _disk.Faults.WriteGate.Reset();
        Assert.False(server.Call("BGSAVE").IsError);
        ReceivingEnd receiver = new();
        Transfer transfer = _transfers.Announce(receiver);
        Assert.Equal("OK", server.Call(transfer.Command).Text);
        Assert.Equal("OK", server.Call("FLUSHALL").Text);
        Assert.Equal("PONG", server.Call("PING").Text);
        Patience.Until(() => transfer.End is not null, () => $"the transfer does not end:\n{server.Log}");
        Assert.Equal("whole", receiver.End);
        _disk.Faults.Heal();
        server.AwaitInfo("rdb_bgsave_in_progress", "0");
        Assert.DoesNotContain(_disk.Names(), name => name.Contains(".rdb", StringComparison.Ordinal));
        Assert.Equal("OK", server.Call("SAVE").Text);
    }

    private LocalServer Start(SimulatedDisk disk, string threads, params string[] options) => LocalServer.StartReady(
        disk, _transfers, ["--rdb-key-save-delay", "1", "--io-threads", threads, .. options]);

    /// <summary>Begins a snapshot to some receivers; it and what is there now.</summary>
    private (Transfer Transfer, string Digest) Begin(MixDriver driver, params ReceivingEnd[] receivers)
    {
        Transfer transfer = _transfers.Announce(receivers);
        (string digest, Reply answer) = driver.AskFrom(transfer.Command);
        Assert.Equal("OK", answer.Text);
        return (transfer, digest);
    }

    /// <summary>Clients go on until no snapshot is under way.</summary>
    private void AwaitEnds(LocalServer server, MixDriver driver)
    {
        Patience.Until(
            () =>
            {
                driver.Change(5);
                return server.Info("current_save_keys_total") == "0";
            },
            () => $"the snapshots do not end:\n{server.Log}");
        server.AwaitRest();
    }

    private static void AssertWhole(IEnumerable<(Transfer Transfer, string Digest)> begun)
    {
        foreach ((Transfer transfer, string digest) in begun)
        {
            // Its last bytes may still be on their way when no snapshot is being taken any more.
            Patience.Until(() => transfer.End is not null, $"transfer {transfer.Number} does not end");
            Assert.Null(transfer.End!.Value.Problem);
            foreach (ReceivingEnd receiver in transfer.Receivers)
            {
                Assert.Equal("whole", receiver.End);
                Assert.Equal(digest, MixDriver.DigestOn(receiver.ToDisk()));
            }
        }
    }

    /// <summary>
    /// All that was acknowledged is in the log, whatever the disk keeps of what was not synced. The disk works from here on: a fault that
    /// has not come yet would come somewhere behind.
    /// </summary>
    private static void AssertLogHolds(LocalServer server, MixDriver driver, SimulatedDisk disk, string preamble)
    {
        disk.Faults.Heal();
        Assert.Equal("OK", driver.Ask("CONFIG SET appendfsync always")[0].Text);
        Patience.Until(() => driver.Ask("SET last 1")[0].Text == "OK", () => $"changes are refused for ever:\n{server.Log}");
        string digest = driver.Ask("DEBUG DIGEST")[0].Text;
        for (int seed = 0; seed < 3; seed++)
        {
            Assert.Equal(
                digest, MixDriver.DigestOn(disk.Survivor(seed), "--appendonly", "yes", "--aof-use-rdb-preamble", preamble));
        }
        Assert.Equal("OK", driver.Ask("CONFIG SET appendfsync everysec")[0].Text);
    }

    private static void AssertNothingLeft(LocalServer server, MixDriver driver, string start)
    {
        driver.Empty();
        server.AwaitInfo("used_memory", start);
        server.AwaitInfo("mem_not_counted_for_evict", "0");
        Assert.Equal("0", server.Info("current_cow_size"));
        Assert.Equal("0", server.Info("blocked_clients"));
    }
}
