using Bixbite.Platform;
using Bixbite.Wire.Harness;
using StackExchange.Redis;

namespace Bixbite.Wire.Recipes;

/// <summary>Fifty clients at once get exactly as many requests through as the limit says.</summary>
public sealed class RateLimitTests : IAsyncLifetime
{
    private const int ClientCount = 50;
    private const int RequestsPerClient = 40;
    private const int Limit = 137;

    private readonly ManualClock _clock = new();
    private readonly TestServer _server;
    private ConnectionMultiplexer[] _clients = [];

    public RateLimitTests() => _server = TestServer.StartAt(_clock);

    public async ValueTask InitializeAsync() =>
        _clients = await Task.WhenAll(
            Enumerable.Range(0, ClientCount).Select(_ => ConnectionMultiplexer.ConnectAsync(_server.Address.Configuration)));

    [Fact]
    public async Task Never_one_request_too_many()
    {
        int[] entered = await Task.WhenAll(_clients.Select(client => Enter(client, "alice", TimeSpan.FromMinutes(1))));
        Assert.Equal(Limit, entered.Sum());
    }

    [Fact]
    public async Task Subjects_do_not_share_a_limit()
    {
        int[][] entered = await Task.WhenAll(
            Task.WhenAll(_clients.Take(ClientCount / 2).Select(client => Enter(client, "bob", TimeSpan.FromMinutes(1)))),
            Task.WhenAll(_clients.Skip(ClientCount / 2).Select(client => Enter(client, "carol", TimeSpan.FromMinutes(1)))));
        Assert.Equal([Limit, Limit], entered.Select(counts => counts.Sum()));
    }

    [Fact]
    public async Task A_new_window_opens_when_the_old_one_has_passed_and_not_before()
    {
        FixedWindowLimiter limiter = new(_clients[0].GetDatabase(), limit: 1, TimeSpan.FromMilliseconds(300));
        Assert.True(await limiter.TryEnter("dave"));
        for (int i = 0; i < 3; i++)
        {
            // Refused requests must not push the end of the window away.
            _clock.AdvanceMs(99);
            Assert.False(await limiter.TryEnter("dave"));
        }

        _clock.AdvanceMs(4);
        Assert.True(await limiter.TryEnter("dave"));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ConnectionMultiplexer client in _clients)
        {
            await client.DisposeAsync();
        }
        _server.Dispose();
    }

    private static async Task<int> Enter(ConnectionMultiplexer client, string subject, TimeSpan window)
    {
        FixedWindowLimiter limiter = new(client.GetDatabase(), Limit, window);
        int entered = 0;
        for (int i = 0; i < RequestsPerClient; i++)
        {
            entered += await limiter.TryEnter(subject) ? 1 : 0;
        }
        return entered;
    }
}
