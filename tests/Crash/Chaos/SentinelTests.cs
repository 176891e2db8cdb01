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
        Assert.SkipWhen(Programs.RedisServer is null, "needs redis-server on the PATH");
        foreach (string name in (string[])["a", "b", "c"])
        {
            _nodes.Add(new Node(name, name == ofRedis ? Programs.RedisServer! : Programs.Server, s_options));
        }
        Node dead = _nodes[0];
        foreach (Node replica in _nodes[1..])
        {
            Assert.Equal("OK", replica.Ask($"REPLICAOF 127.0.0.1 {dead.Address.Port}"));
        }
        _sentinels = new SentinelGroup(dead.Address.Port);
        _sentinels.AwaitReplicas(2);
        Assert.Equal("OK", dead.Ask("SET before 1"));
        using (RespConnection client = dead.Connect())
        {
            client.Call("SET before 2");
            Assert.True(client.Call("WAIT 2 60000").Integer == 2);
        }

        dead.Kill();
        Node? next = null;
        Patience.Until(() => (next = Chosen(dead)) is not null, () => _sentinels.Log);
        Node other = _nodes.Find(node => node != dead && node != next)!;
        Patience.Until(() => other.Field("master_port") == $"{next!.Address.Port}" && IsUp(other), () => other.Log);
        Assert.Equal("2", next!.Ask("GET before"));
        Assert.Equal("OK", next.Ask("SET after 3"));

        dead.Restart();
        Patience.Until(() => dead.Field("master_port") == $"{next.Address.Port}" && IsUp(dead), () => dead.Log + _sentinels.Log);
        Patience.Until(() => _nodes.TrueForAll(node => node.Ask("GET after") == "3"));
        Assert.Single(_nodes.Select(static node => node.Ask("DEBUG DIGEST")).Distinct());
    }

    private static bool IsUp(Node replica) => replica.Field("master_link_status") == "up";

    /// <summary>The primary that all sentinels name, if it is another than this.</summary>
    private Node? Chosen(Node before) => _sentinels!.AgreedPort() is { } port
        ? _nodes.Find(node => node != before && node.Address.Port == port && node.Field("role") == "master")
        : null;
}
