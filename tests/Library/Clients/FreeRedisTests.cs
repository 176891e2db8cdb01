using System.Net;
using FreeRedis;

namespace Bixbite.Library.Clients;

/// <summary>FreeRedis knows TCP alone: it comes by loopback, or through memory with connections of one's own.</summary>
public sealed class FreeRedisTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ItSpeaksThroughMemory()
    {
        FakeTimeProvider time = new();
        await using BixbiteServer server = await BixbiteServer.StartAsync(o => o.Time = time, Cancellation);
        using PipeRedisClient redis = new(server);
        await UseAsync(redis);
        redis.Set("key", "value", TimeSpan.FromHours(1));
        Assert.Equal("value", redis.Get("key"));
        time.Advance(TimeSpan.FromHours(2));
        Assert.Null(redis.Get("key"));
        Assert.Empty(server.EndPoints);
    }

    [Fact]
    public async Task ConnectionsThroughMemoryAreUsedAgain()
    {
        await using BixbiteServer server = await BixbiteServer.StartAsync(Cancellation);
        using PipeRedisClient redis = new(server);
        for (int call = 0; call < 100; call++)
        {
            await redis.IncrAsync("calls");
        }
        await Task.WhenAll(Enumerable.Range(0, 16).Select(worker => Task.Run(
            () =>
            {
                for (int call = 0; call < 100; call++)
                {
                    redis.Incr($"worker:{worker}");
                    redis.Incr("calls");
                }
            },
            Cancellation)));
        Assert.Equal("1700", redis.Get("calls"));
        Assert.Equal("100", redis.Get("worker:7"));
        string stats = (await server.ExecuteAsync("INFO", "stats")).AsString()!;
        string count = stats.Split("total_connections_received:")[1].Split('\r')[0];
        Assert.InRange(int.Parse(count, System.Globalization.CultureInfo.InvariantCulture), 1, 40);
    }

    [Fact]
    public async Task ItSpeaksOverLoopback()
    {
        await using BixbiteServer server = await BixbiteServer.StartAsync(o =>
        {
            o.Listen("127.0.0.1", 0);
            o.Password = "word";
        }, Cancellation);
        using RedisClient redis = new(new ConnectionStringBuilder { Host = $"{server.EndPoints[0]}", Password = "word" });
        await UseAsync(redis);
        TaskCompletionSource<string> received = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using (redis.Subscribe("news", (channel, message) => received.TrySetResult($"{channel}: {message}")))
        {
            await BixbiteCalls.UntilAsync(server, "1", "PUBLISH", "news", "good");
            Assert.Equal("news: good", await received.Task.WaitAsync(Cancellation));
        }
        Assert.Equal(IPAddress.Loopback, ((IPEndPoint)server.EndPoints[0]).Address);
    }

    /// <summary>What both ways have: values of all kinds, pipelines, transactions, scripts, waiting, errors.</summary>
    private static async Task UseAsync(RedisClient redis)
    {
        redis.MSet("a", "1", "b", "zwei");
        Assert.Equal(["1", "zwei", null], redis.MGet("a", "b", "none"));
        redis.HSet("hash", new Dictionary<string, string> { ["field"] = "value", ["other"] = "2" });
        Assert.Equal("value", (await redis.HGetAllAsync("hash"))["field"]);
        redis.ZAdd("board", 2.5m, "ann");
        Assert.Equal(2.5m, redis.ZScore("board", "ann"));
        byte[] binary = [0, 13, 10, 255];
        redis.Set("binary", binary);
        Assert.Equal(binary, redis.Get<byte[]>("binary"));
        using (RedisClient.PipelineHook pipe = redis.StartPipe())
        {
            pipe.RPush("list", "x", "y", "z");
            pipe.LRange("list", 0, -1);
            Assert.Equal(["x", "y", "z"], Assert.IsType<string[]>(pipe.EndPipe()[1]));
        }
        using (RedisClient.TransactionHook transaction = redis.Multi())
        {
            transaction.IncrBy("counter", 5);
            transaction.Get("counter");
            Assert.Equal([5L, "5"], transaction.Exec());
        }
        Assert.Equal("1 value", redis.Eval("return redis.call('get', KEYS[1]) .. ' ' .. ARGV[1]", ["a"], "value"));
        // Its asynchronous calls too wait for the first byte with the caller's thread.
        Task<string> popped = Task.Run(() => redis.BLPopAsync("queue", 60), Cancellation);
        redis.RPush("queue", "job");
        Assert.Equal("job", await popped);
        RedisServerException refused = Assert.Throws<RedisServerException>(() => redis.IncrBy("b", 1));
        Assert.Contains("not an integer", refused.Message, StringComparison.Ordinal);
        string id = redis.XAdd("stream", "field", "value");
        Assert.Equal(id, redis.XRange("stream", "-", "+")[0].id);
    }
}
