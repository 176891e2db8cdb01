using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Replication;

/// <summary>Servers of some kinds, each of which is to follow the one before it. Owns them.</summary>
internal sealed class ReplicationChain : IDisposable
{
    private readonly List<IDisposable> _servers = [];
    private readonly List<int> _ports = [];

    /// <param name="kinds">Each is redis or ours.</param>
    /// <param name="primaryOptions">Of the first.</param>
    /// <param name="replicaOptions">Of all others of ours.</param>
    public ReplicationChain(string[] kinds, string primaryOptions = "", string replicaOptions = "")
    {
        foreach (string kind in kinds)
        {
            bool isFirst = _servers.Count == 0;
            if (kind == "redis")
            {
                RedisPeer redis = RedisPeer.Start(OptionsOf(isFirst ? primaryOptions : ""));
                Add(redis, redis.Address.Port, redis.Connect);
            }
            else
            {
                TestServer ours = TestServer.Start(OptionsOf(isFirst ? primaryOptions : replicaOptions));
                Add(ours, ours.Address.Port, ours.Connect);
            }
        }
    }

    /// <summary>A client of each.</summary>
    public List<RespConnection> Clients { get; } = [];

    /// <summary>Makes a connection to the first, which is everybody's primary.</summary>
    public Func<RespConnection> ConnectFirst { get; private set; } = null!;

    /// <summary>Each follows the one before it, when that has everything.</summary>
    public void Follow()
    {
        for (int i = 1; i < Clients.Count; i++)
        {
            Clients[i].Call($"REPLICAOF 127.0.0.1 {_ports[i - 1]}");
            ReplicaPair.AwaitSame(Clients[i - 1], Clients[i]);
        }
    }

    /// <summary>All have the content and the functions of the first.</summary>
    public void AssertSame(string clue, bool comparesCounts)
    {
        foreach (RespConnection replica in Clients.Skip(1))
        {
            ReplicaPair.AssertSame(Clients[0], replica, clue, comparesCounts);
            Assert.Equal(FunctionsOf(Clients[0]), FunctionsOf(replica));
        }
    }

    public void Dispose()
    {
        Clients.ForEach(static client => client.Dispose());
        _servers.ForEach(static server => server.Dispose());
    }

    private static string[] OptionsOf(string options) =>
    [
        "--enable-debug-command", "yes", "--repl-diskless-sync-delay", "0",
        .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries),
    ];

    /// <summary>The libraries by their names, with their code.</summary>
    private static string[] FunctionsOf(RespConnection server) =>
    [
        .. server.Call("FUNCTION LIST WITHCODE").Items.Select(static library => $"{library.Items[1].Text} {library.Items[7].Text}")
            .Order(StringComparer.Ordinal),
    ];

    private void Add(IDisposable server, int port, Func<RespConnection> connect)
    {
        _servers.Add(server);
        _ports.Add(port);
        ConnectFirst ??= connect;
        Clients.Add(connect());
    }
}
