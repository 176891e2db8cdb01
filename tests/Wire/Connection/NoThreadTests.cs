using System.Runtime.Versioning;
using Bixbite.Wire.Harness;
using Bixbite.Wire.Replication;

namespace Bixbite.Wire.Connection;

/// <summary>
/// Where a process has no descriptor left, .NET's runtime gives it no thread either, unless the server was compiled ahead: what wanted
/// either has failed and says so, everybody else is served, and it works again when there is room.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class NoThreadTests : IDisposable
{
    private const string Refusal = "no thread can be started";
    private const int RoomCount = 100;
    private const int RoomPeriodMs = 1000;

    /// <summary>The stream and the link between a primary and its replica take one each.</summary>
    private const int RoomForLink = 2;

    private readonly TempFolder _folder = new();
    private readonly TempFolder _replicaFolder = new();

    public void Dispose()
    {
        _folder.Dispose();
        _replicaFolder.Dispose();
    }

    [Fact]
    public void Snapshots_fail_and_the_server_goes_on()
    {
        DescriptorRoom.Require();
        using ServerProcess server = DescriptorRoom.Start(_folder);
        using RespConnection client = server.Connect();
        client.Call("SET key value");
        // What a program needs for the first time is there before the limit.
        Save(client, "ok");
        Assert.Equal("OK", client.Call("SAVE").Text);

        DescriptorRoom.Set(server, 0);
        Save(client, "err");
        server.WaitForLine("Saving a snapshot failed: ");
        Assert.True(client.Call("SAVE").IsError);
        Assert.Equal("value", client.Call("GET key").Text);

        DescriptorRoom.Set(server, RoomCount);
        Assert.Equal("OK", client.Call("SAVE").Text);
        Save(client, "ok");
    }

    [Fact]
    public void A_rewrite_of_the_log_fails_and_the_log_goes_on()
    {
        DescriptorRoom.Require();
        using ServerProcess server = DescriptorRoom.Start(_folder, "--appendonly", "yes", "--appendfsync", "always");
        using RespConnection client = server.Connect();
        client.Call("SET key value");
        Rewrite(client, "ok");

        DescriptorRoom.Set(server, 0);
        Rewrite(client, "err");
        Assert.Equal("OK", client.Call("SET key other").Text);

        DescriptorRoom.Set(server, RoomCount);
        Rewrite(client, "ok");
        Assert.Equal("other", client.Call("GET key").Text);
    }

    [Theory]
    [InlineData("disabled")]
    [InlineData("on-empty-db")]
    [InlineData("swapdb")]
    public void A_replica_tries_again_until_it_can_take_the_snapshot(string load) =>
        FollowWhileLimited("127.0.0.1", isPrimaryLimited: false, RoomForLink, AwaitTry, "--repl-diskless-load", load);

    [Fact]
    public void A_primary_whose_snapshot_gets_no_thread_is_asked_again() =>
        FollowWhileLimited("127.0.0.1", isPrimaryLimited: true, RoomForLink, AwaitTry);

    [Fact]
    public void A_name_that_cannot_be_looked_up_is_looked_up_again() =>
        FollowWhileLimited(
            "localhost", isPrimaryLimited: false, 0,
            static (replica, _) => Patience.Until(
                () => replica.Output.Contains("ended while", StringComparison.Ordinal), () => replica.Output));

    /// <summary>A replica is to follow while there is little room, fails at that, and follows when there is room again.</summary>
    private void FollowWhileLimited(
        string host, bool isPrimaryLimited, int room, Action<ServerProcess, RespConnection> awaitTry, params string[] replicaOptions)
    {
        DescriptorRoom.Require();
        using ServerProcess primary = DescriptorRoom.Start(_folder, "--repl-diskless-sync-delay", "0");
        using ServerProcess replica = DescriptorRoom.Start(_replicaFolder, replicaOptions);
        using RespConnection primaryClient = primary.Connect();
        using RespConnection replicaClient = replica.Connect();
        primaryClient.Call("SET key value");
        string follow = $"REPLICAOF {host} {primary.Address.Port}";
        FollowOnce(primaryClient, replicaClient, follow);

        ServerProcess limited = isPrimaryLimited ? primary : replica;
        DescriptorRoom.Set(limited, room);
        replicaClient.Call(follow);
        awaitTry(limited, replicaClient);
        Assert.Equal("PONG", replicaClient.Call("PING").Text);
        Assert.Equal("value", primaryClient.Call("GET key").Text);

        DescriptorRoom.Set(limited, RoomCount);
        ReplicaPair.AwaitSame(primaryClient, replicaClient);
        Assert.Equal("value", replicaClient.Call("GET key").Text);
    }

    /// <summary>
    /// The replica follows for a while, since what a program needs for the first time must be there before the limit, and has another
    /// history then: it needs a snapshot to follow again.
    /// </summary>
    private static void FollowOnce(RespConnection primary, RespConnection replica, string follow)
    {
        replica.Call(follow);
        ReplicaPair.AwaitSame(primary, replica);
        Assert.Equal("OK", replica.Call("REPLICAOF NO ONE").Text);
        replica.Call("FLUSHALL");
        Patience.Until(() => ReplicaPair.Number(primary, "connected_slaves") == 0);
    }

    /// <summary>
    /// Waits until a snapshot has failed for what was limited, or has come without it, as it may in a server that was compiled ahead. What
    /// is loaded for the first time may take the room, so there is a little again each second.
    /// </summary>
    private static void AwaitTry(ServerProcess limited, RespConnection replica)
    {
        long setMs = Environment.TickCount64;
        Patience.Until(
            () =>
            {
                if (Environment.TickCount64 - setMs > RoomPeriodMs)
                {
                    DescriptorRoom.Set(limited, RoomForLink);
                    setMs = Environment.TickCount64;
                }
                return limited.Output.Contains(Refusal, StringComparison.Ordinal)
                    || limited.Output.Contains("open of ", StringComparison.Ordinal)
                    || IsUp(replica);
            },
            () => limited.Output);
    }

    private static bool IsUp(RespConnection replica) => ReplicaPair.Field(replica, "master_link_status") == "up";

    /// <summary>Begins a snapshot in the background, which ends so.</summary>
    private static void Save(RespConnection client, string status)
    {
        Assert.Equal("Background saving started", client.Call("BGSAVE").Text);
        AwaitEnd(client, "rdb_bgsave_in_progress", "rdb_last_bgsave_status", status);
    }

    private static void Rewrite(RespConnection client, string status)
    {
        Assert.Equal("Background append only file rewriting started", client.Call("BGREWRITEAOF").Text);
        AwaitEnd(client, "aof_rewrite_in_progress", "aof_last_bgrewrite_status", status);
    }

    private static void AwaitEnd(RespConnection client, string progressName, string statusName, string status)
    {
        Patience.Until(() => InfoText.Number(client, progressName, "persistence") == 0);
        Assert.Equal(status, InfoText.Field(client.Call("INFO persistence").Text, statusName));
    }
}
