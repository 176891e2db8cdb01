using Bixbite.Platform;
using Bixbite.Wire.Harness;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace Bixbite.Wire.Recipes;

/// <summary>.NET's cache in two levels: within each process, and in the server for all of them.</summary>
public sealed class HybridCacheTests : IAsyncLifetime
{
    private static readonly HybridCacheEntryOptions s_sharedOnly = new()
    {
        Expiration = TimeSpan.FromSeconds(10), Flags = HybridCacheEntryFlags.DisableLocalCache,
    };

    private readonly ManualClock _clock = new();
    private readonly TestServer _server;
    private ConnectionMultiplexer? _multiplexer;
    private int _madeCount;

    public HybridCacheTests() => _server = TestServer.StartAt(_clock);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _multiplexer = await ConnectionMultiplexer.ConnectAsync(_server.Address.Configuration);

    [Fact]
    public async Task What_one_process_made_another_one_has()
    {
        using ServiceProvider first = StartProcess();
        using ServiceProvider second = StartProcess();
        Assert.Equal(new Product(1, "tea"), await Get(first, 1));
        Assert.Equal(new Product(1, "tea"), await Get(second, 1));
        Assert.Equal(new Product(1, "tea"), await Get(second, 1, s_sharedOnly));
        Assert.Equal(1, _madeCount);
    }

    [Fact]
    public async Task Many_who_ask_at_once_have_it_made_once()
    {
        using ServiceProvider process = StartProcess();
        Product[] products = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Get(process, 2)));
        Assert.All(products, product => Assert.Equal(2, product.Id));
        Assert.Equal(1, _madeCount);
    }

    [Fact]
    public async Task It_ends_with_its_time()
    {
        using ServiceProvider process = StartProcess();
        await Get(process, 3, s_sharedOnly);
        _clock.AdvanceMs(9000);
        await Get(process, 3, s_sharedOnly);
        Assert.Equal(1, _madeCount);
        _clock.AdvanceMs(1001);
        await Get(process, 3, s_sharedOnly);
        Assert.Equal(2, _madeCount);
    }

    [Fact]
    public async Task What_was_removed_or_set_is_so_for_others()
    {
        using ServiceProvider first = StartProcess();
        using ServiceProvider second = StartProcess();
        await Get(first, 4, s_sharedOnly);
        await Cache(first).RemoveAsync("product:4", Token);
        await Get(second, 4, s_sharedOnly);
        Assert.Equal(2, _madeCount);
        await Cache(first).SetAsync("product:4", new Product(4, "coffee"), s_sharedOnly, cancellationToken: Token);
        Assert.Equal("coffee", (await Get(second, 4, s_sharedOnly)).Name);
    }

    [Fact]
    public async Task A_tag_ends_all_that_have_it()
    {
        using ServiceProvider process = StartProcess();
        await Get(process, 5);
        await Get(process, 6);
        await Cache(process).RemoveByTagAsync("products", Token);
        await Get(process, 5);
        await Get(process, 6);
        Assert.Equal(4, _madeCount);
    }

    public async ValueTask DisposeAsync()
    {
        await _multiplexer!.DisposeAsync();
        _server.Dispose();
    }

    private static HybridCache Cache(ServiceProvider process) => process.GetRequiredService<HybridCache>();

    private ServiceProvider StartProcess()
    {
        ServiceCollection services = new();
        services.AddStackExchangeRedisCache(options =>
            options.ConnectionMultiplexerFactory = () => Task.FromResult<IConnectionMultiplexer>(_multiplexer!));
        services.AddHybridCache();
        return services.BuildServiceProvider();
    }

    /// <summary>Gets it, and waits until the server has it: who asked is answered before.</summary>
    private async Task<Product> Get(ServiceProvider process, int id, HybridCacheEntryOptions? options = null)
    {
        string key = $"product:{id}";
        Product product = await Cache(process).GetOrCreateAsync(
            key,
            async token =>
            {
                await Task.Delay(1, token);
                Interlocked.Increment(ref _madeCount);
                return new Product(id, "tea");
            },
            options,
            tags: ["products"],
            Token);
        IDatabase database = _multiplexer!.GetDatabase();
        long startedMs = Environment.TickCount64;
        while (!await database.KeyExistsAsync(key))
        {
            Assert.False(Patience.IsOver(startedMs), "the server does not get it");
            await Task.Delay(1, Token);
        }
        return product;
    }

    private sealed record Product(int Id, string Name);
}
