using System.Globalization;
using Bixbite.Unit.Structures;
using Bixbite.Wire.Harness;

namespace Bixbite.Crash.Chaos;

/// <summary>
/// A primary and two replicas under load: links are cut, stopped and slowed, processes freeze and are killed, the primary dies and a
/// replica takes over. Whatever a replica has acknowledged stays, and in the end all have the same. <c>BIXBITE_CHAOS_ROUNDS</c> asks for
/// more rounds than the usual few.
/// </summary>
public sealed class ReplicationChaosTests(ITestOutputHelper output) : IDisposable
{
    private const int UsualRoundCount = 5;
    private const int ClientCount = 3;
    private const int FaultCount = 6;
    private const int PauseMsMax = 150;

    private static readonly string[] s_options =
    [
        "--appendonly", "yes", "--appendfsync", "everysec", "--repl-diskless-sync-delay", "0", "--repl-timeout", "10",
        "--repl-backlog-size", "1mb", "--enable-debug-command", "yes",
    ];

    private readonly Random _random = Seed.NewRandom();
    private readonly List<Node> _nodes = [];
    private readonly Dictionary<string, long>[] _acknowledged =
        [.. Enumerable.Range(0, ClientCount).Select(static _ => new Dictionary<string, long>())];

    private int _partialCount;

    private static int RoundCount =>
        Environment.GetEnvironmentVariable("BIXBITE_CHAOS_ROUNDS") is { Length: > 0 } text
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : UsualRoundCount;

    public void Dispose() => _nodes.ForEach(static node => node.Dispose());

    [Theory]
    [InlineData("1", false)]
    [InlineData("4", false)]
    [InlineData("1", true)]
    public void WhatAReplicaHasAcknowledgedStays(string threads, bool isMixed)
    {
        Assert.SkipWhen(isMixed && Programs.RedisServer is null, "needs redis-server on the PATH");
        Start("a", Programs.Server, "--io-threads", threads);
        Start("b", Programs.Server, "--io-threads", threads);
        Start("c", isMixed ? Programs.RedisServer! : Programs.Server);
        Node primary = _nodes[0];
        ReplicasOf(primary).ForEach(node => node.Follow(primary));
        for (int round = 1; round <= RoundCount; round++)
        {
            AwaitSame(primary);
            WaitingClient[] clients = [.. _acknowledged.Select((numbers, i) => new WaitingClient($"client{i}", primary, numbers))];
            bool mayKill = _random.Next(2) == 0;
            Disturb(primary, mayKill);
            if (mayKill)
            {
                ReplicasOf(primary).ForEach(static node => node.Link.Heal());
                Array.ForEach(clients, static client => client.End());
            }
            else
            {
                primary.Kill();
                Array.ForEach(clients, static client => client.End());
                primary = TakeOver(primary);
            }
            AwaitSame(primary);
            foreach (Dictionary<string, long> numbers in _acknowledged)
            {
                Assert.Empty(WaitingClient.Missing(primary, numbers));
            }
            output.WriteLine($"round {round}: {(mayKill ? "replicas killed" : $"{primary.Name} took over")}");
        }
        long changes = _acknowledged.Sum(static numbers => numbers.Values.Max());
        output.WriteLine($"{changes} changes, {_partialCount} takeovers without a full synchronization");
    }

    private void Start(string name, string program, params string[] more) => _nodes.Add(new Node(name, program, [.. s_options, .. more]));

    private List<Node> ReplicasOf(Node primary) => _nodes.FindAll(node => node != primary);

    /// <summary>Some faults, one after the other. Replicas are killed only where the primary is not.</summary>
    private void Disturb(Node primary, bool mayKill)
    {
        List<Node> replicas = ReplicasOf(primary);
        for (int i = 0; i < FaultCount; i++)
        {
            Node node = replicas[_random.Next(replicas.Count)];
            switch (_random.Next(mayKill ? 8 : 6))
            {
                case 0:
                    node.Link.Cut();
                    Pause();
                    node.Link.Heal();
                    break;
                case 1:
                    node.Link.Break();
                    break;
                case 2:
                    node.Link.Stop();
                    Pause();
                    node.Link.Heal();
                    break;
                case 3:
                    node.Link.Slow(_random.Next(5));
                    break;
                case 4:
                    node.Freeze();
                    Pause();
                    node.Thaw();
                    break;
                case 5:
                    primary.Ask("BGREWRITEAOF");
                    primary.Ask("CLIENT KILL TYPE replica");
                    break;
                default:
                    node.Kill();
                    Pause();
                    node.Restart();
                    node.Follow(primary);
                    break;
            }
            Pause();
        }
    }

    private void Pause() => Thread.Sleep(_random.Next(PauseMsMax));

    /// <summary>The replica that has most takes over; the other one and the dead primary follow it.</summary>
    private Node TakeOver(Node dead)
    {
        List<Node> replicas = ReplicasOf(dead);
        foreach (Node replica in replicas)
        {
            replica.Link.Cut();
            Patience.Until(() => replica.Field("loading") == "0", () => replica.Log);
        }
        Node next = replicas.MaxBy(static node => node.Number("slave_repl_offset"))!;
        Assert.Equal("OK", next.Ask("REPLICAOF NO ONE"));
        Node other = replicas.Find(node => node != next)!;
        bool isSameHistory = other.Field("master_replid") == next.Field("master_replid2")
            && other.Number("slave_repl_offset") + 1 >= next.Number("repl_backlog_first_byte_offset");
        long fullCount = next.Number("sync_full");
        other.Link.Heal();
        other.Follow(next);
        AwaitUp(other);
        if (isSameHistory)
        {
            Assert.True(next.Number("sync_full") == fullCount, $"{other.Name} got everything again:\n{other.Log}\n{next.Log}");
            _partialCount++;
        }
        next.Link.Heal();
        dead.Restart();
        dead.Follow(next);
        return next;
    }

    private static void AwaitUp(Node replica) =>
        Patience.Until(() => replica.Field("master_link_status") == "up", () => replica.Log);

    private void AwaitSame(Node primary)
    {
        foreach (Node replica in ReplicasOf(primary))
        {
            replica.Link.Heal();
            AwaitUp(replica);
            Patience.Until(
                () => replica.Number("slave_repl_offset") == primary.Number("master_repl_offset"),
                () => $"{replica.Name} does not come to the end of {primary.Name}:\n{replica.Log}");
            Assert.Equal(primary.Ask("DEBUG DIGEST"), replica.Ask("DEBUG DIGEST"));
        }
    }
}
