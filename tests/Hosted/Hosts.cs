using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Bixbite.Hosted;

/// <summary>Hosts with what a test adds, and little else.</summary>
internal static class Hosts
{
    /// <summary>A host that is not started yet; the caller's.</summary>
    internal static IHost Create(Action<IServiceCollection> add, LogLines? log = null, string? contentRoot = null)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(
            new HostApplicationBuilderSettings { ContentRootPath = contentRoot });
        if (log is not null)
        {
            builder.Logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log);
        }
        add(builder.Services);
        return builder.Build();
    }

    /// <summary>A host that runs; the caller's.</summary>
    internal static async Task<IHost> StartAsync(Action<IServiceCollection> add, LogLines? log = null, string? contentRoot = null)
    {
        IHost host = Create(add, log, contentRoot);
        await host.StartAsync(TestContext.Current.CancellationToken);
        return host;
    }

    /// <summary>Stops it and disposes it, as a program that ends.</summary>
    internal static async Task EndAsync(this IHost host, CancellationToken cancellationToken)
    {
        await host.StopAsync(cancellationToken);
        await ((IAsyncDisposable)host).DisposeAsync();
    }

    internal static BixbiteServer Server(this IHost host) => host.Services.GetRequiredService<BixbiteServer>();
}
