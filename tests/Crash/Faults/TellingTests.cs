using System.Globalization;
using Bixbite.Crash.Disk;
using Bixbite.Crash.Servers;
using Bixbite.Wire.Harness;

namespace Bixbite.Crash.Faults;

/// <summary>
/// With <c>appendfsync always</c> nothing that tells of a change leaves any loop before the change is durable; and nobody is forgotten,
/// however the policy changes meanwhile.
/// </summary>
public sealed class TellingTests
{
    private const int LoopCount = 4;
    private const int SilenceMs = 100;

    private static readonly string[] s_policies = ["no", "everysec", "always", "off"];

    private readonly SimulatedDisk _disk = new();

    [Fact]
    public void NothingTellsOfATransactionBeforeItIsDurable()
    {
        using LocalServer server = Start("always");
        Assert.Equal("OK", server.Call("CONFIG SET notify-keyspace-events KEA").Text);
        var told = new List<RespConnection>();
        for (int i = 0; i < LoopCount; i++)
        {
            told.Add(Connect(server, "SUBSCRIBE news"));
            told.Add(Connect(server, "PSUBSCRIBE __keyspace@0__:*"));
            told.Add(Connect(server, "HELLO 3", "CLIENT TRACKING ON BCAST"));
            told.Add(Connect(server));
            told[^1].Send($"BLPOP list{i} 0");
        }
        server.AwaitInfo("blocked_clients", $"{LoopCount}");
        using RespConnection writer = server.Connect();
        _disk.Faults.SyncGate.Reset();
        string pushes = string.Concat(Enumerable.Range(0, LoopCount).Select(i => $"RPUSH list{i} x\n"));
        string[] transaction = $"MULTI\nPUBLISH news early\nSET key value\nPUBLISH news late\n{pushes}EXEC".Split('\n');
        int start = _disk.Operations.Count;
        writer.Send([.. transaction.SelectMany(CommandLine.Encode)]);
        _disk.Await(DiskAction.Write, start);
        AwaitExec(server);
        Assert.All(told, client => Assert.True(client.IsSilent(SilenceMs / LoopCount)));
        Assert.True(writer.IsSilent(SilenceMs));

        _disk.Faults.SyncGate.Set();
        foreach (string _ in transaction[..^1])
        {
            Assert.False(writer.Read().IsError);
        }
        Assert.Equal(transaction.Length - 2, writer.Read().Items.Count);
        foreach (RespConnection client in told)
        {
            Assert.False(client.Read().IsError);
            client.Dispose();
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhoeverIsToBeToldIsToldWhateverThePolicyBecomes(bool isUnderLoad)
    {
        using LocalServer server = Start("no");
        using CancellationTokenSource end = new();
        Task load = isUnderLoad ? Task.Run(() => Write(server, end.Token), TestContext.Current.CancellationToken) : Task.CompletedTask;
        RespConnection[] subscribers = [.. Enumerable.Range(0, LoopCount).Select(_ => Connect(server, "SUBSCRIBE news"))];
        RespConnection[] waiters = [.. Enumerable.Range(0, LoopCount).Select(_ => server.Connect())];
        using RespConnection writer = server.Connect();
        string[] way = [.. from first in s_policies from second in s_policies from policy in (string[])[first, second] select policy];
        foreach (string policy in way)
        {
            for (int i = 0; i < LoopCount; i++)
            {
                waiters[i].Send($"BLPOP list{i} 0");
            }
            server.AwaitInfo("blocked_clients", $"{LoopCount}");
            string[] pushes = [.. Enumerable.Range(0, LoopCount).Select(i => $"RPUSH list{i} x")];
            string[] commands = ["PUBLISH news before", .. Switch(policy), .. pushes];
            writer.Send([.. commands.SelectMany(CommandLine.Encode), .. CommandLine.Encode("PUBLISH news after")]);
            for (int i = 0; i <= commands.Length; i++)
            {
                Assert.False(writer.Read().IsError);
            }
            foreach (RespConnection client in waiters)
            {
                Assert.Equal(2, client.Read().Items.Count);
            }
            foreach (RespConnection client in subscribers)
            {
                Assert.Equal("before", client.Read().Items[2].Text);
                Assert.Equal("after", client.Read().Items[2].Text);
            }
        }
        await end.CancelAsync();
        await load;
        Array.ForEach(subscribers, client => client.Dispose());
        Array.ForEach(waiters, client => client.Dispose());
    }

    /// <summary>Who has gone is forgotten at once, though what it would have been sent still waits for the disk.</summary>
    [Theory]
    [InlineData("1")]
    [InlineData("4")]
    public void WhoHasGoneKeepsNoDescriptor(string threads)
    {
        using LocalServer server = LocalServer.StartReady(
            _disk, "--appendonly", "yes", "--appendfsync", "always", "--io-threads", threads);
        string usual = server.Info("connected_clients");
        int came = int.Parse(server.Info("total_connections_received"), CultureInfo.InvariantCulture);
        _disk.Faults.SyncGate.Reset();
        int start = _disk.Operations.Count;
        const int Count = 20;
        for (int i = 0; i < Count; i++)
        {
            using RespConnection client = server.Connect();
            client.Send("INCR n");
            client.Send("GET n");
            if (i % 2 == 0)
            {
                client.Send("QUIT");
            }
        }
        _disk.Await(DiskAction.Write, start);
        server.AwaitInfo("total_connections_received", $"{came + Count}");
        server.AwaitInfo("connected_clients", usual);
        _disk.Faults.SyncGate.Set();
        Assert.Equal($"{Count}", server.Call("GET n").Text);
    }

    private static string[] Switch(string policy) => policy == "off"
        ? ["CONFIG SET appendonly no"]
        : [$"CONFIG SET appendfsync {policy}", "CONFIG SET appendonly yes"];

    private static void Write(LocalServer server, CancellationToken end)
    {
        using RespConnection client = server.Connect();
        for (int i = 0; !end.IsCancellationRequested; i++)
        {
            Assert.False(client.Call($"SET load {i}").IsError);
        }
    }

    private static RespConnection Connect(LocalServer server, params string[] commands)
    {
        RespConnection client = server.Connect();
        foreach (string command in commands)
        {
            Assert.False(client.Call(command).IsError);
        }
        return client;
    }

    /// <summary>The transaction has run, as the server tells of itself; whoever asks for the key waits.</summary>
    private static void AwaitExec(LocalServer server) => Patience.Until(
        () => server.Call("INFO commandstats").Text.Contains("cmdstat_exec:", StringComparison.Ordinal), "the transaction does not run");

    private LocalServer Start(string policy) => LocalServer.StartReady(
        _disk, "--appendonly", "yes", "--appendfsync", policy, "--io-threads", $"{LoopCount}", "--auto-aof-rewrite-percentage", "0");
}
