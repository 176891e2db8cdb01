using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Bixbite;

/// <summary>The services that every server has in a container, once for each key; null is the key of the one that has none.</summary>
internal static class HostedServerRegistration
{
    /// <summary>Category of the log, and the beginning of those of servers with a key.</summary>
    private const string Category = "Bixbite";

    /// <summary>The tag by which the metrics of servers with a key are told from each other.</summary>
    private const string KeyTag = "bixbite.server";

    /// <summary>The name of a server's options.</summary>
    public static string OptionsName(string? serviceKey) => serviceKey ?? Options.DefaultName;

    /// <summary>The folder that relative paths are in; null where there is no host.</summary>
    public static string? ContentRoot(IServiceProvider provider) =>
        provider.GetService<IHostEnvironment>()?.ContentRootPath is { Length: > 0 } path ? path : null;

    /// <summary>Adds them, if they are not there.</summary>
    public static void Add(IServiceCollection services, string? serviceKey)
    {
        if (services.Any(service => service.ServiceType == typeof(HostedServer) && Equals(service.ServiceKey, serviceKey)))
        {
            return;
        }
        services.AddOptions<BixbiteOptions>(OptionsName(serviceKey))
            .PostConfigure<IServiceProvider>((options, provider) => Complete(options, provider, serviceKey))
            .ValidateOnStart();
        services.TryAddSingleton<ContainerEnd>();
        services.AddKeyedSingleton(serviceKey, (provider, _) => new HostedServer(provider, serviceKey));
        services.AddKeyedSingleton(serviceKey, (provider, key) => provider.GetRequiredKeyedService<HostedServer>(key).Server);
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredKeyedService<HostedServer>(serviceKey));
    }

    /// <summary>Whatever the application has not set is taken from the container.</summary>
    private static void Complete(BixbiteOptions options, IServiceProvider provider, string? serviceKey)
    {
        if (ReferenceEquals(options.Time, TimeProvider.System) && provider.GetService<TimeProvider>() is { } time)
        {
            options.Time = time;
        }
        options.Logger ??= provider.GetService<ILoggerFactory>()?.CreateLogger(
            serviceKey is null ? Category : $"{Category}.{serviceKey}");
        options.Meter ??= provider.GetService<IMeterFactory>()?.Create(new MeterOptions(BixbiteServer.MeterName)
        {
            Version = typeof(BixbiteServer).Assembly.GetName().Version?.ToString(3),
            Tags = serviceKey is null ? null : [new KeyValuePair<string, object?>(KeyTag, serviceKey)],
        });
        if (options.DataDirectory is { } folder && ContentRoot(provider) is { } root)
        {
            options.DataDirectory = Path.Combine(root, folder);
        }
    }
}
