using StackExchange.Redis;

namespace Bixbite.Library;

/// <summary>StackExchange.Redis speaks to a server through memory, as it does over a socket.</summary>
public sealed class StackExchangeRedisTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(RedisProtocol.Resp2)]
    [InlineData(RedisProtocol.Resp3)]
    public async Task ItConnectsThroughMemory(RedisProtocol protocol)
    {
        FakeTimeProvider time = new();
        await using BixbiteServer store = await BixbiteServer.StartAsync(
            new BixbiteOptions { DataDirectory = null, Time = time }, Cancellation);
        ConfigurationOptions options = store.ConfigureClient();
        options.Protocol = protocol;
        await using ConnectionMultiplexer redis = await ConnectionMultiplexer.ConnectAsync(options);
        IDatabase database = redis.GetDatabase(3);
        Assert.True(await database.StringSetAsync("key", "value", TimeSpan.FromHours(1)));
        Assert.Equal("value", await database.StringGetAsync("key"));
        Assert.Equal("value", database.StringGet("key"));
        Assert.Empty(store.EndPoints);
        TaskCompletionSource<string> received = new();
        ISubscriber subscriber = redis.GetSubscriber();
        await subscriber.SubscribeAsync(RedisChannel.Literal("news"), (_, message) => received.TrySetResult((string)message!));
        Assert.Equal(1, await subscriber.PublishAsync(RedisChannel.Literal("news"), "good"));
        Assert.Equal("good", await received.Task.WaitAsync(Cancellation));
        ITransaction transaction = database.CreateTransaction();
        transaction.AddCondition(Condition.StringEqual("key", "value"));
        Task<long> pushed = transaction.ListRightPushAsync("list", ["a", "b"]);
        Assert.True(await transaction.ExecuteAsync());
        Assert.Equal(2, await pushed);
        time.Advance(TimeSpan.FromHours(2));
        Assert.False(await database.KeyExistsAsync("key"));
        Assert.Equal(RedisValue.Null, await database.StringGetAsync("key"));
    }

    [Fact]
    public async Task ManyCallsShareItsConnection()
    {
        await using BixbiteServer store = await BixbiteServer.StartAsync(Cancellation);
        await using ConnectionMultiplexer redis = await ConnectionMultiplexer.ConnectAsync(store.ConfigureClient());
        IDatabase database = redis.GetDatabase();
        byte[] large = new byte[3_000_000];
        Random.Shared.NextBytes(large);
        await Task.WhenAll(Enumerable.Range(0, 5000).Select(_ => database.StringIncrementAsync("counter")));
        Assert.Equal(5000, await database.StringGetAsync("counter"));
        Assert.True(await database.StringSetAsync("large", large));
        Assert.Equal(large, (byte[]?)await database.StringGetAsync("large"));
    }

    [Fact]
    public async Task APasswordIsNotAskedFor()
    {
        await using BixbiteServer store = await BixbiteServer.StartAsync(o => o.Password = "a secret", Cancellation);
        await using ConnectionMultiplexer redis = await ConnectionMultiplexer.ConnectAsync(store.ConfigureClient());
        Assert.True(await redis.GetDatabase().StringSetAsync("key", "value"));
        await store.ExecuteAsync("ACL", "SETUSER", "reader", "on", ">word", "~*", "+get", "+ping", "+echo", "+hello", "+client");
        ConfigurationOptions options = store.ConfigureClient();
        (options.User, options.Password) = ("reader", "word");
        await using ConnectionMultiplexer reader = await ConnectionMultiplexer.ConnectAsync(options);
        Assert.Equal("value", await reader.GetDatabase().StringGetAsync("key"));
        await Assert.ThrowsAsync<RedisServerException>(() => reader.GetDatabase().StringSetAsync("key", "another"));
    }

    /// <summary>A client whose server has gone fails; one whose connection was killed comes again.</summary>
    [Fact]
    public async Task ItComesAgain()
    {
        BixbiteServer store = await BixbiteServer.StartAsync(Cancellation);
        await using ConnectionMultiplexer redis = await ConnectionMultiplexer.ConnectAsync(store.ConfigureClient());
        IDatabase database = redis.GetDatabase();
        await database.StringSetAsync("key", "value");
        await store.ExecuteAsync("CLIENT", "KILL", "TYPE", "normal");
        long startedMs = Environment.TickCount64;
        string? value = null;
        while (value is null)
        {
            Assert.False(Wire.Harness.Patience.IsOver(startedMs), "it does not come again");
            try
            {
                value = await database.StringGetAsync("key");
            }
            catch (Exception failure) when (failure is RedisConnectionException or RedisTimeoutException)
            {
                await Task.Delay(10, Cancellation);
            }
        }
        Assert.Equal("value", value);
        await store.DisposeAsync();
        await Assert.ThrowsAnyAsync<RedisException>(() => database.StringGetAsync("key"));
    }
}
