namespace Bixbite.Wire.Harness;

/// <summary>Three sentinels of Redis that watch a primary by the name <see cref="Name"/>, and agree on another when it is dead.</summary>
internal sealed class SentinelGroup : IDisposable
{
    public const string Name = "mine";

    private const int Count = 3;
    private const int Quorum = 2;

    private readonly List<ServerProcess> _all = [];

    public SentinelGroup(int primaryPort)
    {
        try
        {
            for (int i = 0; i < Count; i++)
            {
                Start(primaryPort);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public IEnumerable<ServerAddress> Addresses => _all.Select(static sentinel => sentinel.Address);

    /// <summary>What all of them tell of the primary.</summary>
    public IEnumerable<Dictionary<string, string>> Views => _all.Select(static sentinel => Ask(sentinel));

    /// <summary>The log of one of them.</summary>
    public string Log => _all[0].Output;

    /// <summary>Waits until each has found so many replicas and the other sentinels.</summary>
    public void AwaitReplicas(int count) => Patience.Until(
        () => Views.All(view => view["num-slaves"] == $"{count}" && view["num-other-sentinels"] == $"{Count - 1}"),
        () => Log);

    /// <summary>The port of the primary that all of them name; null while they do not agree.</summary>
    public int? AgreedPort()
    {
        string[] ports = [.. Views.Select(static view => view["port"]).Distinct()];
        return ports.Length == 1 ? int.Parse(ports[0], System.Globalization.CultureInfo.InvariantCulture) : null;
    }

    /// <summary>One of them is asked to have a replica take over, and the primary is well.</summary>
    public void BeginFailover() => Patience.Until(
        () =>
        {
            using RespConnection connection = _all[0].Connect();
            return connection.Call($"SENTINEL FAILOVER {Name}").Text == "OK";
        },
        () => Log);

    public void Dispose() => _all.ForEach(static sentinel => sentinel.Dispose());

    private static Dictionary<string, string> Ask(ServerProcess sentinel)
    {
        using RespConnection connection = sentinel.Connect();
        return connection.Call($"SENTINEL MASTER {Name}").Items.Chunk(2)
            .ToDictionary(static pair => pair[0].Text, static pair => pair[1].Text);
    }

    private void Start(int primaryPort)
    {
        TempFolder folder = new();
        int port = FreePorts.Next();
        string file = folder.File("sentinel.conf");
        File.WriteAllText(
            file,
            $"port {port}\nbind 127.0.0.1\ndir {folder.Path}\nsentinel monitor {Name} 127.0.0.1 {primaryPort} {Quorum}\n"
            + $"sentinel down-after-milliseconds {Name} 2000\nsentinel failover-timeout {Name} 5000\n");
        ServerProcess sentinel = ServerProcess.StartRaw(Programs.RedisServer!, folder, port, file, "--sentinel");
        _all.Add(sentinel);
        Assert.True(sentinel.IsReadyInTime(), sentinel.Output);
    }
}
