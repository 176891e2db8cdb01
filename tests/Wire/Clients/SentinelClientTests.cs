using System.Globalization;
using Bixbite.Wire.Harness;
using StackExchange.Redis;

namespace Bixbite.Wire.Clients;

/// <summary>
/// Clients that ask sentinels for the primary go on writing when it dies, and when another one takes its place in good order: what was
/// acknowledged by the replicas before is there, and what they write afterwards.
/// </summary>
public sealed class SentinelClientTests : IDisposable
{
    private const int WriteCount = 100;

    private readonly List<ServerProcess> _servers = [];
    private SentinelGroup? _sentinels;

    private ServerProcess Primary => _servers[0];

    private string[] SentinelPorts => [.. _sentinels!.Addresses.Select(static address => $"{address.Port}")];

    public void Dispose()
    {
        _sentinels?.Dispose();
        _servers.ForEach(static server => server.Dispose());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task StackExchange_Redis_follows(bool isKilled)
    {
        Start();
        ConfigurationOptions options = new()
        {
            ServiceName = SentinelGroup.Name, AbortOnConnectFail = false, ConnectTimeout = RespConnection.PatienceMs, SyncTimeout = 2000,
            AsyncTimeout = 2000,
        };
        foreach (string port in SentinelPorts)
        {
            options.EndPoints.Add("127.0.0.1", int.Parse(port, CultureInfo.InvariantCulture));
        }
        using ConnectionMultiplexer client = await ConnectionMultiplexer.ConnectAsync(options);
        IDatabase database = client.GetDatabase();
        await Count(database, "before");
        AwaitAcknowledged();
        End(isKilled);
        await Written(database);
        if (!isKilled)
        {
            // Until then the client may find two primaries, and what the former one takes is lost.
            AwaitDemoted();
            await Written(database);
        }
        await Count(database, "after");
        Assert.Equal(WriteCount, (int)await Persist(() => database.StringGetAsync("before")));
        AssertFollowed();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Ioredis_follows(bool isKilled)
    {
        string node = Interpreters.Node("ioredis");
        Start();
        using ClientProgram program = ClientProgram.Start(
            node, "ioredis-sentinel.cjs", [SentinelGroup.Name, $"{WriteCount}", .. SentinelPorts]);
        program.WaitForLine("written before");
        AwaitAcknowledged();
        End(isKilled);
        program.SayLine();
        Assert.EndsWith("done", program.End(), StringComparison.Ordinal);
        AssertFollowed();
    }

    /// <summary>Writes numbers one after the other.</summary>
    private static async Task Count(IDatabase database, string key)
    {
        for (int i = 1; i <= WriteCount; i++)
        {
            Assert.True(await Persist(() => database.StringSetAsync(key, i)));
        }
    }

    /// <summary>Asks again where the client gives up: a busy machine may be later than it waits.</summary>
    private static async Task<T> Persist<T>(Func<Task<T>> ask)
    {
        long startedMs = Environment.TickCount64;
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (TimeoutException) when (!Patience.IsOver(startedMs))
            {
                // As a user would.
            }
        }
    }

    private void Start()
    {
        Assert.SkipWhen(Programs.RedisServer is null, "needs redis-server on the PATH");
        for (int i = 0; i < 3; i++)
        {
            string[] follows = i == 0 ? [] : ["--replicaof", "127.0.0.1", $"{Primary.Address.Port}"];
            _servers.Add(ServerProcess.Start(Programs.Server, ["--repl-diskless-sync-delay", "0", .. follows]));
        }
        _sentinels = new SentinelGroup(Primary.Address.Port);
        _sentinels.AwaitReplicas(2);
    }

    private void AwaitAcknowledged()
    {
        using RespConnection connection = Primary.Connect();
        connection.Call("SET last 1");
        Assert.Equal(2, connection.Call($"WAIT 2 {Patience.LimitMs}").Integer);
    }

    private void AwaitDemoted() => Patience.Until(() =>
    {
        using RespConnection connection = Primary.Connect();
        return InfoText.Find(connection.Call("INFO replication").Text, "role") == "slave";
    });

    private void End(bool isKilled)
    {
        if (isKilled)
        {
            Primary.Kill();
        }
        else
        {
            _sentinels!.BeginFailover();
        }
    }

    /// <summary>
    /// The client writes to another server; until then it gets errors, or writes to the former primary, which does not know yet that it is
    /// a replica.
    /// </summary>
    private async Task Written(IDatabase database)
    {
        long startedMs = Environment.TickCount64;
        for (int i = 1; ; i++)
        {
            try
            {
                if (await database.StringSetAsync("during", i) && Next() is { } next)
                {
                    using RespConnection connection = next.Connect();
                    if (connection.Call("GET during").Text == $"{i}")
                    {
                        return;
                    }
                }
            }
            catch (Exception exception) when (exception is RedisException or TimeoutException && !Patience.IsOver(startedMs))
            {
                // It goes on looking for the primary.
            }
            Assert.False(Patience.IsOver(startedMs), "the client writes no more:\n" + _sentinels!.Log);
            await Task.Delay(20);
        }
    }

    /// <summary>The primary that all sentinels name, if it is another than before.</summary>
    private ServerProcess? Next() =>
        _sentinels!.AgreedPort() is { } port && port != Primary.Address.Port ? _servers.Find(server => server.Address.Port == port) : null;

    /// <summary>Another server has what the client wrote.</summary>
    private void AssertFollowed()
    {
        Patience.Until(() => Next() is not null, () => _sentinels!.Log);
        using RespConnection connection = Next()!.Connect();
        Assert.Equal("master", InfoText.Find(connection.Call("INFO replication").Text, "role"));
        Assert.Equal($"{WriteCount}", connection.Call("GET before").Text);
        Assert.Equal($"{WriteCount}", connection.Call("GET after").Text);
    }
}
