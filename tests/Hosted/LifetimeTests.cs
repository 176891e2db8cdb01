using Bixbite.Library;
using Bixbite.Wire.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace Bixbite.Hosted;

/// <summary>A server is there for as long as the services of its host need it, keeps their data, and leaves nothing.</summary>
public sealed class LifetimeTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ItStartsBeforeOtherServicesAndIsSavedAfterThem()
    {
        for (int run = 1; run <= 3; run++)
        {
            IHost host = await Hosts.StartAsync(services =>
            {
                services.AddHostedService<Visitor>();
                services.AddBixbite(o => o.DataDirectory = _folder.File("data")).AddConnectionMultiplexer();
            });
            string?[] visits = [.. (await host.Server().ExecuteAsync("LRANGE", "visits", 0, -1)).AsStrings()];
            Assert.Equal([.. Enumerable.Repeat((string[])["start", "stop"], run - 1).SelectMany(static pair => pair), "start"], visits);
            BixbiteServer server = host.Server();
            await host.StopAsync(Cancellation);
            Assert.True(File.Exists(_folder.File("data/dump.rdb")));
            await ((IAsyncDisposable)host).DisposeAsync();
            Assert.True(server.Completion.IsCompletedSuccessfully);
        }
    }

    [Fact]
    public async Task WhatIsRelativeIsInTheContentRoot()
    {
        IHost host = await Hosts.StartAsync(
            static services => services.AddBixbite(static o => o.DataDirectory = "data/of/it"), contentRoot: _folder.Path);
        await host.Server().ExecuteAsync("SET", "key", "value");
        await host.EndAsync(Cancellation);
        Assert.True(File.Exists(_folder.File("data/of/it/dump.rdb")));
    }

    [Fact]
    public async Task WhereAnotherServiceCannotStartItEndsWithTheHost()
    {
        BixbiteServer? server = null;
        IHost host = Hosts.Create(services =>
        {
            services.AddBixbite().AddConnectionMultiplexer();
            services.AddHostedService(provider => new Failing(() => server = provider.GetRequiredService<BixbiteServer>()));
        });
        await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync(Cancellation));
        Assert.False(server!.Completion.IsCompleted);
        host.Dispose();
        Assert.True(server.Completion.IsCompletedSuccessfully);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AContainerWithoutAHostStartsAndEndsIt(bool isAsync)
    {
        ServiceCollection services = new();
        services.AddBixbite(o => o.DataDirectory = _folder.File("data")).AddConnectionMultiplexer();
        ServiceProvider provider = services.BuildServiceProvider();
        Assert.True(await provider.GetRequiredService<IConnectionMultiplexer>().GetDatabase().StringSetAsync("key", "value"));
        BixbiteServer server = provider.GetRequiredService<BixbiteServer>();
        if (isAsync)
        {
            await provider.DisposeAsync();
        }
        else
        {
            // As a program does that ends without a word of await.
            provider.Dispose();
        }
        Assert.True(server.Completion.IsCompletedSuccessfully);
        Assert.True(File.Exists(_folder.File("data/dump.rdb")));
    }

    [Fact]
    public async Task AServerThatNobodyAsksForIsNotStarted()
    {
        ServiceCollection services = new();
        services.AddBixbite(o => o.DataDirectory = _folder.File("data")).AddConnectionMultiplexer().AddHealthCheck();
        await services.BuildServiceProvider().DisposeAsync();
        Assert.False(Directory.Exists(_folder.File("data")));
    }

    [Fact]
    public async Task WhereSavingFailsTheHostStopsAndTheLogSaysWhy()
    {
        LogLines log = new();
        IHost host = await Hosts.StartAsync(services => services.AddBixbite(o => o.DataDirectory = _folder.File("data")), log);
        await host.Server().ExecuteAsync("SET", "key", "value");
        Directory.Delete(_folder.File("data"), recursive: true);
        await host.EndAsync(Cancellation);
        Assert.Contains(log.All, static line => line.StartsWith("Bixbite Error: The data could not be saved", StringComparison.Ordinal));
    }

    /// <summary>What the host has saved when its services had stopped is not saved once more, but for what came later.</summary>
    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    public async Task ItIsSavedOnce(bool isChangedLater, int saveCount)
    {
        LogLines log = new();
        IHost host = await Hosts.StartAsync(services => services.AddBixbite(o => o.DataDirectory = _folder.File("data")), log);
        await host.Server().ExecuteAsync("SET", "key", "value");
        await host.StopAsync(Cancellation);
        if (isChangedLater)
        {
            await host.Server().ExecuteAsync("SET", "another", "value");
        }
        await ((IAsyncDisposable)host).DisposeAsync();
        Assert.Equal(saveCount, log.All.Count(static line => line.EndsWith("DB saved on disk", StringComparison.Ordinal)));
        host = await Hosts.StartAsync(services => services.AddBixbite(o => o.DataDirectory = _folder.File("data")));
        Assert.Equal(saveCount, (await host.Server().ExecuteAsync("DBSIZE")).AsInt64());
        await host.EndAsync(Cancellation);
    }

    /// <summary>A program that disposes its host without stopping it ends orderly.</summary>
    [Fact]
    public async Task AHostThatIsOnlyDisposedSavesAndComplainsOfNothing()
    {
        LogLines log = new();
        IHost host = await Hosts.StartAsync(services => services.AddBixbite(o => o.DataDirectory = _folder.File("data")), log);
        BixbiteServer server = host.Server();
        await server.ExecuteAsync("SET", "key", "value");
        await ((IAsyncDisposable)host).DisposeAsync();
        await server.Completion.WaitAsync(Cancellation);
        Assert.True(File.Exists(_folder.File("data/dump.rdb")));
        Assert.DoesNotContain(log.All, static line => line.Contains(" Critical: ", StringComparison.Ordinal));
    }

    /// <summary>Nor does it where the server was asked for late, and something else takes its time to end.</summary>
    [Fact]
    public async Task AServerThatIsAskedForLateEndsWithItsHostAsWell()
    {
        LogLines log = new();
        IHost host = await Hosts.StartAsync(
            services => services.AddSingleton<SlowEnd>().AddBixbite(o => o.DataDirectory = _folder.File("data")), log);
        host.Services.GetRequiredService<SlowEnd>();
        BixbiteServer server = host.Server();
        await ((IAsyncDisposable)host).DisposeAsync();
        await server.Completion.WaitAsync(Cancellation);
        Assert.DoesNotContain(log.All, static line => line.Contains(" Critical: ", StringComparison.Ordinal));
    }

    /// <summary>The log names files where they are, not as if they lay in the directory of the process.</summary>
    [Fact]
    public async Task TheLogNamesFilesWhereTheyAre()
    {
        LogLines log = new();
        string data = _folder.File("data");
        IHost host = await Hosts.StartAsync(
            services => services.AddBixbite(o => o.Set("appendonly", "yes").DataDirectory = data), log);
        await host.Server().ExecuteAsync("SET", "key", "value");
        await host.EndAsync(Cancellation);
        File.WriteAllText(Path.Combine(data, "appendonlydir", "appendonly.aof.manifest"), "no manifest\n");
        BixbiteException failure = await Assert.ThrowsAsync<BixbiteException>(() => BixbiteServer.StartAsync(
            o => o.Set("appendonly", "yes").DataDirectory = data, Cancellation));
        Assert.Contains(Path.Combine(data, "appendonlydir"), failure.Message, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(data, "dump.rdb"), "no snapshot");
        failure = await Assert.ThrowsAsync<BixbiteException>(() => BixbiteServer.StartAsync(o => o.DataDirectory = data, Cancellation));
        string told = string.Join('\n', log.All.Where(static line => line.StartsWith("Bixbite", StringComparison.Ordinal)));
        Assert.Contains("appendonlydir", told, StringComparison.Ordinal);
        Assert.DoesNotContain(Environment.CurrentDirectory, $"{told}\n{failure.Message}", StringComparison.Ordinal);
    }

    /// <summary>A host that waits no longer does not make the server forget.</summary>
    [Fact]
    public async Task AHostInAHurryLosesNothing()
    {
        void Add(IServiceCollection services) => services.AddBixbite(o => o.DataDirectory = _folder.File("data"));
        IHost host = await Hosts.StartAsync(Add);
        await host.Server().ExecuteAsync("SET", "key", "value");
        await Record.ExceptionAsync(() => host.EndAsync(new CancellationToken(canceled: true)));
        await ((IAsyncDisposable)host).DisposeAsync();
        host = await Hosts.StartAsync(Add);
        Assert.Equal("value", (await host.Server().ExecuteAsync("GET", "key")).AsString());
        await host.EndAsync(Cancellation);
    }

    [Fact]
    public async Task AServerThatStopsByItselfIsTold()
    {
        LogLines log = new();
        IHost host = await Hosts.StartAsync(static services => services.AddBixbite().AddHealthCheck(), log);
        HealthCheckService health = host.Services.GetRequiredService<HealthCheckService>();
        Assert.Equal(HealthStatus.Healthy, (await health.CheckHealthAsync(Cancellation)).Status);
        await Assert.ThrowsAsync<BixbiteException>(() => host.Server().ExecuteAsync("SHUTDOWN"));
        await host.Server().Completion.WaitAsync(Cancellation);
        Patience.Until(() => log.All.Any(
            static line => line.StartsWith("Bixbite Critical: The server has stopped before its host", StringComparison.Ordinal)));
        HealthReport report = await health.CheckHealthAsync(Cancellation);
        Assert.Equal(HealthStatus.Unhealthy, report.Status);
        Assert.StartsWith("There is no reply: the server has stopped", report.Entries["bixbite"].Description, StringComparison.Ordinal);
        await host.EndAsync(Cancellation);
    }

    /// <summary>What stands on it may speak to it until the end, also while it is disposed: SignalR's backplane does.</summary>
    [Theory]
    [InlineData("save", "3600 1")]
    [InlineData("appendonly", "yes")]
    public async Task ItEndsAfterAllThatUsesIt(string setting, string value)
    {
        for (int run = 0; run < 2; run++)
        {
            IHost host = await Hosts.StartAsync(services =>
            {
                services.AddBixbite(o => o.Set(setting, value).DataDirectory = _folder.File("data")).AddConnectionMultiplexer();
                services.AddSingleton<LateWriter>();
            });
            host.Services.GetRequiredService<LateWriter>();
            Assert.Equal(run, (await host.Server().ExecuteAsync("LLEN", "written")).AsInt64());
            await host.EndAsync(Cancellation);
        }
    }

    public void Dispose() => _folder.Dispose();

    private sealed class LateWriter(IConnectionMultiplexer redis) : IDisposable
    {
        public void Dispose() => redis.GetDatabase().ListRightPush("written", "while it is disposed");
    }

    private sealed class Failing(Action seen) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            seen();
            throw new InvalidOperationException("a service that cannot start");
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class SlowEnd : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await Task.Delay(200);
    }
}
