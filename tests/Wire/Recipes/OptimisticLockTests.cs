using System.Globalization;
using Bixbite.Wire.Harness;
using StackExchange.Redis;

namespace Bixbite.Wire.Recipes;

/// <summary>Accounts that many clients change at once: read, compute, write only if nobody else has written meanwhile (WATCH).</summary>
public sealed class OptimisticLockTests
{
    private const int ClientCount = 20;
    private const int UpdatesPerClient = 50;
    private const long Fortune = 1_000_000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task No_update_is_lost(int threads)
    {
        using TestServer server = TestServer.Start("--io-threads", threads.ToString(CultureInfo.InvariantCulture));
        using (RespConnection setUp = server.Connect())
        {
            setUp.Call($"MSET account:a {Fortune} account:b {Fortune} transfers 0");
        }
        int[] retries = await Task.WhenAll(Enumerable.Range(0, ClientCount).Select(client => Task.Factory.StartNew(
            () => Work(server, client),
            TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

        using RespConnection reader = server.Connect();
        Assert.Equal(ClientCount * UpdatesPerClient, long.Parse(reader.Call("GET transfers").Text, CultureInfo.InvariantCulture));
        IReadOnlyList<Reply> balances = reader.Call("MGET account:a account:b").Items;
        Assert.Equal(2 * Fortune, balances.Sum(balance => long.Parse(balance.Text, CultureInfo.InvariantCulture)));
        Assert.Equal(Fortune - Enumerable.Range(0, ClientCount).Sum(client => (long)UpdatesPerClient * (client + 1)), Balance(reader, "a"));
        TestContext.Current.TestOutputHelper!.WriteLine($"{retries.Sum()} retries");
    }

    /// <summary>The same with a client library, which puts the condition into its transaction.</summary>
    [Fact]
    public async Task No_update_is_lost_with_a_library()
    {
        using TestServer server = TestServer.Start();
        await Task.WhenAll(Enumerable.Range(0, ClientCount).Select(_ => Count(server.Address.Configuration)));
        using RespConnection reader = server.Connect();
        Assert.Equal($"{ClientCount * 10}", reader.Call("GET counter").Text);
    }

    /// <summary>Transfers an amount of its own again and again; returns how often somebody else was faster.</summary>
    private static int Work(TestServer server, int client)
    {
        using RespConnection connection = server.Connect();
        int retries = 0;
        for (int i = 0; i < UpdatesPerClient; i++)
        {
            while (!TryTransfer(connection, client + 1))
            {
                retries++;
            }
        }

        return retries;
    }

    private static bool TryTransfer(RespConnection connection, int amount)
    {
        connection.Call("WATCH account:a account:b transfers");
        long a = Balance(connection, "a");
        long b = Balance(connection, "b");
        long transfers = long.Parse(connection.Call("GET transfers").Text, CultureInfo.InvariantCulture);
        connection.Call("MULTI");
        connection.Call($"SET account:a {a - amount}");
        connection.Call($"SET account:b {b + amount}");
        connection.Call($"SET transfers {transfers + 1}");
        return !connection.Call("EXEC").IsNull;
    }

    private static long Balance(RespConnection connection, string account) =>
        long.Parse(connection.Call($"GET account:{account}").Text, CultureInfo.InvariantCulture);

    private static async Task Count(string configuration)
    {
        await using ConnectionMultiplexer multiplexer = await ConnectionMultiplexer.ConnectAsync(configuration);
        IDatabase database = multiplexer.GetDatabase();
        for (int i = 0; i < 10;)
        {
            RedisValue value = await database.StringGetAsync("counter");
            ITransaction transaction = database.CreateTransaction();
            transaction.AddCondition(value.IsNull ? Condition.KeyNotExists("counter") : Condition.StringEqual("counter", value));
            _ = transaction.StringSetAsync("counter", (long)value + 1);
            if (await transaction.ExecuteAsync())
            {
                i++;
            }
        }
    }
}
