using System.Globalization;
using Bixbite.Unit.Structures;
using Bixbite.Wire.Harness;

namespace Bixbite.Crash.Chaos;

/// <summary>
/// A primary and two replicas under load: links are cut, stopped and slowed, disks are full, processes freeze and are killed, the primary
/// dies and a replica takes over, or it gives its place to one. Whatever a replica has acknowledged stays, and in the end all have the
/// same. <c>BIXBITE_CHAOS_ROUNDS</c> asks for more rounds than the usual few.
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
        "--repl-backlog-size", "1mb", "--enable-debug-command", "yes", "--auto-aof-rewrite-min-size", "4mb",
    ];

    private readonly Random _random = Seed.NewRandom();
    private readonly NodeGroup _nodes = new();
    private readonly Dictionary<string, long>[] _acknowledged =
        [.. Enumerable.Range(0, ClientCount).Select(static _ => new Dictionary<string, long>())];

    /// <summary>The ways in which a round ends.</summary>
    private enum Ending
    {
        ReplicasKilled,
        PrimaryKilled,
        HandedOver,
    }

    private static int RoundCount =>
        Environment.GetEnvironmentVariable("BIXBITE_CHAOS_ROUNDS") is { Length: > 0 } text
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : UsualRoundCount;

    public void Dispose() => _nodes.Dispose();

    [Theory]
    [InlineData("1", false)]
    [InlineData("4", false)]
    [InlineData("1", true)]
    public void WhatAReplicaHasAcknowledgedStays(string threads, bool isMixed)
    {
        StartThree(threads, isMixed);
        Run(static random => random.Next(2) == 0 ? Ending.ReplicasKilled : Ending.PrimaryKilled);
    }

    [Theory]
    [InlineData("1", false)]
    [InlineData("4", false)]
    [InlineData("1", true)]
    public void APlaceIsHandedOver(string threads, bool isMixed)
    {
        StartThree(threads, isMixed);
        Run(static random => Ending.HandedOver);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("4")]
    public void FullDisksLoseNothing(string threads)
    {
        Assert.SkipUnless(SmallDisk.IsPossible(), "needs a user who may mount a tmpfs, for a disk that can be full");
        foreach (string name in (string[])["a", "b", "c"])
        {
            Start(name, Programs.Server, hasSmallDisk: true, "--io-threads", threads);
        }
        Run(static random => (Ending)random.Next(3));
    }

    [Fact]
    public void AFullDiskIsAReasonToHandOver()
    {
        Assert.SkipUnless(SmallDisk.IsPossible(), "needs a user who may mount a tmpfs, for a disk that can be full");
        Start("a", Programs.Server, hasSmallDisk: true);
        Start("b", Programs.Server, hasSmallDisk: true);
        Node primary = _nodes.First;
        Node target = _nodes.ReplicasOf(primary)[0];
        target.Follow(primary);
        _nodes.AwaitSame(primary);
        primary.AwaitOnline(1);
        primary.Disk!.Fill();
        Patience.Until(() => primary.Ask("SET k 1")?.StartsWith("MISCONF", StringComparison.Ordinal) == true, () => primary.Log);
        Assert.Equal("OK", primary.Ask("FAILOVER"));
        Patience.Until(() => target.Field("role") == "master", () => $"{primary.Log}\n{target.Log}");
        Patience.Until(() => primary.Field("master_failover_state") == "no-failover", () => primary.Log);
        Assert.Equal("OK", target.Ask("SET k 2"));
        primary.Disk.Free();
        _nodes.AwaitSame(target);
        Assert.Equal("2", primary.Ask("GET k"));
    }

    private void StartThree(string threads, bool isMixed)
    {
        Assert.SkipWhen(isMixed && Programs.RedisServer is null, "needs redis-server on the PATH");
        Start("a", Programs.Server, hasSmallDisk: false, "--io-threads", threads);
        Start("b", Programs.Server, hasSmallDisk: false, "--io-threads", threads);
        Start("c", isMixed ? Programs.RedisServer! : Programs.Server, hasSmallDisk: false);
    }

    private void Start(string name, string program, bool hasSmallDisk, params string[] more) =>
        _nodes.Add(Node.WithEntry(name, program, hasSmallDisk, [.. s_options, .. more]));

    private void Run(Func<Random, Ending> choose)
    {
        Node primary = _nodes.First;
        _nodes.FollowAll(primary);
        for (int round = 1; round <= RoundCount; round++)
        {
            _nodes.AwaitSame(primary);
            Ending ending = choose(_random);
            List<Node> servers = ending == Ending.HandedOver ? _nodes.From(primary) : [primary];
            WaitingClient[] clients = [.. _acknowledged.Select((numbers, i) => new WaitingClient($"client{i}", servers, numbers))];
            Disturb(primary, mayKill: ending == Ending.ReplicasKilled);
            string end = "replicas killed";
            if (ending == Ending.HandedOver)
            {
                (primary, end) = HandOver(primary);
            }
            else if (ending == Ending.PrimaryKilled)
            {
                primary.Kill();
            }
            Heal();
            Array.ForEach(clients, static client => client.End());
            if (ending == Ending.PrimaryKilled)
            {
                primary = _nodes.TakeOver(primary);
                end = $"{primary.Name} took over";
            }
            _nodes.AwaitSame(primary);
            foreach (Dictionary<string, long> numbers in _acknowledged)
            {
                Assert.Empty(WaitingClient.Missing(primary, numbers));
            }
            output.WriteLine($"round {round}: {end}");
        }
        long changes = _acknowledged.Sum(static numbers => numbers.Values.Max());
        output.WriteLine($"{changes} changes, {_nodes.PartialCount} takeovers without a full synchronization");
    }

    /// <summary>Redis is a primary again when the answer of its target is lost, which may be one as well: no fault comes over it.</summary>
    private (Node Primary, string End) HandOver(Node primary)
    {
        HandoverFault fault = primary.IsRedis ? HandoverFault.None : (HandoverFault)_random.Next((int)HandoverFault.PrimaryKilled + 1);
        Heal();
        Node next = _nodes.HandOver(primary, fault, _random);
        return (next, $"{primary.Name} hands over, {fault}: {next.Name} is the primary");
    }

    private void Heal()
    {
        foreach (Node node in _nodes.All)
        {
            node.Link.Heal();
            node.Disk?.Free();
        }
    }

    /// <summary>Some faults, one after the other. Replicas are killed only where the primary is not.</summary>
    private void Disturb(Node primary, bool mayKill)
    {
        List<Node> replicas = _nodes.ReplicasOf(primary);
        for (int i = 0; i < FaultCount; i++)
        {
            Node node = replicas[_random.Next(replicas.Count)];
            switch (_random.Next(mayKill ? 9 : 7))
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
                case 6:
                    FillDisk(_random.Next(2) == 0 ? node : primary);
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

    /// <summary>The disk is full for a while, and something wants to write much to it.</summary>
    private void FillDisk(Node node)
    {
        node.Disk?.Fill();
        node.Ask(_random.Next(2) == 0 ? "BGREWRITEAOF" : "PING");
        Pause();
        if (_random.Next(3) > 0)
        {
            node.Disk?.Free();
        }
    }

    private void Pause() => Thread.Sleep(_random.Next(PauseMsMax));
}
