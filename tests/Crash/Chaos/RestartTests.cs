using Bixbite.Wire.Harness;

namespace Bixbite.Crash.Chaos;

/// <summary>Who ends with a snapshot and starts with it goes on where it was: a replica, and a primary with its replicas.</summary>
public sealed class RestartTests : IDisposable
{
    private static readonly string[] s_options = ["--repl-diskless-sync-delay", "0", "--enable-debug-command", "yes"];

    private readonly List<Node> _nodes = [];

    public void Dispose() => _nodes.ForEach(static node => node.Dispose());

    [Theory]
    [InlineData("ours", "ours")]
    [InlineData("ours", "redis")]
    [InlineData("redis", "ours")]
    public void AReplicaAsksForWhatItHasMissed(string primaryKind, string replicaKind)
    {
        (Node primary, Node replica) = StartPair(primaryKind, replicaKind);
        replica.Stop();
        Change(primary);
        replica.Restart();
        AssertSame(primary, replica);
        Assert.Equal("3", replica.Ask("LLEN list"));
        AssertSyncs(primary, replica, fullCount: 1, partialCount: 1);
    }

    [Theory]
    [InlineData("ours", "ours")]
    [InlineData("ours", "redis")]
    [InlineData("redis", "ours")]
    public void APrimaryIsFollowedOn(string primaryKind, string replicaKind)
    {
        (Node primary, Node replica) = StartPair(primaryKind, replicaKind);
        Assert.Equal("OK", primary.Ask("SET due 1 PX 1"));
        primary.Stop();
        primary.Restart();
        Change(primary);
        AssertSame(primary, replica);
        Assert.Equal("3", replica.Ask("LLEN list"));
        Assert.Equal("0", replica.Ask("EXISTS due"));
        AssertSyncs(primary, replica, fullCount: 0, partialCount: 1);
    }

    private static void Change(Node node)
    {
        Assert.Equal("2", node.Ask("RPUSH list 2"));
        Assert.Equal("3", node.Ask("RPUSH list 3"));
    }

    private static void AssertSyncs(Node primary, Node replica, long fullCount, long partialCount)
    {
        (long, long) counts = (primary.Number("sync_full"), primary.Number("sync_partial_ok"));
        Assert.True(counts == (fullCount, partialCount), $"{counts}:\n{replica.Log}\n{primary.Log}");
    }

    private static void AssertSame(Node primary, Node replica)
    {
        Patience.Until(
            () => replica.Field("master_link_status") == "up"
                && replica.Field("slave_repl_offset") == primary.Field("master_repl_offset")
                && replica.Ask("DEBUG DIGEST") == primary.Ask("DEBUG DIGEST"),
            () => $"{replica.Log}\n{primary.Log}");
    }

    private (Node Primary, Node Replica) StartPair(string primaryKind, string replicaKind)
    {
        Assert.SkipWhen(Programs.RedisServer is null, "needs redis-server on the PATH");
        Node primary = Start(primaryKind);
        Node replica = Start(replicaKind, "--replicaof", "127.0.0.1", $"{primary.Address.Port}");
        Assert.Equal("1", primary.Ask("RPUSH list 1"));
        Assert.Equal("OK", primary.Ask("SET other 1 EX 1000"));
        AssertSame(primary, replica);
        return (primary, replica);
    }

    private Node Start(string kind, params string[] more)
    {
        Node node = new(kind, kind == "redis" ? Programs.RedisServer! : Programs.Server, [.. s_options, .. more]);
        _nodes.Add(node);
        return node;
    }
}
