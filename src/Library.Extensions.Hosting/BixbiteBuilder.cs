using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Caching.StackExchangeRedis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Bixbite;

/// <summary>
/// Adds to a container what stands on one of its servers. A server with a key adds all of it with that key:
/// <c>[FromKeyedServices("orders")] IDistributedCache</c>.
/// </summary>
public sealed class BixbiteBuilder
{
    private const string HealthCheckName = "bixbite";

    internal BixbiteBuilder(IServiceCollection services, string? serviceKey)
    {
        Services = services;
        ServiceKey = serviceKey;
    }

    /// <summary>The container's services.</summary>
    public IServiceCollection Services { get; }

    /// <summary>The server's key; null for the server that has none.</summary>
    public string? ServiceKey { get; }

    private string OptionsName => HostedServerRegistration.OptionsName(ServiceKey);

    /// <summary>
    /// Adds a client, as <see cref="IConnectionMultiplexer"/>, which reaches the server through memory. It connects when it is first asked
    /// for, and is closed before the server ends.
    /// </summary>
    /// <param name="configure">Sets further options of the client, such as <c>DefaultDatabase</c> or <c>User</c>.</param>
    /// <returns>This builder.</returns>
    public BixbiteBuilder AddConnectionMultiplexer(Action<ConfigurationOptions>? configure = null)
    {
        if (configure is not null)
        {
            Services.Configure<ClientSteps>(OptionsName, steps => steps.All.Add(configure));
        }
        Services.AddKeyedSingleton<IConnectionMultiplexer>(ServiceKey, static (provider, key) =>
        {
            // Made first, so that it ends last.
            _ = provider.GetRequiredKeyedService<BixbiteServer>(key);
            return provider.GetRequiredKeyedService<HostedServer>(key).Client;
        });
        return this;
    }

    /// <summary>
    /// Adds a cache on the server, as <see cref="IDistributedCache"/>: that of Microsoft.Extensions.Caching.StackExchangeRedis. It has a
    /// client of its own, which it closes.
    /// </summary>
    /// <param name="configure">Sets further options of the cache, such as <c>InstanceName</c>, with which its keys begin.</param>
    /// <returns>This builder.</returns>
    public BixbiteBuilder AddDistributedCache(Action<RedisCacheOptions>? configure = null)
    {
        string name = OptionsName;
        if (configure is not null)
        {
            Services.Configure(name, configure);
        }
        Services.AddKeyedSingleton<IDistributedCache>(ServiceKey, (provider, key) =>
        {
            RedisCacheOptions options = provider.GetRequiredService<IOptionsMonitor<RedisCacheOptions>>().Get(name);
            options.ConfigurationOptions ??= provider.GetRequiredKeyedService<BixbiteServer>(key).ConfigureClient();
            return new RedisCache(Options.Create(options));
        });
        return this;
    }

    /// <summary>
    /// Adds a <see cref="HybridCache"/>: one in the application's own memory, before that of <see cref="AddDistributedCache"/>, which is
    /// added if it was not. Further options of the latter are set by calling it.
    /// </summary>
    /// <param name="configure">Sets the cache's options, such as how long entries are kept if nothing else is said.</param>
    /// <returns>This builder.</returns>
    public BixbiteBuilder AddHybridCache(Action<HybridCacheOptions>? configure = null)
    {
        if (!Services.Any(service => service.ServiceType == typeof(IDistributedCache) && Equals(service.ServiceKey, ServiceKey)))
        {
            AddDistributedCache();
        }
        configure ??= static _ => { };
        if (ServiceKey is { } key)
        {
            Services.AddKeyedHybridCache(key, key, options =>
            {
                options.DistributedCacheServiceKey = key;
                configure(options);
            });
        }
        else
        {
            Services.AddHybridCache(configure);
        }
        return this;
    }

    /// <summary>
    /// Adds a health check, which is healthy while the server answers, and says why where it does not: it has stopped, or it refuses writes
    /// since it cannot save them.
    /// </summary>
    /// <param name="name">The check's name; <c>bixbite</c> if it is null, followed by the server's key.</param>
    /// <param name="failureStatus">Reported where the server does not answer; unhealthy if it is null.</param>
    /// <param name="tags">By which checks are chosen.</param>
    /// <param name="timeout">How long the server may take to answer; as long as it likes if it is null.</param>
    /// <returns>This builder.</returns>
    public BixbiteBuilder AddHealthCheck(
        string? name = null, HealthStatus? failureStatus = null, IEnumerable<string>? tags = null, TimeSpan? timeout = null)
    {
        string? key = ServiceKey;
        Services.AddHealthChecks().Add(new HealthCheckRegistration(
            name ?? (key is null ? HealthCheckName : $"{HealthCheckName}-{key}"),
            provider => new ServerHealthCheck(provider.GetRequiredKeyedService<HostedServer>(key)),
            failureStatus,
            tags,
            timeout));
        return this;
    }
}
