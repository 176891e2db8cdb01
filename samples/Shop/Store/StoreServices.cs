using System.Net;
using Bixbite;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.StackExchangeRedis;
using Microsoft.AspNetCore.OutputCaching.StackExchangeRedis;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.StackExchangeRedis;
using StackExchange.Redis;

namespace Shop.Store;

/// <summary>
/// The store within this process, or that of another host whose address <c>Store:Address</c> says. Everything else asks the container for
/// an <see cref="IConnectionMultiplexer"/>, or for options of a client of its own, and so does not know which of both it is.
/// </summary>
internal static partial class StoreServices
{
    internal static IServiceCollection AddStore(this IServiceCollection services, IConfiguration configuration)
    {
        if (configuration["Store:Address"] is not { Length: > 0 } address)
        {
            services.AddBixbite(configuration.GetSection("Bixbite"))
                .AddConnectionMultiplexer()
                .AddDistributedCache(static options => options.InstanceName = "shop:")
                .AddHybridCache()
                .AddHealthCheck();
            return services.AddSingleton<Func<ConfigurationOptions>>(
                static provider => provider.GetRequiredService<BixbiteServer>().ConfigureClient);
        }
        services.AddSingleton<Func<ConfigurationOptions>>(() => ConfigurationOptions.Parse(address));
        services.AddSingleton<IConnectionMultiplexer>(_ => ConnectionMultiplexer.Connect(address));
        services.AddStackExchangeRedisCache(options => (options.Configuration, options.InstanceName) = (address, "shop:"));
        services.AddHybridCache();
        services.AddHealthChecks();
        return services;
    }

    /// <summary>Where other hosts find this one's store, if <c>Bixbite:Listen</c> lets them.</summary>
    internal static void TellAddressOfStore(this WebApplication app)
    {
        foreach (EndPoint address in app.Services.GetService<BixbiteServer>()?.EndPoints ?? [])
        {
            StoreListens(app.Logger, address);
        }
    }

    /// <summary>Cookies that one host has encrypted can be read by all, and after a restart.</summary>
    internal static IDataProtectionBuilder KeepKeysInStore(this IDataProtectionBuilder builder)
    {
        builder.Services.AddOptions<KeyManagementOptions>().Configure<IConnectionMultiplexer>(
            static (options, redis) => options.XmlRepository = new RedisXmlRepository(() => redis.GetDatabase(), "shop:keys"));
        return builder;
    }

    /// <summary>Pages that one host has rendered are served by all.</summary>
    internal static IServiceCollection KeepPagesInStore(this IServiceCollection services)
    {
        services.AddStackExchangeRedisOutputCache(static options => options.InstanceName = "shop:");
        services.AddOptions<RedisOutputCacheOptions>().Configure<Func<ConfigurationOptions>>(
            static (options, configure) => options.ConfigurationOptions = configure());
        return services;
    }

    /// <summary>What one host sends to its browsers, those of all others get too.</summary>
    internal static ISignalRServerBuilder AddBackplane(this ISignalRServerBuilder builder)
    {
        builder.AddStackExchangeRedis();
        builder.Services.AddOptions<RedisOptions>().Configure<Func<ConfigurationOptions>>(static (options, configure) =>
        {
            options.Configuration = configure();
            options.Configuration.ChannelPrefix = RedisChannel.Literal("shop");
        });
        return builder;
    }

    [LoggerMessage(LogLevel.Information, "Other hosts may share the store: --Store:Address={Address}")]
    private static partial void StoreListens(ILogger logger, EndPoint address);
}
