using System.Diagnostics;
using Bixbite.Platform;
using Bixbite.Wire.Harness;
using StackExchange.Redis;

namespace Bixbite.Wire.Recipes;

/// <summary>
/// Fifty clients at once, and limiters that are scripts: never more get through than the limit says, also when the scripts are forgotten.
/// </summary>
public sealed class ScriptedLimiterTests : IAsyncLifetime
{
    private const int ClientCount = 50;
    private const int RequestsPerClient = 20;
    private const int Limit = 137;

    private readonly ManualClock _clock = new();
    private readonly TestServer _server;
    private ConnectionMultiplexer[] _clients = [];

    public ScriptedLimiterTests() => _server = TestServer.StartAt(_clock);

    public async ValueTask InitializeAsync() => _clients = await Connect(_server, ClientCount);

    [Fact]
    public async Task A_bucket_gives_what_it_holds_and_what_flows_in()
    {
        Assert.Equal(Limit, await EnterFromAll(Bucket));
        _clock.AdvanceMs(3000);
        Assert.Equal(30, await EnterFromAll(Bucket));
        _clock.AdvanceMs(99);
        Assert.Equal(0, await EnterFromAll(Bucket));
        _clock.AdvanceMs(1);
        Assert.Equal(1, await EnterFromAll(Bucket));
        _clock.AdvanceMs(3_600_000);
        Assert.Equal(Limit, await EnterFromAll(Bucket));
    }

    [Fact]
    public async Task A_window_slides()
    {
        Assert.Equal(Limit, await EnterFromAll(Window));
        _clock.AdvanceMs(400);
        Assert.Equal(0, await EnterFromAll(Window));
        _clock.AdvanceMs(599);
        Assert.Equal(0, await EnterFromAll(Window));
        _clock.AdvanceMs(1);
        Assert.Equal(Limit, await EnterFromAll(Window));
    }

    [Fact]
    public async Task Limits_hold_while_the_server_forgets_its_scripts()
    {
        int before = TokenBucket.Script.SentWholeCount + SlidingWindowLimiter.Script.SentWholeCount;
        Task<int[]> load = Task.WhenAll(EnterFromAll(Bucket), EnterFromAll(Window));
        await Task.Run(() => ForgetUntil(load), TestContext.Current.CancellationToken);
        int[] entered = await load;
        Assert.Equal([Limit, Limit], entered);
        Assert.NotEqual(before, TokenBucket.Script.SentWholeCount + SlidingWindowLimiter.Script.SentWholeCount);
    }

    [Fact]
    public async Task Nothing_stays_of_who_does_not_come_again()
    {
        await EnterFromAll(Bucket);
        await EnterFromAll(Window);
        _clock.AdvanceMs(13_701);
        using RespConnection reader = _server.Connect();
        Patience.Until(() => reader.Call("DBSIZE").Integer == 0, "something stays");
    }

    /// <summary>By a clock that runs, over several loops: no more than what the time allows, however it falls.</summary>
    [Fact]
    public async Task A_bucket_keeps_its_rate_as_time_goes_by()
    {
        using TestServer server = TestServer.Start("--io-threads", "2");
        ConnectionMultiplexer[] clients = await Connect(server, 10);
        long started = Stopwatch.GetTimestamp();
        int[] entered = await Task.WhenAll(clients.Select(client => Enter(new TokenBucket(client.GetDatabase(), 50, 200), 100)));
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        Assert.InRange(entered.Sum(), 50, 50 + (200 * seconds) + 1);
        await DisposeOf(clients);
    }

    public async ValueTask DisposeAsync()
    {
        await DisposeOf(_clients);
        _server.Dispose();
    }

    private static ILimiter Bucket(IDatabase database) => new TokenBucket(database, Limit, tokensPerSecond: 10);

    private static ILimiter Window(IDatabase database) => new SlidingWindowLimiter(database, Limit, TimeSpan.FromSeconds(1));

    private static Task<ConnectionMultiplexer[]> Connect(TestServer server, int count) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(_ => ConnectionMultiplexer.ConnectAsync(server.Address.Configuration)));

    private static async Task DisposeOf(ConnectionMultiplexer[] clients)
    {
        foreach (ConnectionMultiplexer client in clients)
        {
            await client.DisposeAsync();
        }
    }

    private void ForgetUntil(Task load)
    {
        using RespConnection connection = _server.Connect();
        while (!load.IsCompleted)
        {
            connection.Call("SCRIPT FLUSH");
        }
    }

    private async Task<int> EnterFromAll(Func<IDatabase, ILimiter> make) =>
        (await Task.WhenAll(_clients.Select(client => Enter(make(client.GetDatabase()), RequestsPerClient)))).Sum();

    private static async Task<int> Enter(ILimiter limiter, int requestCount)
    {
        int entered = 0;
        for (int i = 0; i < requestCount; i++)
        {
            entered += await limiter.TryEnter("alice") ? 1 : 0;
        }
        return entered;
    }
}
