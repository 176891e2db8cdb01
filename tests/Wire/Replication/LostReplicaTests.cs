using Bixbite.Platform;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Replication;

/// <summary>Replicas that are given up because they are too far behind get everything again, but not in a loop.</summary>
public sealed class LostReplicaTests
{
    private const int ValueSize = 500_000;

    /// <summary>
    /// More is written than the replica takes, for ever: it is given up, gets everything at once, is given up again, and then waits a
    /// minute. Nobody else does.
    /// </summary>
    [Fact]
    public void One_that_is_given_up_again_and_again_waits()
    {
        ManualClock clock = new();
        using TestServer server = Start(clock, "--repl-backlog-disk-size", "5mb", "--repl-timeout", "100000");
        using RespConnection client = server.Connect();
        for (int i = 0; i < 2; i++)
        {
            using FakeReplica lost = new(server.Address);
            lost.GoOnline();
            AwaitOnline(client, clock, 7777);
            WriteUntilItIsGone(client, clock);
        }
        using FakeReplica waiting = new(server.Address);
        waiting.Connection.Send("PSYNC ? -1");
        Patience.Until(() => server.Log.Contains("2 times in a row", StringComparison.Ordinal));
        using FakeReplica other = new(server.Address, "capa eof capa psync2 listening-port 8888");
        other.GoOnline();
        AwaitOnline(client, clock, 8888);
        clock.AdvanceMs(50_000);
        client.Call("SET a 1");
        Assert.Equal("wait_bgsave", StateOf(client, 7777));
        clock.AdvanceMs(10_000);
        waiting.ReadSnapshot();
        Assert.Equal(4, ReplicaPair.Number(client, "sync_full"));
        waiting.Acknowledge(waiting.End);
        AwaitOnline(client, clock, 7777);
        waiting.Acknowledge(waiting.End);
        waiting.Connection.Reset();
        other.Connection.Reset();
        Patience.Until(() => ReplicaPair.Number(client, "connected_slaves") == 0);
        using FakeReplica again = new(server.Address);
        again.GoOnline();
        AwaitOnline(client, clock, 7777);
        Assert.DoesNotContain("3 times in a row", server.Log, StringComparison.Ordinal);
    }

    /// <summary>A value above the output limit that can go to no file: one full synchronization has it, and is the last.</summary>
    [Theory]
    [InlineData("--repl-backlog-disk-size 0")]
    [InlineData("--repl-backlog-disk-size 0 --appendonly yes")]
    [InlineData("--repl-backlog-disk-size 0 --io-threads 4")]
    public void A_value_above_the_output_limit_costs_one_full_synchronization(string options)
    {
        using TestServer server = Start(null, ["--client-output-buffer-limit", "replica 2mb 1mb 1", .. options.Split(' ')]);
        using RespConnection client = server.Connect();
        using TestServer second = TestServer.Start(
            "--repl-diskless-sync-delay", "0", "--replicaof", "127.0.0.1", $"{server.Address.Port}");
        using RespConnection replica = second.Connect();
        ReplicaPair.AwaitOnline(client, 1);
        long before = ReplicaPair.Number(client, "sync_full");
        client.Call($"SET k {new string('v', 40_000_000)}");
        client.Call("SET last 1");
        ReplicaPair.AwaitSame(client, replica);
        Assert.InRange(ReplicaPair.Number(client, "sync_full") - before, 0, 1);
        client.Call("SET after 1");
        ReplicaPair.AwaitSame(client, replica);
        Assert.InRange(ReplicaPair.Number(client, "sync_full") - before, 0, 1);
    }

    private static TestServer Start(ManualClock? clock, params string[] options)
    {
        string[] all = ["--enable-debug-command", "yes", "--repl-diskless-sync-delay", "0", "--repl-backlog-size", "1mb", .. options];
        return clock is null ? TestServer.Start(all) : TestServer.StartAt(clock, all);
    }

    private static void AwaitOnline(RespConnection client, ManualClock clock, int port) => Patience.Until(() =>
    {
        clock.AdvanceMs(1);
        return StateOf(client, port) == "online";
    });

    private static void WriteUntilItIsGone(RespConnection client, ManualClock clock)
    {
        string value = new('v', ValueSize);
        Patience.Until(() =>
        {
            clock.AdvanceMs(10);
            client.Call($"SET k {value}");
            return ReplicaPair.Number(client, "connected_slaves") == 0;
        });
    }

    private static string StateOf(RespConnection client, int port)
    {
        string line = client.Call("INFO replication").Text.Split("\r\n").FirstOrDefault(
            each => each.Contains($",port={port},", StringComparison.Ordinal), "state=gone,");
        return line.Split("state=")[1].Split(',')[0];
    }
}
