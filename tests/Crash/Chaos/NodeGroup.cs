using Bixbite.Wire.Harness;

namespace Bixbite.Crash.Chaos;

/// <summary>Servers of which one is the primary of the others, and how another one becomes it.</summary>
internal sealed class NodeGroup : IDisposable
{
    private const string HandoverTimeout = "TIMEOUT 2000";
    private readonly List<Node> _nodes = [];

    /// <summary>How often another server took over and nobody had to get everything again.</summary>
    public int PartialCount { get; private set; }

    public IReadOnlyList<Node> All => _nodes;

    public Node First => _nodes[0];

    public void Add(Node node) => _nodes.Add(node);

    public void Dispose() => _nodes.ForEach(static node => node.Dispose());

    public List<Node> ReplicasOf(Node primary) => _nodes.FindAll(node => node != primary);

    /// <summary>All others follow the primary from now on.</summary>
    public void FollowAll(Node primary) => ReplicasOf(primary).ForEach(node => node.Follow(primary));

    /// <summary>All, and the primary is the first.</summary>
    public List<Node> From(Node primary) => [primary, .. ReplicasOf(primary)];

    /// <summary>Waits until all have what the primary has, and follow it.</summary>
    public void AwaitSame(Node primary)
    {
        foreach (Node replica in ReplicasOf(primary))
        {
            replica.Link.Heal();
            AwaitUp(replica);
            Patience.Until(
                () => replica.Number("slave_repl_offset") == primary.Number("master_repl_offset"),
                () => $"{replica.Name} does not come to the end of {primary.Name}:\n{replica.Log}\n{primary.Log}");
            Assert.Equal(primary.Ask("DEBUG DIGEST"), replica.Ask("DEBUG DIGEST"));
        }
    }

    /// <summary>The replica that has most takes over; the other one and the dead primary follow it.</summary>
    public Node TakeOver(Node dead)
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
            PartialCount++;
        }
        next.Link.Heal();
        dead.Restart();
        dead.Follow(next);
        return next;
    }

    /// <summary>
    /// The primary is told to give its place to a replica, while a fault comes over one of them, or before; returns who is the primary
    /// then. There is one, whatever the fault was.
    /// </summary>
    public Node HandOver(Node primary, HandoverFault fault, Random random)
    {
        List<Node> replicas = ReplicasOf(primary);
        Node target = replicas[random.Next(replicas.Count)];
        long fullCount = target.Number("sync_full");
        string request = $"FAILOVER TO 127.0.0.1 {target.Entry.Port} {HandoverTimeout}";
        primary.AwaitOnline(_nodes.Count - 1);
        bool isBefore = random.Next(2) == 0;
        if (isBefore && fault is not (HandoverFault.PrimaryKilled or HandoverFault.TargetKilled))
        {
            fault.Begin(primary, target);
            primary.Ask(request);
        }
        else
        {
            primary.Ask(request);
            Thread.Sleep(random.Next(20));
            fault.Begin(primary, target);
        }
        Thread.Sleep(random.Next(200));
        fault.End(target);
        return fault switch
        {
            HandoverFault.PrimaryKilled => Successor(primary, target),
            HandoverFault.TargetKilled => AfterTargetWasKilled(primary, target),
            _ => AfterHandover(primary, target, fullCount),
        };
    }

    private static void AwaitUp(Node replica) => Patience.Until(
        () => replica.Field("master_link_status") == "up", () => $"{replica.Name} is without its primary:\n{replica.Log}");

    private static bool IsPrimary(Node node) => node.Field("role") == "master";

    private static void AwaitEnd(Node primary, Node target) => Patience.Until(
        () => primary.Field("master_failover_state") == "no-failover",
        () => $"the failover of {primary.Name} does not end:\n{primary.Log}\n{target.Log}");

    private Node AfterHandover(Node primary, Node target, long fullCount)
    {
        AwaitEnd(primary, target);
        Assert.True(IsPrimary(primary) != IsPrimary(target), $"not one primary:\n{primary.Log}\n{target.Log}");
        Node next = IsPrimary(target) ? target : primary;
        if (next == target)
        {
            AwaitUp(primary);
            Assert.True(
                target.Number("sync_full") == fullCount, $"{primary.Name} got everything again:\n{primary.Log}\n{target.Log}");
            PartialCount++;
        }
        FollowAll(next);
        return next;
    }

    /// <summary>The former primary is dead: its replica took over, or one does now.</summary>
    private Node Successor(Node dead, Node target)
    {
        // What the dead one has sent has come by now, or never comes.
        target.Entry.Break();
        target.Ask("PING");
        if (!IsPrimary(target))
        {
            return TakeOver(dead);
        }
        dead.Restart();
        FollowAll(target);
        return target;
    }

    /// <summary>The target is dead: it did not take over, or its replica does now.</summary>
    private Node AfterTargetWasKilled(Node primary, Node target)
    {
        Patience.Until(() => primary.Field("master_failover_state") != "waiting-for-sync", () => primary.Log);
        if (primary.Field("master_failover_state") == "failover-in-progress")
        {
            // Nobody can know whether the target was a primary before it died; whoever it was, it has acknowledged nothing.
            primary.Ask("FAILOVER ABORT");
        }
        if (!IsPrimary(primary))
        {
            return TakeOver(target);
        }
        target.Restart();
        FollowAll(primary);
        return primary;
    }
}
