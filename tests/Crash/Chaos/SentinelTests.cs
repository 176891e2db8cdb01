using Bixbite.Wire.Harness;

namespace Bixbite.Crash.Chaos;

/// <summary>
/// Three sentinels of Redis watch a primary and two replicas: when it dies they agree on another, and it is a replica when it comes back.
/// </summary>
public sealed class SentinelTests : IDisposable
{
    private static readonly string[] s_options = ["--repl-diskless-sync-delay", "0", "--enable-debug-command", "yes"];

    private readonly List<Node> _nodes = [];
    private SentinelGroup? _sentinels;

    public void Dispose()
    {
        _sentinels?.Dispose();
        _nodes.ForEach(static node => node.Dispose());
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("b")]
    public void ADeadPrimaryIsReplaced(string ofRedis)
    {
        SentinelGroup sentinels = Watch(ofRedis);
        Node dead = _nodes[0];
        Assert.Equal("OK", dead.Ask("SET before 1"));
        using (RespConnection client = dead.Connect())
        {
            client.Call("SET before 2");
            Assert.True(client.Call("WAIT 2 60000").Integer == 2);
        }

        dead.Kill();
        Node? next = null;
        Patience.Until(() => (next = Chosen(dead)) is not null, () => sentinels.Log);
        Node other = _nodes.Find(node => node != dead && node != next)!;
        Patience.Until(() => other.Field("master_port") == $"{next!.Address.Port}" && IsUp(other), () => other.Log);
        Assert.Equal("2", next!.Ask("GET before"));
        Assert.Equal("OK", next.Ask("SET after 3"));

        dead.Restart();
        Patience.Until(() => dead.Field("master_port") == $"{next.Address.Port}" && IsUp(dead), () => dead.Log + sentinels.Log);
        Patience.Until(() => _nodes.TrueForAll(node => node.Ask("GET after") == "3"));
        Assert.Single(_nodes.Select(static node => node.Ask("DEBUG DIGEST")).Distinct());
    }

    /// <summary>
    /// The primary gives its place away by itself. Sentinels take it for a primary that is ill, and may choose a third one: in the end
    /// there is one primary, which the others follow, and it has what all had.
    /// </summary>
    [Fact]
    public void AFailoverThatSentinelsDidNotBeginEndsInOnePrimary()
    {
        SentinelGroup sentinels = Watch(ofRedis: "");
        Node first = _nodes[0];
        Node next = _nodes[1];
        Assert.Equal("OK", first.Ask($"FAILOVER TO 127.0.0.1 {next.Address.Port}"));
        Patience.Until(() => next.Field("role") == "master" && first.Field("role") == "slave", () => first.Log + next.Log);
        // The third one follows the first, which is a replica now.
        Assert.Equal("OK", next.Ask("SET after 1"));
        Patience.Until(() => _nodes.TrueForAll(static node => node.Ask("GET after") == "1"));

        // They give a primary that says that it is none some 20 seconds to change its mind.
        Patience.Until(
            () => sentinels.Views.All(static view => view["flags"] != "master" || view["config-epoch"] != "0"), () => sentinels.Log);
        Node? chosen = null;
        Patience.Until(() => (chosen = Chosen(first)) is not null, () => sentinels.Log);
        foreach (Node replica in _nodes.Where(node => node != chosen))
        {
            Patience.Until(
                () => replica.Field("master_port") == $"{chosen!.Address.Port}" && IsUp(replica), () => replica.Log + sentinels.Log);
        }
        Assert.Equal("1", chosen!.Ask("GET after"));
        Assert.Equal("OK", chosen.Ask("SET after 2"));
        Patience.Until(() => _nodes.TrueForAll(static node => node.Ask("GET after") == "2"));
        Assert.Single(_nodes.Select(static node => node.Ask("DEBUG DIGEST")).Distinct());
    }

    /// <summary>Three servers, one of them perhaps of Redis, and sentinels that know all of them.</summary>
    private SentinelGroup Watch(string ofRedis)
    {
        Assert.SkipWhen(Programs.RedisServer is null, "needs redis-server on the PATH");
        foreach (string name in (string[])["a", "b", "c"])
        {
            _nodes.Add(new Node(name, name == ofRedis ? Programs.RedisServer! : Programs.Server, s_options));
        }
        foreach (Node replica in _nodes[1..])
        {
            Assert.Equal("OK", replica.Ask($"REPLICAOF 127.0.0.1 {_nodes[0].Address.Port}"));
        }
        _nodes[0].AwaitOnline(2);
        _sentinels = new SentinelGroup(_nodes[0].Address.Port);
        _sentinels.AwaitReplicas(2);
        return _sentinels;
    }

    private static bool IsUp(Node replica) => replica.Field("master_link_status") == "up";

    /// <summary>The primary that all sentinels name, if it is another than this.</summary>
    private Node? Chosen(Node before) => _sentinels!.AgreedPort() is { } port
        ? _nodes.Find(node => node != before && node.Address.Port == port && node.Field("role") == "master")
        : null;
}
