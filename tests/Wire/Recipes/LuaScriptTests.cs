using Bixbite.Wire.Harness;
using StackExchange.Redis;

namespace Bixbite.Wire.Recipes;

/// <summary>
/// Scripts as StackExchange.Redis prepares, loads and sends them, also within transactions with conditions, in both protocols.
/// </summary>
public sealed class LuaScriptTests : IDisposable
{
    private const string Transfer =
        """
        local balance = tonumber(redis.call('GET', @from) or '0')
        if balance < tonumber(@amount) then
          return redis.error_reply('BROKE there are only ' .. balance)
        end
        redis.call('DECRBY', @from, @amount)
        return redis.call('INCRBY', @to, @amount)
        """;

    private readonly TestServer _server = TestServer.Start();

    [Theory]
    [InlineData("resp2")]
    [InlineData("resp3")]
    public async Task Prepared_scripts_run(string protocol)
    {
        await using ConnectionMultiplexer client = await Connect(protocol);
        IDatabase database = client.GetDatabase();
        await database.StringSetAsync("a", 100);
        LuaScript script = LuaScript.Prepare(Transfer);
        Assert.Equal(30, (int)await script.EvaluateAsync(database, Move("a", "b", 30)));
        RedisServerException error =
            await Assert.ThrowsAsync<RedisServerException>(() => script.EvaluateAsync(database, Move("a", "b", 71)));
        Assert.StartsWith("BROKE there are only 70", error.Message, StringComparison.Ordinal);
        Assert.Equal(["70", "30"], (await database.StringGetAsync(["a", "b"])).Select(value => $"{value}"));
    }

    [Fact]
    public async Task Loaded_scripts_run_until_the_server_forgets_them()
    {
        await using ConnectionMultiplexer client = await Connect("resp3");
        IDatabase database = client.GetDatabase();
        IServer server = client.GetServers()[0];
        await database.StringSetAsync("a", 100);
        LoadedLuaScript script = await LuaScript.Prepare(Transfer).LoadAsync(server);
        Assert.True(await server.ScriptExistsAsync(script.Hash));
        Assert.Equal(30, (int)await script.EvaluateAsync(database, Move("a", "b", 30)));

        await server.ScriptFlushAsync();
        Assert.False(await server.ScriptExistsAsync(script.Hash));
        RedisServerException error = await Assert.ThrowsAsync<RedisServerException>(() => database.ScriptEvaluateAsync(script.Hash));
        Assert.StartsWith("NOSCRIPT", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_within_a_transaction_runs_if_the_condition_holds()
    {
        await using ConnectionMultiplexer client = await Connect("resp2");
        IDatabase database = client.GetDatabase();
        await database.StringSetAsync("a", 100);
        Assert.True(await TryPay(database, Condition.StringEqual("a", 100), 30));
        Assert.False(await TryPay(database, Condition.StringEqual("a", 100), 30));
        Assert.False(await TryPay(database, Condition.KeyNotExists("a"), 30));
        Assert.True(await TryPay(database, Condition.KeyExists("b"), 30));
        Assert.Equal(["40", "60"], (await database.StringGetAsync(["a", "b"])).Select(value => $"{value}"));
    }

    [Fact]
    public async Task Conditions_of_many_kinds_hold_or_do_not()
    {
        await using ConnectionMultiplexer client = await Connect("resp3");
        IDatabase database = client.GetDatabase();
        await database.ScriptEvaluateAsync(
            """
            redis.call('HSET', 'h', 'f', 'v')
            redis.call('RPUSH', 'l', 'x', 'y')
            redis.call('ZADD', 'z', 1.5, 'm')
            redis.call('SADD', 's', 'm', 'n')
            """);
        Condition[] holding =
        [
            Condition.HashExists("h", "f"), Condition.HashEqual("h", "f", "v"), Condition.ListIndexEqual("l", 1, "y"),
            Condition.ListLengthEqual("l", 2), Condition.SortedSetContains("z", "m"), Condition.SortedSetEqual("z", "m", 1.5),
            Condition.SetContains("s", "n"), Condition.SetLengthGreaterThan("s", 1),
        ];
        foreach (Condition condition in holding)
        {
            Assert.True(await TryPay(database, condition, 0), $"{condition}");
        }

        Condition[] broken =
        [
            Condition.HashNotExists("h", "f"), Condition.HashNotEqual("h", "f", "v"), Condition.ListIndexEqual("l", 0, "y"),
            Condition.ListLengthGreaterThan("l", 2), Condition.SortedSetNotContains("z", "m"), Condition.SetContains("s", "o"),
        ];
        foreach (Condition condition in broken)
        {
            Assert.False(await TryPay(database, condition, 0), $"{condition}");
        }
    }

    [Fact]
    public async Task Values_of_every_kind_come_back()
    {
        await using ConnectionMultiplexer client = await Connect("resp3");
        IDatabase database = client.GetDatabase();
        byte[] bytes = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];
        Assert.Equal(bytes, (byte[])(await database.ScriptEvaluateAsync("return ARGV[1]", values: [bytes]))!);
        int[]? numbers = (int[]?)await database.ScriptEvaluateAsync("return { 1, 2.9, '3' }");
        Assert.Equal([1, 2, 3], numbers!);
        Assert.True((await database.ScriptEvaluateAsync("return false")).IsNull);
        Assert.True((bool)await database.ScriptEvaluateAsync("redis.setresp(3) return true"));
        Assert.Equal(1.5, (double)await database.ScriptEvaluateAsync("return { double = 1.5 }"));
        RedisResult map = await database.ScriptEvaluateAsync("return { map = { a = 1 } }");
        Assert.Equal((ResultType.Map, 1), (map.Resp3Type, (int)map.ToDictionary()["a"]));
        Assert.Equal("FINE", (string?)await database.ScriptEvaluateAsync("return redis.status_reply('FINE')"));
    }

    public void Dispose() => _server.Dispose();

    private static object Move(string from, string to, int amount) => new { from = (RedisKey)from, to = (RedisKey)to, amount };

    private static async Task<bool> TryPay(IDatabase database, Condition condition, int amount)
    {
        ITransaction transaction = database.CreateTransaction();
        transaction.AddCondition(condition);
        Task<RedisResult> payment = LuaScript.Prepare(Transfer).EvaluateAsync(transaction, Move("a", "b", amount));
        bool isDone = await transaction.ExecuteAsync();
        if (isDone)
        {
            await payment;
        }
        return isDone;
    }

    private Task<ConnectionMultiplexer> Connect(string protocol) =>
        ConnectionMultiplexer.ConnectAsync($"{_server.Address.Configuration},protocol={protocol},allowAdmin=true");
}
