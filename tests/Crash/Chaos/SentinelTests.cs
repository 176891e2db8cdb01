using Bixbite.Wire.Harness;

namespace Bixbite.Crash.Chaos;

/// <summary>
/// Three sentinels of Redis watch a primary and two replicas: when it dies they agree on another, and it is a replica when it comes back.
/// </summary>
public sealed class SentinelTests : IDisposable
{
    private const int SentinelCount = 3;

    private static readonly string[] s_options = ["--repl-diskless-sync-delay", "0", "--enable-debug-command", "yes"];

    private readonly List<Node> _nodes = [];
    private readonly List<ServerProcess> _sentinels = [];

    public void Dispose()
    {
        _sentinels.ForEach(static sentinel => sentinel.Dispose());
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
        StartSentinels(dead.Address.Port);
        Patience.Until(() => _sentinels.TrueForAll(sentinel => Knows(sentinel)), () => _sentinels[0].Output);
        Assert.Equal("OK", dead.Ask("SET before 1"));
        using (RespConnection client = dead.Connect())
        {
            client.Call("SET before 2");
            Assert.True(client.Call("WAIT 2 60000").Integer == 2);
        }

        dead.Kill();
        Node? next = null;
        Patience.Until(() => (next = Chosen(dead)) is not null, () => _sentinels[0].Output);
        Node other = _nodes.Find(node => node != dead && node != next)!;
        Patience.Until(() => other.Field("master_port") == $"{next!.Address.Port}" && IsUp(other), () => other.Log);
        Assert.Equal("2", next!.Ask("GET before"));
        Assert.Equal("OK", next.Ask("SET after 3"));

        dead.Restart();
        Patience.Until(() => dead.Field("master_port") == $"{next.Address.Port}" && IsUp(dead), () => dead.Log + _sentinels[0].Output);
        Patience.Until(() => _nodes.TrueForAll(node => node.Ask("GET after") == "3"));
        Assert.Single(_nodes.Select(static node => node.Ask("DEBUG DIGEST")).Distinct());
    }

    private static bool IsUp(Node replica) => replica.Field("master_link_status") == "up";

    /// <summary>It has found both replicas and the other sentinels.</summary>
    private static bool Knows(ServerProcess sentinel)
    {
        Dictionary<string, string> primary = Ask(sentinel);
        return primary["num-slaves"] == "2" && primary["num-other-sentinels"] == $"{SentinelCount - 1}";
    }

    private static Dictionary<string, string> Ask(ServerProcess sentinel)
    {
        using RespConnection connection = sentinel.Connect();
        return connection.Call("SENTINEL MASTER mine").Items.Chunk(2)
            .ToDictionary(static pair => pair[0].Text, static pair => pair[1].Text);
    }

    /// <summary>The primary that all sentinels name, if it is another than this.</summary>
    private Node? Chosen(Node before)
    {
        string[] ports = [.. _sentinels.Select(static sentinel => Ask(sentinel)["port"]).Distinct()];
        return ports.Length == 1
            ? _nodes.Find(node => node != before && $"{node.Address.Port}" == ports[0] && node.Field("role") == "master")
            : null;
    }

    private void StartSentinels(int primaryPort)
    {
        for (int i = 0; i < SentinelCount; i++)
        {
            TempFolder folder = new();
            int port = FreePorts.Next();
            string file = folder.File("sentinel.conf");
            File.WriteAllText(
                file,
                $"port {port}\nbind 127.0.0.1\ndir {folder.Path}\nsentinel monitor mine 127.0.0.1 {primaryPort} 2\n"
                + "sentinel down-after-milliseconds mine 2000\nsentinel failover-timeout mine 5000\n");
            ServerProcess sentinel = ServerProcess.StartRaw(Programs.RedisServer!, folder, port, file, "--sentinel");
            _sentinels.Add(sentinel);
            Assert.True(sentinel.IsReadyInTime(), sentinel.Output);
        }
    }
}
