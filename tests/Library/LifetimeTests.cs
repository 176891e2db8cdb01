using Microsoft.Extensions.Logging;

namespace Bixbite.Library;

/// <summary>Servers end as their owners want, keep what they are to keep, and leave nothing.</summary>
[Collection(AloneCollection.Name)]
public sealed class LifetimeTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("save", "3600 1")]
    [InlineData("appendonly", "yes")]
    public async Task DataInAFolderIsThereAgain(string setting, string value)
    {
        BixbiteOptions options = new BixbiteOptions { DataDirectory = _folder.File("data/of/it") }.Set(setting, value);
        await using (BixbiteServer first = await BixbiteServer.StartAsync(options, Cancellation))
        {
            await first.ExecuteAsync("SET", "key", "value");
        }
        await using (BixbiteServer second = await BixbiteServer.StartAsync(options, Cancellation))
        {
            Assert.Equal("value", (await second.ExecuteAsync("GET", "key")).AsString());
            await second.ExecuteAsync("SET", "key", "another");
            await second.StopAsync(Cancellation);
            await second.StopAsync(Cancellation);
            Assert.True(second.Completion.IsCompletedSuccessfully);
        }
        await using BixbiteServer third = await BixbiteServer.StartAsync(options, Cancellation);
        Assert.Equal("another", (await third.ExecuteAsync("GET", "key")).AsString());
    }

    [Fact]
    public async Task WhereSavingFailsStoppingSaysSoAndDisposingStops()
    {
        ListLogger logger = new();
        BixbiteOptions options = new() { DataDirectory = _folder.File("data"), Logger = logger };
        BixbiteServer server = await BixbiteServer.StartAsync(options, Cancellation);
        await server.ExecuteAsync("SET", "key", "value");
        Directory.Delete(_folder.File("data"), recursive: true);
        BixbiteException failure = await Assert.ThrowsAsync<BixbiteException>(() => server.StopAsync(Cancellation));
        Assert.StartsWith("The data could not be saved, so the server goes on", failure.Message, StringComparison.Ordinal);
        Assert.Equal("value", (await server.ExecuteAsync("GET", "key")).AsString());
        await server.DisposeAsync();
        Assert.True(server.Completion.IsCompletedSuccessfully);
        Assert.Contains(logger.Lines, static line => line.StartsWith("Information: Server initialized", StringComparison.Ordinal));
        Assert.Contains(logger.Lines, static line => line.StartsWith("Warning: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task DataThatCannotBeLoadedIsToldAndLeft()
    {
        await File.WriteAllTextAsync(_folder.File("dump.rdb"), "no snapshot at all", Cancellation);
        BixbiteException failure = await Assert.ThrowsAsync<BixbiteException>(
            () => BixbiteServer.StartAsync(o => o.DataDirectory = _folder.Path, Cancellation));
        Assert.StartsWith("The data cannot be loaded: ", failure.Message, StringComparison.Ordinal);
        Assert.Equal("no snapshot at all", await File.ReadAllTextAsync(_folder.File("dump.rdb"), Cancellation));
    }

    [Fact]
    public async Task AClientMayEndIt()
    {
        await using BixbiteServer server = await BixbiteServer.StartAsync(Cancellation);
        using Stream stream = server.Connect();
        await Assert.ThrowsAsync<BixbiteException>(() => server.ExecuteAsync("SHUTDOWN"));
        await server.Completion.WaitAsync(Cancellation);
        Assert.Equal(0, await stream.ReadAsync(new byte[1], Cancellation));
        BixbiteException failure = await Assert.ThrowsAsync<BixbiteException>(() => server.ExecuteAsync("PING"));
        Assert.StartsWith("There is no reply: ", failure.Message, StringComparison.Ordinal);
        using Stream late = server.Connect();
        Assert.Equal(0, await late.ReadAsync(new byte[1], Cancellation));
    }

    [Fact]
    public async Task CallsEndWithTheServer()
    {
        BixbiteServer server = await BixbiteServer.StartAsync(Cancellation);
        Task<BixbiteReply> waiting = server.ExecuteAsync("BLPOP", "list", 0);
        await BixbiteCalls.UntilBlockedAsync(server, 1);
        server.Dispose();
        await Assert.ThrowsAsync<BixbiteException>(() => waiting.WaitAsync(Cancellation));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => server.ExecuteAsync("PING"));
        await server.DisposeAsync();
        server.Dispose();
    }

    [Fact]
    public async Task ALoggerMayFailAndMayNotDispose()
    {
        TaskCompletionSource<Exception?> told = new(TaskCreationOptions.RunContinuationsAsynchronously);
        BixbiteServer? server = null;
        ListLogger logger = new()
        {
            Told = () =>
            {
                if (Interlocked.Exchange(ref server, null) is { } disposed)
                {
                    told.SetResult(Record.Exception(disposed.Dispose));
                }
                throw new InvalidDataException("a logger's mistake");
            },
        };
        await using BixbiteServer started = await BixbiteServer.StartAsync(o => o.Set("loglevel", "debug").Logger = logger, Cancellation);
        Volatile.Write(ref server, started);
        // Told on the loop's thread, as a client of it.
        using Stream stream = started.Connect();
        Assert.IsType<InvalidOperationException>(await told.Task.WaitAsync(Cancellation));
        Assert.Equal("PONG", (await started.ExecuteAsync("PING")).AsString());
    }

    [Fact]
    public async Task HundredsLiveAtATime()
    {
        BixbiteServer[] servers = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => BixbiteServer.StartAsync(Cancellation)));
        for (int i = 0; i < servers.Length; i++)
        {
            await servers[i].ExecuteAsync("SET", "number", i);
        }
        for (int i = 0; i < servers.Length; i++)
        {
            Assert.Equal(i, (await servers[i].ExecuteAsync("GET", "number")).AsInt64());
            await servers[i].DisposeAsync();
        }
    }

    /// <summary>A server takes some hundred kilobytes; a thousand of which each left a part would show.</summary>
    [Fact]
    public async Task AThousandLeaveNothing()
    {
        const int Count = 1000;
        const long LeftPerServerMax = 16 * 1024;
        await StartAndStopAsync(Count / 2);
        int descriptors = Directory.GetFiles("/proc/self/fd").Length;
        long before = ResidentBytes();
        await StartAndStopAsync(Count);
        long left = ResidentBytes() - before;
        Assert.True(left < Count * LeftPerServerMax, $"{Count} servers have left {left} bytes");
        Assert.InRange(Directory.GetFiles("/proc/self/fd").Length, 0, descriptors + 5);
    }

    public void Dispose() => _folder.Dispose();

    private static async Task StartAndStopAsync(int count)
    {
        FakeTimeProvider time = new();
        for (int i = 0; i < count; i++)
        {
            await using BixbiteServer server = await BixbiteServer.StartAsync(o => o.Time = time, Cancellation);
            Assert.True((await server.ExecuteAsync("SET", "key", "value", "EX", 100)).AsBoolean());
        }
    }

    private static long ResidentBytes()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        string pages = File.ReadAllText("/proc/self/statm").Split(' ')[1];
        return long.Parse(pages, System.Globalization.CultureInfo.InvariantCulture) * Environment.SystemPageSize;
    }

    /// <summary>Keeps what it is told, and does what a test wants.</summary>
    private sealed class ListLogger : ILogger
    {
        private readonly Lock _lock = new();
        private readonly List<string> _lines = [];

        internal Action? Told { get; init; }

        internal IReadOnlyList<string> Lines
        {
            get
            {
                lock (_lock)
                {
                    return [.. _lines];
                }
            }
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (_lock)
            {
                _lines.Add($"{logLevel}: {formatter(state, exception)}");
            }
            Told?.Invoke();
        }
    }
}
