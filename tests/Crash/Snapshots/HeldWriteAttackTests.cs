using Bixbite.Crash.Disk;
using Bixbite.Crash.Servers;
using Bixbite.Platform;
using Bixbite.Wire.Harness;

namespace Bixbite.Crash.Snapshots;

/// <summary>While large values are overwritten under a snapshot, or a writer is held, no change is lost or half done.</summary>
public sealed class HeldWriteAttackTests : IDisposable
{
    private readonly SimulatedDisk _disk = new();

    public static TheoryData<string, string> Interferences => new()
    {
        { "1", "CONFIG SET rdbcompression yes" },
        { "4", "CONFIG SET rdbcompression yes" },
        { "1", "CONFIG SET save \"1 1\"" },
        { "1", "CONFIG SET appendonly yes" },
        { "4", "CLIENT PAUSE 30 WRITE" },
        { "1", "DEBUG RELOAD" },
        { "4", "DEBUG RELOAD" },
    };

    public void Dispose() => _disk.Faults.Heal();

    /// <summary>Whichever write fails, nobody waits afterwards, nothing is lost, and the next snapshot succeeds.</summary>
    [Theory]
    [InlineData("1", 1)]
    [InlineData("4", 1)]
    [InlineData("1", 2)]
    [InlineData("1", 9)]
    [InlineData("4", 25)]
    public void AWriteOfTheSnapshotFails(string threads, int number)
    {
        const int count = 60;
        using LocalServer server = LocalServer.StartReady(
            _disk, [.. HeldWrites.Uncompressed, "--stop-writes-on-bgsave-error", "no", "--io-threads", threads]);
        using LocalServer twin = LocalServer.StartReady(new SimulatedDisk());
        HeldWrites.Fill(server, count);
        HeldWrites.Fill(twin, count);
        int writes = 0;
        _disk.Faults.ErrnoOf = operation =>
            operation.Action == DiskAction.Write && Interlocked.Increment(ref writes) == number ? Errno.EIO : 0;
        Assert.False(server.Call("BGSAVE").IsError);
        for (int i = 0; i < count; i++)
        {
            foreach (string change in ChangesOf(i, count))
            {
                Assert.Equal(twin.Call(change).Text, server.Call(change).Text);
            }
        }

        server.AwaitInfo("rdb_bgsave_in_progress", "0");
        Assert.Equal("err", server.Info("rdb_last_bgsave_status"));
        Assert.Equal("0", server.Info("current_cow_size"));
        server.AwaitInfo("mem_not_counted_for_evict", "0");
        Assert.Equal(twin.Digest(), server.Digest());
        _disk.Faults.Heal();
        Assert.False(server.Call("BGSAVE").IsError);
        server.AwaitInfo("rdb_bgsave_in_progress", "0");
        Assert.Equal("ok", server.Info("rdb_last_bgsave_status"));
        using LocalServer loaded = LocalServer.StartReady(_disk.Copy());
        Assert.Equal(twin.Digest(), loaded.Digest());
    }

    [Theory]
    [MemberData(nameof(Interferences))]
    public void SomebodyInterferes(string threads, string command)
    {
        using LocalServer server = LocalServer.StartReady(_disk, new SlowedClock(), [.. HeldWrites.Uncompressed, "--io-threads", threads]);
        using RespConnection writer = server.Connect();
        using RespConnection other = server.Connect();
        Hold(server, writer);
        other.Send(command);
        Assert.True(writer.IsSilent(20));
        _disk.Faults.Heal();
        Assert.False(writer.Read().IsError);
        Assert.False(other.Read().IsError);
        AssertAllIsWell(server);
    }

    [Fact]
    public void AllIsFlushed()
    {
        using LocalServer server = LocalServer.StartReady(_disk, new SlowedClock(), HeldWrites.Uncompressed);
        using RespConnection writer = server.Connect();
        using RespConnection other = server.Connect();
        Hold(server, writer);
        other.Send("FLUSHALL");
        _disk.Faults.Heal();
        Assert.False(writer.Read().IsError);
        Assert.False(other.Read().IsError);
        Assert.InRange(server.Call("DBSIZE").Integer, 0, 1);
        AssertAllIsWell(server);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("4")]
    public void TheServerIsShutDown(string threads)
    {
        using LocalServer server = LocalServer.StartReady(_disk, new SlowedClock(), [.. HeldWrites.Uncompressed, "--io-threads", threads]);
        using RespConnection writer = server.Connect();
        Hold(server, writer);
        Assert.True(server.TrySend("SHUTDOWN NOSAVE"));
        _disk.Faults.Heal();
        Assert.Null(server.TryRead());
        Assert.DoesNotContain("dump.rdb", _disk.Names());
    }

    /// <summary>What a client wanted is not done when it has gone; whoever comes after it is held and let go as always.</summary>
    [Theory]
    [InlineData("1", true)]
    [InlineData("4", true)]
    [InlineData("1", false)]
    [InlineData("4", false)]
    public void TheHeldClientGoes(string threads, bool isKilled)
    {
        using LocalServer server = LocalServer.StartReady(_disk, new SlowedClock(), [.. HeldWrites.Uncompressed, "--io-threads", threads]);
        using RespConnection next = server.Connect();
        using (RespConnection writer = server.Connect())
        {
            string id = writer.Call("CLIENT ID").Integer.ToString(System.Globalization.CultureInfo.InvariantCulture);
            Hold(server, writer);
            writer.Send("SET late 1");
            if (isKilled)
            {
                Assert.Equal(1, server.Call($"CLIENT KILL ID {id}").Integer);
            }
        }

        server.AwaitInfo("blocked_clients", "0");
        next.Send("SET next 1");
        Assert.True(HeldWrites.IsHeld(server, next));
        _disk.Faults.Heal();
        Assert.Equal("OK", next.Read().Text);
        Assert.Equal(0, server.Call("EXISTS late").Integer);
        AssertAllIsWell(server);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("4")]
    public void ATransactionIsHeldAsOne(string threads)
    {
        using LocalServer server = LocalServer.StartReady(_disk, new SlowedClock(), [.. HeldWrites.Uncompressed, "--io-threads", threads]);
        using RespConnection writer = server.Connect();
        using RespConnection client = server.Connect();
        // Before, since a write waits when it is queued too, as in CLIENT PAUSE WRITE.
        client.Send("MULTI");
        client.Send("SET a 1");
        client.Send("APPEND k:299 more");
        client.Send("INCR a");
        Assert.Equal("OK", client.Read().Text);
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal("QUEUED", client.Read().Text);
        }
        Hold(server, writer);
        client.Send("EXEC");
        Assert.True(HeldWrites.IsHeld(server, client));
        Assert.Equal("2", server.Info("blocked_clients"));
        Assert.Equal(0, server.Call("EXISTS a").Integer);
        Assert.Equal(HeldWrites.ValueSize, server.Call("STRLEN k:299").Integer);
        _disk.Faults.Heal();
        Assert.Equal(3, client.Read().Items.Count);
        Assert.Equal("2", server.Call("GET a").Text);
        Assert.Equal(HeldWrites.ValueSize + 4, server.Call("STRLEN k:299").Integer);
        AssertAllIsWell(server);
    }

    private static IEnumerable<string> ChangesOf(int i, int count) =>
    [
        $"SETRANGE k:{i} {i * 900} changed", $"APPEND k:{i * 7 % count} {new string('a', 3000)}",
        $"SETBIT k:{i * 11 % count} {i} 1",
        i % 3 == 0 ? $"SET k:{i * 13 % count} {new string('n', HeldWrites.ValueSize)}" : $"COPY k:{i} c:{i % 10} REPLACE",
        $"STRLEN k:{i}",
    ];

    /// <summary>Begins a snapshot whose disk takes nothing, and has the writer held.</summary>
    private void Hold(LocalServer server, RespConnection writer)
    {
        HeldWrites.Fill(server);
        _disk.Faults.WriteGate.Reset();
        Assert.False(server.Call("BGSAVE").IsError);
        HeldWrites.WriteUntilHeld(server, writer, "SETRANGE k:{0} 30000 {1}");
    }

    private void AssertAllIsWell(LocalServer server)
    {
        // A save point would begin the next snapshot when its time comes.
        Assert.Equal("OK", server.Call("CONFIG SET save \"\"").Text);
        server.AwaitRest();
        Assert.Equal("0", server.Info("blocked_clients"));
        Assert.Equal("0", server.Info("current_cow_size"));
        Assert.Equal("OK", server.Call("SET last 1").Text);
        Assert.Equal("OK", server.Call("SAVE").Text);
        Assert.Equal("OK", server.Call("CONFIG SET appendonly no").Text);
        string digest = server.Digest();
        using LocalServer loaded = LocalServer.StartReady(_disk.Copy());
        Assert.Equal(digest, loaded.Digest());
    }
}
