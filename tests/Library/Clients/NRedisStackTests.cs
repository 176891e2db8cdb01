using NRedisStack;
using NRedisStack.Core.DataTypes;
using NRedisStack.RedisStackCommands;
using StackExchange.Redis;
using Transaction = NRedisStack.Transaction;

namespace Bixbite.Library.Clients;

/// <summary>NRedisStack stands on StackExchange.Redis, and comes through memory with it.</summary>
public sealed class NRedisStackTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(RedisProtocol.Resp2)]
    [InlineData(RedisProtocol.Resp3)]
    public async Task ItWaitsThroughMemory(RedisProtocol protocol)
    {
        await using BixbiteServer server = await BixbiteServer.StartAsync(Cancellation);
        ConfigurationOptions options = server.ConfigureClient();
        options.Protocol = protocol;
        await using ConnectionMultiplexer waiting = await ConnectionMultiplexer.ConnectAsync(options);
        await using ConnectionMultiplexer redis = await ConnectionMultiplexer.ConnectAsync(server.ConfigureClient());
        IDatabase database = redis.GetDatabase();
        Task<Tuple<RedisKey, RedisValue>?> popped = waiting.GetDatabase().BLPopAsync("queue", 60);
        await BixbiteCalls.UntilBlockedAsync(server, 1);
        await database.ListRightPushAsync("queue", "job");
        Assert.Equal(Tuple.Create<RedisKey, RedisValue>("queue", "job"), await popped);
        await database.SortedSetAddAsync("board", [new("ann", 2), new("bob", 1)]);
        Tuple<RedisKey, List<RedisValueWithScore>>? least = waiting.GetDatabase().BZMPop(60, "board", MinMaxModifier.Min, 2);
        Assert.Equal(["bob", "ann"], least!.Item2.Select(each => (string?)each.Value));
        RedisValue id = await database.StreamAddAsync("events", "kind", "sold");
        StreamEntry[]? entries = waiting.GetDatabase().XRead("events", "0-0", count: 1, timeoutMilliseconds: 60_000);
        Assert.Equal(id, Assert.Single(entries!).Id);
        Assert.True(database.ClientSetInfo(NRedisStack.Core.SetInfoAttr.LibraryName, "stack"));
        Assert.Contains("lib-name=stack", (await server.ExecuteAsync("CLIENT", "LIST")).AsString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task PipelinesAndTransactionsGoThroughMemory()
    {
        await using BixbiteServer server = await BixbiteServer.StartAsync(Cancellation);
        await using ConnectionMultiplexer redis = await ConnectionMultiplexer.ConnectAsync(server.ConfigureClient());
        IDatabase database = redis.GetDatabase();
        Pipeline pipeline = new(database);
        Task<long> pushed = pipeline.Db.ListRightPushAsync("list", ["a", "b"]);
        Task<RedisValue> second = pipeline.Db.ListGetByIndexAsync("list", 1);
        pipeline.Execute();
        Assert.Equal(2, await pushed);
        Assert.Equal("b", await second);
        Transaction transaction = new(database);
        transaction.AddCondition(Condition.KeyNotExists("key"));
        Task<bool> set = transaction.Db.StringSetAsync("key", "value");
        Assert.True(await transaction.ExecuteAsync());
        Assert.True(await set);
    }

    /// <summary>Commands of modules are those of a server that has none of them loaded.</summary>
    [Fact]
    public async Task CommandsOfModulesAreUnknown()
    {
        await using BixbiteServer server = await BixbiteServer.StartAsync(Cancellation);
        await using ConnectionMultiplexer redis = await ConnectionMultiplexer.ConnectAsync(server.ConfigureClient());
        IDatabase database = redis.GetDatabase();
        RedisServerException failure = await Assert.ThrowsAsync<RedisServerException>(() => database.JSON().SetAsync("key", "$", "{}"));
        Assert.StartsWith("ERR unknown command 'JSON.SET'", failure.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<RedisServerException>(() => database.BF().AddAsync("key", "item"));
        Assert.True(await database.StringSetAsync("key", "value"));
    }
}
