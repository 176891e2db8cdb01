using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Bixbite;

/// <summary>
/// A server in the life of a host. It starts before the host's other services, or earlier if one of them asks for it while it is made. When
/// they have stopped its data is saved; it ends when the container is disposed, as the last of all that stands on it, since some of that
/// still speaks to it while it is disposed. So it also ends where there is no host, or where the host could not start.
/// </summary>
/// <remarks>
/// A container disposes in reverse what it has made. So all that stands on the server is made after the service
/// <see cref="BixbiteServer"/>, which is made after this.
/// </remarks>
internal sealed class HostedServer(IServiceProvider services, string? key) : IHostedLifecycleService, IAsyncDisposable, IDisposable
{
    private readonly Lock _lock = new();
    private Task<BixbiteServer>? _starting;
    private ConnectionMultiplexer? _client;
    private ILogger? _logger;
    private bool _isOver;
    private volatile bool _hasHostStopped;

    /// <summary>The server, which is started if it was not: the caller waits while its data is loaded.</summary>
    /// <exception cref="BixbiteException">It cannot start.</exception>
    /// <exception cref="ObjectDisposedException">It has ended with its host.</exception>
    public BixbiteServer Server => StartServerAsync(CancellationToken.None).GetAwaiter().GetResult();

    /// <summary>The client that all who want one share; made when the first of them does.</summary>
    public ConnectionMultiplexer Client
    {
        get
        {
            BixbiteServer server = Server;
            lock (_lock)
            {
                ObjectDisposedException.ThrowIf(_isOver, server);
                return _client ??= ConnectionMultiplexer.Connect(ConfigureClient(server));
            }
        }
    }

    /// <summary>The server if it is started and not over; null otherwise.</summary>
    public BixbiteServer? Current
    {
        get
        {
            lock (_lock)
            {
                return !_isOver && _starting is { IsCompletedSuccessfully: true } ? _starting.Result : null;
            }
        }
    }

    private string OptionsName => HostedServerRegistration.OptionsName(key);

    /// <summary>
    /// Starts it, and has the container make its service <see cref="BixbiteServer"/>, which otherwise came with the first who asks: a
    /// container disposes first what it made last, and what is made from now on goes before the server.
    /// </summary>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await StartServerAsync(cancellationToken).ConfigureAwait(false);
        services.GetRequiredKeyedService<BixbiteServer>(key);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        if (Current is { } server)
        {
            _ = WatchAsync(server, services.GetRequiredService<ContainerEnd>());
        }
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Saves what <c>SHUTDOWN</c> would, while the server goes on. Where that fails, the end is the second try.</summary>
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        _hasHostStopped = true;
        if (Current is not { } server || !await HasUnsavedAsync(server).ConfigureAwait(false))
        {
            return;
        }
        try
        {
            await server.ExecuteAsync("SAVE", [], cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is BixbiteException or ObjectDisposedException)
        {
            Tell(LogLevel.Error, $"The data could not be saved, which is tried again at the end: {failure.Message}", failure);
        }
        catch (OperationCanceledException)
        {
            Tell(LogLevel.Warning, "Saving the data takes longer than the host waits (HostOptions.ShutdownTimeout): it goes on.");
        }
    }

    public async ValueTask DisposeAsync() => await EndAsync().ConfigureAwait(false);

    public void Dispose() => EndAsync().GetAwaiter().GetResult();

    /// <summary>There are changes of which snapshots are made, and no snapshot has them; also where the server does not tell.</summary>
    private static async Task<bool> HasUnsavedAsync(BixbiteServer server)
    {
        try
        {
            string info = (await server.ExecuteAsync("INFO", "persistence").ConfigureAwait(false)).AsString()!;
            return !info.Contains("\r\nrdb_changes_since_last_save:0\r\n", StringComparison.Ordinal)
                && (await server.ExecuteAsync("CONFIG", "GET", "save").ConfigureAwait(false)).AsMap()["save"].AsString() is { Length: > 0 };
        }
        catch (Exception failure) when (failure is BixbiteException or ObjectDisposedException)
        {
            return true;
        }
    }

    private Task<BixbiteServer> StartServerAsync(CancellationToken cancellationToken)
    {
        // Not within the lock: options may ask for other services.
        BixbiteOptions options = services.GetRequiredService<IOptionsMonitor<BixbiteOptions>>().Get(OptionsName);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isOver, typeof(BixbiteServer));
            _logger = options.Logger;
            return _starting ??= BixbiteServer.StartAsync(options, cancellationToken);
        }
    }

    /// <summary>A server that ends before its host is missed by all who use it; not one that is disposed with its container.</summary>
    private async Task WatchAsync(BixbiteServer server, ContainerEnd containerEnd)
    {
        await server.Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_hasHostStopped && !containerEnd.HasCome)
        {
            Tell(
                LogLevel.Critical, "The server has stopped before its host, by SHUTDOWN or a mistake of its own.",
                server.Completion.Exception);
        }
    }

    private ConfigurationOptions ConfigureClient(BixbiteServer server)
    {
        ConfigurationOptions options = server.ConfigureClient();
        foreach (Action<ConfigurationOptions> step in services.GetRequiredService<IOptionsMonitor<ClientSteps>>().Get(OptionsName).All)
        {
            step(options);
        }
        return options;
    }

    private async Task EndAsync()
    {
        Task<BixbiteServer>? starting;
        ConnectionMultiplexer? client;
        lock (_lock)
        {
            _isOver = true;
            (starting, _starting) = (_starting, null);
            (client, _client) = (_client, null);
        }
        if (client is not null)
        {
            await client.DisposeAsync().ConfigureAwait(false);
        }
        if (starting is null)
        {
            return;
        }
        // Whoever has started it knows why it could not.
        await ((Task)starting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (starting.IsCompletedSuccessfully)
        {
            await starting.Result.DisposeAsync().ConfigureAwait(false);
        }
    }

    private void Tell(LogLevel level, string text, Exception? failure = null) =>
        _logger?.Log(level, default, text, failure, static (text, _) => text);
}
