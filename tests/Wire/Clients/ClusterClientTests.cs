using Bixbite.Wire.Harness;
using StackExchange.Redis;

namespace Bixbite.Wire.Clients;

/// <summary>Client libraries that know clusters, on a cluster of one node that has all slots.</summary>
public sealed class ClusterClientTests
{
    [Fact]
    public void Ioredis_finds_its_way() => Tell(Interpreters.Node("ioredis"), "ioredis-cluster.cjs");

    [Fact]
    public void Node_redis_finds_its_way() => Tell(Interpreters.Node("redis"), "node-redis-cluster.cjs");

    [Fact]
    public void Redis_py_finds_its_way() => Tell(Interpreters.Python("redis"), "redis_py_cluster.py");

    [Fact]
    public async Task StackExchange_finds_its_way()
    {
        using TestServer server = StartCluster();
        ConfigurationOptions options = new()
        {
            EndPoints = { { "127.0.0.1", server.Address.Port } },
            AllowAdmin = true,
            ConnectTimeout = RespConnection.PatienceMs,
            AsyncTimeout = RespConnection.PatienceMs,
            SyncTimeout = RespConnection.PatienceMs,
        };
        await using ConnectionMultiplexer clients = await ConnectionMultiplexer.ConnectAsync(options);
        IServer node = clients.GetServer(options.EndPoints[0]);
        Assert.Equal(ServerType.Cluster, node.ServerType);
        ClusterConfiguration configuration = (await node.ClusterNodesAsync())!;
        Assert.Equal(16384, configuration.Nodes.Single().Slots.Sum(range => range.To - range.From + 1));
        IDatabase database = clients.GetDatabase();
        for (int i = 0; i < 200; i++)
        {
            Assert.True(await database.StringSetAsync($"key:{i}", i));
        }
        for (int i = 0; i < 200; i++)
        {
            Assert.Equal(i, (int)await database.StringGetAsync($"key:{i}"));
        }
        ITransaction transaction = database.CreateTransaction();
        Task<long> first = transaction.StringIncrementAsync("{t}a");
        Task<long> second = transaction.StringIncrementAsync("{t}b");
        Assert.True(await transaction.ExecuteAsync());
        Assert.Equal((1, 1), (await first, await second));
        Assert.Equal(200, await Task.Run(() => node.Keys(pattern: "key:*").Count()));
    }

    private static void Tell(string interpreter, string story)
    {
        using TestServer server = StartCluster();
        ClientProgram.Tell(interpreter, story, server);
    }

    private static TestServer StartCluster()
    {
        TestServer server = TestServer.Start("--cluster-enabled", "yes", "--cluster-announce-ip", "127.0.0.1");
        using RespConnection client = server.Connect();
        Assert.Equal("OK", client.Call("CLUSTER ADDSLOTSRANGE 0 16383").Text);
        return server;
    }
}
