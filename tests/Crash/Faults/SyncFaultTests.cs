using System.Globalization;
using Bixbite.Crash.Disk;
using Bixbite.Crash.Servers;
using Bixbite.Platform;
using Bixbite.Wire.Harness;

namespace Bixbite.Crash.Faults;

/// <summary>
/// A sync that fails once and never again: the system forgets what it could not write and says so a single time, so whatever was covered
/// must be written again, or replaced, before it counts as durable.
/// </summary>
public sealed class SyncFaultTests
{
    private const int SurvivorCount = 12;

    private readonly SimulatedDisk _disk = new();
    [Fact]
    public void WhatAFailedSyncCoveredIsNotAcknowledgedByTheNextOne()
    {
        using LocalServer server = Start("always");
        Assert.Equal("OK", server.Call("SET a 1").Text);
        _disk.Faults.SyncGate.Reset();
        FailNextSync();
        int start = _disk.Operations.Count;
        using RespConnection first = server.Connect();
        using RespConnection second = server.Connect();
        first.Send("SET b 2");
        _disk.Await(DiskAction.Sync, start);
        second.Send("SET c 3");
        _disk.Await(DiskAction.Write, start, 2);
        _disk.Faults.SyncGate.Set();
        Assert.Equal("OK", first.Read().Text);
        Assert.Equal("OK", second.Read().Text);
        CheckSurvivors("MGET a b c", "*[\"1\", \"2\", \"3\"]");
    }

    [Theory]
    [InlineData("everysec")]
    [InlineData("always")]
    [InlineData("no")]
    public void AnySyncMayFail(string policy)
    {
        for (int number = 1; ; number++)
        {
            SimulatedDisk failing = new();
            using LocalServer server = LocalServer.StartReady(failing, "--appendonly", "yes", "--appendfsync", policy);
            int count = 0;
            failing.Faults.ErrnoOf = operation => operation.Action == DiskAction.Sync && ++count == number ? Errno.EIO : 0;
            Write(server, "SET a 1");
            server.Call("BGREWRITEAOF");
            Write(server, "SET b 2");
            server.AwaitRest();
            Write(server, "SET c 3");
            if (policy == "no")
            {
                server.Call("CONFIG SET appendfsync everysec");
            }
            Assert.Equal(":1", server.Call("WAITAOF 1 0 0").Items[0].ToString());
            failing.Crash();
            for (int seed = 0; seed < 6; seed++)
            {
                Check(failing.Survivor(seed), "MGET a b c", "*[\"1\", \"2\", \"3\"]");
            }
            if (count < number)
            {
                return;
            }
        }
    }

    [Theory]
    [InlineData("everysec")]
    [InlineData("no")]
    public void WhatWaitsForTheFileBeforeIsWrittenInTheEnd(string policy)
    {
        using LocalServer server = Start(policy);
        Assert.Equal("OK", server.Call("SET a 1").Text);
        ShutGateWhenAnIncrementIsLeft();
        while (_disk.Faults.SyncGate.IsSet)
        {
            server.Call("BGREWRITEAOF");
            Assert.False(server.Call("INCR before").IsError);
        }

        Assert.Equal("OK", server.Call("SET b 2").Text);
        server.AwaitInfo("aof_buffer_length", "0");
        Assert.NotEqual("0", server.Info("aof_pending_bio_fsync"));
        Assert.NotEqual("0", server.Info("aof_delayed_fsync"));
        string digest = server.Digest();
        SimulatedDisk killed = _disk.Copy();
        _disk.Faults.SyncGate.Set();
        using LocalServer next = LocalServer.StartReady(killed, "--appendonly", "yes", "--appendfsync", policy);
        Assert.Equal(digest, next.Digest());
    }

    [Fact]
    public void ARewriteDoesNotBeginBehindASyncThatHangs()
    {
        using LocalServer server = Start("always");
        using RespConnection writer = server.Connect();
        using RespConnection other = server.Connect();
        _disk.Faults.SyncGate.Reset();
        int start = _disk.Operations.Count;
        writer.Send("SET a 1");
        _disk.Await(DiskAction.Sync, start);
        other.Send("BGREWRITEAOF");
        Assert.True(writer.IsSilent(50));
        Assert.DoesNotContain("appendonlydir/temp-rewriteaof.aof", _disk.Names());
        _disk.Faults.SyncGate.Set();
        Assert.Equal("OK", writer.Read().Text);
        Assert.False(other.Read().IsError);
        server.AwaitRest();
        Assert.Equal("ok", server.Info("aof_last_bgrewrite_status"));
        CheckSurvivors("GET a", "1");
    }

    /// <summary>
    /// The log is to go on in another file while a slow sync of the one before it is under way, which then hangs: nobody waits but those
    /// who change something, and they are answered when it is durable.
    /// </summary>
    [Theory]
    [InlineData("1")]
    [InlineData("4")]
    public void ARewriteGoesOnWhileTheFileBeforeIsSynced(string threads)
    {
        using LocalServer server = StartSlow(_disk, threads);
        using RespConnection writer = server.Connect();
        _disk.Faults.ErrnoOf = operation =>
        {
            if (operation.Action == DiskAction.Create && operation.Path.Contains("temp-rewriteaof", StringComparison.Ordinal))
            {
                _disk.Faults.SyncGate.Reset();
            }
            return 0;
        };
        int sent = Increment(writer, () => !_disk.Faults.SyncGate.IsSet, server);
        Assert.Equal("1", server.Info("aof_rewrite_in_progress"));
        for (int i = 0; i < 100; i++, sent++)
        {
            writer.Send("INCR n");
            Assert.Equal("PONG", server.Call("PING").Text);
            Assert.True(server.Call("GET other").IsNull);
        }
        long acknowledged = 0;
        while (!writer.IsSilent(20))
        {
            acknowledged = writer.Read().Integer;
        }
        Assert.InRange(acknowledged, 0, sent - 100);
        SimulatedDisk[] meanwhile = [.. Enumerable.Range(0, SurvivorCount).Select(_disk.Survivor)];
        _disk.Faults.Heal();
        AssertAnswered(writer, acknowledged, sent);
        server.AwaitRest();
        Assert.Equal("ok", server.Info("aof_last_bgrewrite_status"));
        CheckSurvivors("GET n", $"{sent}");
        foreach (SimulatedDisk survivor in meanwhile)
        {
            using LocalServer next = LocalServer.StartReady(survivor, "--appendonly", "yes");
            string found = next.Call("GET n").Text;
            Assert.InRange(found.Length == 0 ? 0 : long.Parse(found, CultureInfo.InvariantCulture), acknowledged, sent);
        }
    }

    /// <summary>Any sync fails while the log leaves a file in which there is always something that is not durable.</summary>
    [Theory]
    [InlineData("1")]
    [InlineData("4")]
    public void AnySyncMayFailWhileTheLogGoesOnInAnotherFile(string threads)
    {
        for (int number = 1; number < 8; number++)
        {
            SimulatedDisk failing = new();
            using LocalServer server = StartSlow(failing, threads);
            using RespConnection writer = server.Connect();
            int appended = 0;
            int synced = 0;
            failing.Faults.ErrnoOf = operation =>
            {
                appended += operation.Action == DiskAction.Append ? 1 : 0;
                return operation.Action == DiskAction.Sync && appended > 0 && ++synced == number ? Errno.EIO : 0;
            };
            int sent = Increment(writer, () => synced > number, server);
            AssertAnswered(writer, 0, sent);
            failing.Faults.Heal();
            server.AwaitRest();
            failing.Crash();
            for (int seed = 0; seed < SurvivorCount; seed++)
            {
                Check(failing.Survivor(seed), "GET n", $"{sent}");
            }
        }
    }

    /// <summary>What is told while a change is not durable waits for it; whatever becomes of the policy, it is told in the end.</summary>
    [Theory]
    [InlineData("CONFIG SET appendfsync no")]
    [InlineData("CONFIG SET appendfsync everysec")]
    [InlineData("CONFIG SET appendonly no")]
    [InlineData("CONFIG SET appendfsync no appendonly no")]
    public void WhatWaitsIsToldWhateverBecomesOfThePolicy(string change)
    {
        using LocalServer server = Start("always");
        using RespConnection writer = server.Connect();
        using RespConnection other = server.Connect();
        _disk.Faults.SyncGate.Reset();
        writer.Send("SET a 1");
        other.Send("GET a");
        Assert.True(writer.IsSilent(50));
        other.Send(change);
        _disk.Faults.SyncGate.Set();
        Assert.Equal("OK", writer.Read().Text);
        Assert.Equal("1", other.Read().Text);
        Assert.Equal("OK", other.Read().Text);
        Assert.Equal("OK", writer.Call("SET a 2").Text);
    }

    [Fact]
    public void SwitchingOffEndsWaitingForADiskThatFails()
    {
        using LocalServer server = Start("always");
        using RespConnection writer = server.Connect();
        using RespConnection other = server.Connect();
        _disk.Faults.FailSyncs();
        writer.Send("SET a 1");
        Assert.True(writer.IsSilent(50));
        other.Send("CONFIG SET appendonly no");
        Assert.Equal("OK", other.Read().Text);
        Assert.Equal("OK", writer.Read().Text);
        Assert.Equal("ok", server.Info("aof_last_write_status"));
        _disk.Faults.Heal();
        Assert.Equal("OK", other.Call("CONFIG SET appendonly yes").Text);
        server.AwaitRest();
        Assert.Equal("OK", other.Call("SET a 2").Text);
        CheckSurvivors("GET a", "2");
    }

    [Fact]
    public void PoliciesChangeWhileClientsWrite()
    {
        using LocalServer server = Start("everysec");
        using RespConnection writer = server.Connect();
        int written = 0;
        foreach (string change in Changes())
        {
            writer.Send("INCR n");
            server.Call($"CONFIG SET {change}");
            written++;
            Assert.Equal($":{written}", writer.Read().ToString());
        }
        server.Call("CONFIG SET appendonly yes appendfsync always");
        server.AwaitRest();
        Assert.Equal("OK", writer.Call("SET end 1").Text);
        CheckSurvivors("MGET n end", $"*[\"{written}\", \"1\"]");
    }

    private static LocalServer StartSlow(SimulatedDisk disk, string threads)
    {
        LocalServer server = LocalServer.StartReady(disk, "--appendonly", "yes", "--appendfsync", "always", "--io-threads", threads);
        disk.Faults.SyncMs = 30;
        return server;
    }

    /// <summary>Increments during a rewrite until it is enough, without waiting for replies; returns how often.</summary>
    private static int Increment(RespConnection writer, Func<bool> isEnough, LocalServer server)
    {
        int sent = 0;
        Patience.Until(
            () =>
            {
                server.Call("BGREWRITEAOF");
                writer.Send("INCR n");
                sent++;
                return isEnough();
            },
            () => $"the log does not go on:\n{server.Log}");
        return sent;
    }

    /// <summary>All that follows what was acknowledged is, in the end; what was refused meanwhile is sent again.</summary>
    private static void AssertAnswered(RespConnection writer, long acknowledged, int sent)
    {
        int refused = 0;
        for (long number = acknowledged + 1; number <= sent; number++)
        {
            refused += IsTaken(writer.Read()) ? 0 : 1;
        }
        for (; refused > 0; refused--)
        {
            Patience.Until(() => IsTaken(writer.Call("INCR n")), "changes are refused for ever");
        }
        Assert.Equal($"{sent}", writer.Call("GET n").Text);
    }

    private static IEnumerable<string> Changes()
    {
        string[] values = ["appendfsync no", "appendfsync always", "appendfsync everysec", "appendonly no", "appendonly yes"];
        foreach (string one in values)
        {
            foreach (string other in values)
            {
                yield return one;
                yield return other;
            }
        }
    }

    private LocalServer Start(string policy) => LocalServer.StartReady(_disk, "--appendonly", "yes", "--appendfsync", policy);

    private void FailNextSync()
    {
        bool hasFailed = false;
        _disk.Faults.ErrnoOf = operation =>
        {
            bool isFailing = operation.IsSync && !hasFailed;
            hasFailed |= isFailing;
            return isFailing ? Errno.EIO : 0;
        };
    }

    /// <summary>The last sync of an increment hangs, once another is there; there is one sync before that.</summary>
    private void ShutGateWhenAnIncrementIsLeft()
    {
        string latest = "";
        int count = 0;
        _disk.Faults.ErrnoOf = operation =>
        {
            if (operation.Action == DiskAction.Append)
            {
                latest = operation.Path;
                count = 0;
            }
            else if (operation.Action == DiskAction.Sync && operation.Path.EndsWith(".incr.aof", StringComparison.Ordinal)
                && latest.Length > 0 && operation.Path != latest && ++count == 2)
            {
                _disk.Faults.SyncGate.Reset();
            }

            return 0;
        };
    }

    /// <summary>Changes something as soon as changes are accepted.</summary>
    private static void Write(LocalServer server, string command)
    {
        Patience.Until(() => IsTaken(server.Call(command)), () => $"changes are refused for ever:\n{server.Log}");
    }

    private static bool IsTaken(Reply reply)
    {
        if (reply.IsError)
        {
            Assert.StartsWith("MISCONF", reply.Text, StringComparison.Ordinal);
        }
        return !reply.IsError;
    }

    private void CheckSurvivors(string command, string expected)
    {
        _disk.Crash();
        for (int seed = 0; seed < SurvivorCount; seed++)
        {
            Check(_disk.Survivor(seed), command, expected);
        }
    }

    private static void Check(SimulatedDisk survivor, string command, string expected)
    {
        using LocalServer next = LocalServer.StartReady(survivor, "--appendonly", "yes", "--appendfsync", "always");
        Assert.Equal(expected, next.Call(command) is { Type: '*' } many ? many.ToString() : next.Call(command).Text);
    }
}
