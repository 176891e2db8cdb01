using System.Text;
using Bixbite.Platform;
using Bixbite.Wire.Harness;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.StackExchangeRedis;
using StackExchange.Redis;

namespace Bixbite.Wire.Recipes;

/// <summary>ASP.NET Core's cache interface with its Redis implementation: a hash for each value, times in whole seconds.</summary>
public sealed class DistributedCacheTests : IAsyncLifetime
{
    private readonly ManualClock _clock = new();
    private readonly TestServer _server;
    private ConnectionMultiplexer? _multiplexer;

    private RedisCache? _cache;

    public DistributedCacheTests() => _server = TestServer.StartAt(_clock);

    private IDistributedCache Cache => _cache!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _multiplexer = await ConnectionMultiplexer.ConnectAsync(_server.Address.Configuration);
        _cache = new RedisCache(new RedisCacheOptions
        {
            ConnectionMultiplexerFactory = () => Task.FromResult<IConnectionMultiplexer>(_multiplexer),
        });
    }

    [Fact]
    public async Task Values_come_back_until_removed()
    {
        byte[] value = [0, 13, 10, 255, .. "bytes"u8];
        Assert.Null(await Cache.GetAsync("k", Token));
        await Cache.SetAsync("k", value, Token);
        Assert.Equal(value, await Cache.GetAsync("k", Token));
        Assert.Equal(value, Cache.Get("k"));
        Assert.Null(await _multiplexer!.GetDatabase().KeyTimeToLiveAsync("k"));
        await Cache.RemoveAsync("k", Token);
        Assert.Null(await Cache.GetAsync("k", Token));
    }

    [Fact]
    public async Task An_absolute_moment_ends_a_value_however_often_it_is_read()
    {
        await Cache.SetStringAsync("k", "v",
            new DistributedCacheEntryOptions { AbsoluteExpirationRelativeToNow = TimeSpan.FromSeconds(2) }, Token);
        _clock.AdvanceMs(1999);
        Assert.Equal("v", await Cache.GetStringAsync("k", Token));
        _clock.AdvanceMs(2);
        Assert.Null(await Cache.GetStringAsync("k", Token));
    }

    [Fact]
    public async Task A_sliding_time_begins_again_with_every_read()
    {
        await Cache.SetStringAsync("k", "v",
            new DistributedCacheEntryOptions { SlidingExpiration = TimeSpan.FromSeconds(3) }, Token);
        for (int i = 0; i < 4; i++)
        {
            _clock.AdvanceMs(2999);
            Assert.Equal("v", await Cache.GetStringAsync("k", Token));
        }

        _clock.AdvanceMs(3001);
        Assert.Null(await Cache.GetStringAsync("k", Token));
    }

    [Fact]
    public async Task A_refresh_begins_the_sliding_time_anew_and_reads_nothing()
    {
        await Cache.SetStringAsync("k", "v",
            new DistributedCacheEntryOptions { SlidingExpiration = TimeSpan.FromSeconds(3) }, Token);
        await Cache.SetStringAsync("other", "v",
            new DistributedCacheEntryOptions { SlidingExpiration = TimeSpan.FromSeconds(3) }, Token);
        _clock.AdvanceMs(2999);
        await Cache.RefreshAsync("k", Token);
        Cache.Refresh("nobody");
        _clock.AdvanceMs(2999);
        Assert.Equal("v", await Cache.GetStringAsync("k", Token));
        Assert.Null(await Cache.GetStringAsync("other", Token));
    }

    [Fact]
    public async Task Sliding_ends_at_the_absolute_moment()
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        await Cache.SetStringAsync("k", "v",
            new DistributedCacheEntryOptions { SlidingExpiration = TimeSpan.FromHours(1), AbsoluteExpiration = now.AddHours(3) }, Token);
        TimeSpan? left = await _multiplexer!.GetDatabase().KeyTimeToLiveAsync("k");
        Assert.InRange(left!.Value, TimeSpan.FromMinutes(59), TimeSpan.FromHours(1));
        await Cache.SetStringAsync("k", "v",
            new DistributedCacheEntryOptions { SlidingExpiration = TimeSpan.FromHours(9), AbsoluteExpiration = now.AddHours(3) }, Token);
        left = await _multiplexer.GetDatabase().KeyTimeToLiveAsync("k");
        Assert.InRange(left!.Value, TimeSpan.FromHours(2), TimeSpan.FromHours(3));
    }

    [Fact]
    public async Task A_new_value_takes_the_place_and_the_times_of_the_old_one()
    {
        await Cache.SetStringAsync("k", "old",
            new DistributedCacheEntryOptions { AbsoluteExpirationRelativeToNow = TimeSpan.FromSeconds(2) }, Token);
        await Cache.SetStringAsync("k", "new",
            new DistributedCacheEntryOptions { AbsoluteExpirationRelativeToNow = TimeSpan.FromSeconds(9) }, Token);
        _clock.AdvanceMs(8999);
        Assert.Equal("new", await Cache.GetStringAsync("k", Token));
        _clock.AdvanceMs(2);
        Assert.Null(await Cache.GetStringAsync("k", Token));
    }

    [Fact]
    public async Task Whoever_reads_beside_those_who_write_gets_a_whole_value()
    {
        DistributedCacheEntryOptions options = new() { SlidingExpiration = TimeSpan.FromMinutes(1) };
        Task[] writers = [.. Enumerable.Range(0, 10).Select(writer => Task.Run(
            async () =>
            {
                for (int i = 0; i < 50; i++)
                {
                    await Cache.SetAsync("shared", [.. Enumerable.Repeat((byte)writer, 100 + writer)], options, Token);
                }
            },
            Token))];
        Task<int>[] readers = [.. Enumerable.Range(0, 10).Select(_ => Task.Run(
            async () =>
            {
                int read = 0;
                for (int i = 0; i < 50; i++)
                {
                    if (await Cache.GetAsync("shared", Token) is { } value)
                    {
                        Assert.Equal(100 + value[0], value.Length);
                        Assert.All(value, each => Assert.Equal(value[0], each));
                        read++;
                    }
                }
                return read;
            },
            Token))];
        await Task.WhenAll(writers);
        await Task.WhenAll(readers);
        Assert.NotNull(await Cache.GetAsync("shared", Token));
    }

    [Fact]
    public async Task A_megabyte_goes_there_and_back()
    {
        byte[] value = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 200_000).Select(i => $"{i},")));
        await Cache.SetAsync("big", value, Token);
        Assert.Equal(value, await Cache.GetAsync("big", Token));
    }

    public async ValueTask DisposeAsync()
    {
        _cache!.Dispose();
        await _multiplexer!.DisposeAsync();
        _server.Dispose();
    }
}
