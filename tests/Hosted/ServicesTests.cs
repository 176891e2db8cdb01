using System.Diagnostics.Metrics;
using System.Text;
using Bixbite.Library;
using Bixbite.Wire.Harness;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace Bixbite.Hosted;

/// <summary>What stands on a server is there for who asks the container, and takes from it what the container has.</summary>
public sealed class ServicesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TheClientReachesTheServerThroughMemory()
    {
        IHost host = await Hosts.StartAsync(static services => services.AddBixbite()
            .AddConnectionMultiplexer(static o => o.DefaultDatabase = 3)
            .AddConnectionMultiplexer(static o => o.ClientName = "shop"));
        IConnectionMultiplexer redis = host.Services.GetRequiredService<IConnectionMultiplexer>();
        Assert.True(await redis.GetDatabase().StringSetAsync("key", "value"));
        Assert.All(host.Services.GetServices<IConnectionMultiplexer>(), same => Assert.Same(redis, same));
        Assert.Equal("shop", redis.ClientName);
        Assert.Empty(host.Server().EndPoints);
        Assert.Contains("db3:keys=1", (await host.Server().ExecuteAsync("INFO", "keyspace")).AsString());
        await host.EndAsync(Cancellation);
        Assert.False(redis.IsConnected);
    }

    /// <summary>Entries end by the container's time, which the test moves.</summary>
    [Fact]
    public async Task TheCacheEndsByTheTimeOfTheContainer()
    {
        FakeTimeProvider time = new(DateTimeOffset.UtcNow);
        IHost host = await Hosts.StartAsync(services =>
        {
            services.AddSingleton<TimeProvider>(time);
            services.AddBixbite().AddDistributedCache(static o => o.InstanceName = "shop:");
        });
        IDistributedCache cache = host.Services.GetRequiredService<IDistributedCache>();
        DistributedCacheEntryOptions hour = new() { AbsoluteExpirationRelativeToNow = TimeSpan.FromHours(1) };
        await cache.SetAsync("key", Encoding.UTF8.GetBytes("value"), hour, Cancellation);
        Assert.Equal("value", await cache.GetStringAsync("key", Cancellation));
        Assert.Equal("value", cache.GetString("key"));
        Assert.Equal(1, (await host.Server().ExecuteAsync("EXISTS", "shop:key")).AsInt64());
        time.Advance(TimeSpan.FromHours(2));
        Assert.Null(await cache.GetStringAsync("key", Cancellation));
        await host.EndAsync(Cancellation);
    }

    [Fact]
    public async Task TheHybridCacheKeepsInTheServerWhatIsMadeOnce()
    {
        int madeCount = 0;
        for (int run = 0; run < 2; run++)
        {
            IHost host = await Hosts.StartAsync(services => services.AddBixbite(o => o.DataDirectory = _folder.File("data"))
                .AddHybridCache(static o => o.DefaultEntryOptions = new HybridCacheEntryOptions { Expiration = TimeSpan.FromHours(1) }));
            HybridCache cache = host.Services.GetRequiredService<HybridCache>();
            for (int i = 0; i < 3; i++)
            {
                Assert.Equal("tea", await cache.GetOrCreateAsync(
                    "product:1", _ => ValueTask.FromResult(++madeCount == 1 ? "tea" : "made again"), cancellationToken: Cancellation));
            }
            UntilKept(host);
            await host.EndAsync(Cancellation);
        }
        Assert.Equal(1, madeCount);

        // The cache answers before it has written.
        static void UntilKept(IHost host) => Patience.Until(
            () => host.Server().ExecuteAsync("EXISTS", "product:1").GetAwaiter().GetResult().AsBoolean());
    }

    [Fact]
    public async Task ServersWithKeysAreApart()
    {
        IHost host = await Hosts.StartAsync(static services =>
        {
            services.AddBixbite().AddConnectionMultiplexer().AddDistributedCache().AddHealthCheck();
            foreach (string key in (string[])["orders", "sessions"])
            {
                services.AddKeyedBixbite(key).AddConnectionMultiplexer().AddHybridCache().AddHealthCheck(tags: ["ready"]);
            }
        });
        foreach (string? key in (string?[])[null, "orders", "sessions"])
        {
            await host.Services.GetRequiredKeyedService<IConnectionMultiplexer>(key).GetDatabase().StringSetAsync("name", key ?? "none");
            await host.Services.GetRequiredKeyedService<IDistributedCache>(key).SetStringAsync("cached", key ?? "none", Cancellation);
        }
        foreach (string? key in (string?[])[null, "orders", "sessions"])
        {
            BixbiteServer server = host.Services.GetRequiredKeyedService<BixbiteServer>(key);
            Assert.Equal(key ?? "none", (await server.ExecuteAsync("GET", "name")).AsString());
            Assert.Equal(key ?? "none", (await server.ExecuteAsync("HGET", "cached", "data")).AsString());
        }
        HybridCache cache = host.Services.GetRequiredKeyedService<HybridCache>("orders");
        await cache.SetAsync("hybrid", "value", cancellationToken: Cancellation);
        Assert.Equal(1, await ExistsAsync("orders"));
        Assert.Equal(0, await ExistsAsync("sessions"));
        HealthReport report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancellation);
        Assert.Equal(["bixbite", "bixbite-orders", "bixbite-sessions"], report.Entries.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(HealthStatus.Healthy, report.Status);
        await host.EndAsync(Cancellation);

        async Task<long> ExistsAsync(string key) =>
            (await host.Services.GetRequiredKeyedService<BixbiteServer>(key).ExecuteAsync("EXISTS", "hybrid")).AsInt64();
    }

    [Fact]
    public async Task MetricsAndLogsAreThoseOfTheContainer()
    {
        LogLines log = new();
        IHost host = await Hosts.StartAsync(static services =>
        {
            services.AddBixbite();
            services.AddKeyedBixbite("orders");
        }, log);
        object factory = host.Services.GetRequiredService<IMeterFactory>();
        using MeterReadings readings = new(meter => meter.Scope == factory && meter.Tags is null);
        using MeterReadings ofOrders = new(meter => meter.Scope == factory && meter.Tags?.Single().Value is "orders");
        await host.Server().ExecuteAsync("SET", "key", "value");
        Assert.Equal(1, readings.Read()["bixbite.db_keys 0"]);
        Assert.DoesNotContain("bixbite.db_keys 0", ofOrders.Read().Keys);
        Assert.Contains("bixbite.used_memory", ofOrders.Read().Keys);
        Assert.Contains(log.All, static line => line.StartsWith("Bixbite Information: Server initialized", StringComparison.Ordinal));
        Assert.Contains(log.All, static line => line.StartsWith("Bixbite.orders Information: Server init", StringComparison.Ordinal));
        await host.EndAsync(Cancellation);
    }

    /// <summary>A disk that fails is a reason not to send requests here: the server takes no writes.</summary>
    [Fact]
    public async Task TheHealthCheckSaysThatWritesAreRefused()
    {
        IHost host = await Hosts.StartAsync(services => services
            .AddBixbite(o => o.DataDirectory = _folder.File("data"))
            .AddHealthCheck("store", HealthStatus.Degraded, ["ready"], TimeSpan.FromMinutes(1)));
        await host.Server().ExecuteAsync("SET", "key", "value");
        Directory.Delete(_folder.File("data"), recursive: true);
        await Record.ExceptionAsync(() => host.Server().ExecuteAsync("BGSAVE"));
        Patience.Until(() => host.Server().ExecuteAsync("INFO", "persistence").GetAwaiter().GetResult().AsString()!
            .Contains("rdb_last_bgsave_status:err", StringComparison.Ordinal));
        HealthReport report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancellation);
        Assert.Equal(HealthStatus.Degraded, report.Status);
        Assert.StartsWith("MISCONF", report.Entries["store"].Description, StringComparison.Ordinal);
        Assert.Equal(["ready"], report.Entries["store"].Tags);
        await host.EndAsync(Cancellation);
    }

    public void Dispose() => _folder.Dispose();
}
