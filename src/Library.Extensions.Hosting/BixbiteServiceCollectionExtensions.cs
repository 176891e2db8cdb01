using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Bixbite;

/// <summary>
/// Registers servers with a container. The host starts each before its other services, and saves its data after they have stopped; it ends
/// with the container, after all that stands on it. Without a host it starts when it is first asked for.
/// </summary>
public static class BixbiteServiceCollectionExtensions
{
    /// <summary>Adds a server with the defaults: in memory alone, reachable within this process only.</summary>
    /// <param name="services">The container's services.</param>
    /// <returns>Adds what stands on this server: a client, caches, a health check. Another call adds to the same server.</returns>
    public static BixbiteBuilder AddBixbite(this IServiceCollection services) => Add(services, null);

    /// <summary>
    /// Adds a server, as the service <see cref="BixbiteServer"/>. It takes time, logging and metrics from the container:
    /// <see cref="TimeProvider"/>, <c>ILoggerFactory</c> and <c>IMeterFactory</c>, as far as they are there and its options name no others.
    /// </summary>
    /// <param name="services">The container's services.</param>
    /// <param name="configure">
    /// Sets the server's options. A relative <see cref="BixbiteOptions.DataDirectory"/> is within the host's content root.
    /// </param>
    /// <returns>Adds what stands on this server: a client, caches, a health check. Another call adds to the same server.</returns>
    public static BixbiteBuilder AddBixbite(this IServiceCollection services, Action<BixbiteOptions> configure) =>
        Add(services, null, configure);

    /// <summary>Adds a server whose options are in a configuration, as the other overload does.</summary>
    /// <param name="services">The container's services.</param>
    /// <param name="configuration">
    /// A section with <c>DataDirectory</c>, <c>MaxMemory</c>, <c>Password</c>, <c>Listen</c> (one or several of <c>host:port</c>),
    /// <c>ConfigurationFile</c> and <c>Settings</c>, which has settings by their names of <c>redis.conf</c>. Anything else is an error,
    /// told when the host starts.
    /// </param>
    /// <returns>Adds what stands on this server.</returns>
    public static BixbiteBuilder AddBixbite(this IServiceCollection services, IConfiguration configuration) =>
        Add(services, null, configuration);

    /// <summary>Adds one of several servers, told from the others by a key: <c>[FromKeyedServices("orders")] BixbiteServer</c>.</summary>
    /// <param name="services">The container's services.</param>
    /// <param name="serviceKey">The key of this server and of all that its builder adds; its options are those of this name.</param>
    /// <returns>Adds what stands on this server.</returns>
    public static BixbiteBuilder AddKeyedBixbite(this IServiceCollection services, string serviceKey)
    {
        ArgumentException.ThrowIfNullOrEmpty(serviceKey);
        return Add(services, serviceKey);
    }

    /// <summary>Adds one of several servers, with the options that the action sets.</summary>
    /// <param name="services">The container's services.</param>
    /// <param name="serviceKey">The key of this server and of all that its builder adds; its options are those of this name.</param>
    /// <param name="configure">Sets the server's options.</param>
    /// <returns>Adds what stands on this server.</returns>
    public static BixbiteBuilder AddKeyedBixbite(this IServiceCollection services, string serviceKey, Action<BixbiteOptions> configure)
    {
        ArgumentException.ThrowIfNullOrEmpty(serviceKey);
        return Add(services, serviceKey, configure);
    }

    /// <summary>Adds one of several servers, whose options are in a configuration.</summary>
    /// <param name="services">The container's services.</param>
    /// <param name="serviceKey">The key of this server and of all that its builder adds.</param>
    /// <param name="configuration">A section, as <see cref="AddBixbite(IServiceCollection, IConfiguration)"/> reads it.</param>
    /// <returns>Adds what stands on this server.</returns>
    public static BixbiteBuilder AddKeyedBixbite(this IServiceCollection services, string serviceKey, IConfiguration configuration)
    {
        ArgumentException.ThrowIfNullOrEmpty(serviceKey);
        return Add(services, serviceKey, configuration);
    }

    private static BixbiteBuilder Add(IServiceCollection services, string? serviceKey)
    {
        ArgumentNullException.ThrowIfNull(services);
        HostedServerRegistration.Add(services, serviceKey);
        return new BixbiteBuilder(services, serviceKey);
    }

    private static BixbiteBuilder Add(IServiceCollection services, string? serviceKey, Action<BixbiteOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        BixbiteBuilder builder = Add(services, serviceKey);
        services.Configure(HostedServerRegistration.OptionsName(serviceKey), configure);
        return builder;
    }

    private static BixbiteBuilder Add(IServiceCollection services, string? serviceKey, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        BixbiteBuilder builder = Add(services, serviceKey);
        string name = HostedServerRegistration.OptionsName(serviceKey);
        services.AddOptions<BixbiteOptions>(name).Configure<IServiceProvider>(
            (options, provider) => new OptionsSection(configuration, name).ApplyTo(
                options, HostedServerRegistration.ContentRoot(provider)));
        return builder;
    }
}
