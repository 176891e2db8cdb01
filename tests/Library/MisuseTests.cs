using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace Bixbite.Library;

/// <summary>Whatever an application does to a server: calls end, the process goes on, and other servers are not concerned.</summary>
public sealed class MisuseTests : IDisposable
{
    private static readonly string[] s_oddValues = ["", "0", "-1", "1", "no", "yes", "9223372036854775807", "none", "a b"];

    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("1")]
    [InlineData("4")]
    public async Task CallsEndWhenTheServerIsDisposed(string threads)
    {
        for (int round = 0; round < 10; round++)
        {
            BixbiteServer server = await BixbiteServer.StartAsync(o => o.Set("io-threads", threads), Cancellation);
            int answerCount = 0;
            Task<Exception?>[] callers =
            [
                .. Enumerable.Range(0, 16).Select(caller => Task.Run(
                    () => Record.ExceptionAsync(async () =>
                    {
                        while (true)
                        {
                            await server.ExecuteAsync("INCR", $"counter:{caller}");
                            Interlocked.Increment(ref answerCount);
                        }
                    }).AsTask(),
                    Cancellation)),
                .. Enumerable.Range(0, 4).Select(_ => Record.ExceptionAsync(() => server.ExecuteAsync("BLPOP", "nothing", 0)).AsTask()),
            ];
            Wire.Harness.Patience.Until(() => Volatile.Read(ref answerCount) > 100 * round);
            await server.DisposeAsync();
            foreach (Task<Exception?> caller in callers)
            {
                Exception? failure = await caller.WaitAsync(Cancellation);
                Assert.True(failure is BixbiteException or ObjectDisposedException, $"{failure}");
            }
        }
    }

    /// <summary>Several servers, each with several threads, called by several callers in both ways.</summary>
    [Fact]
    public async Task ManyServersWithManyThreads()
    {
        const int CallCount = 200;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(number => Task.Run(
            async () =>
            {
                await using BixbiteServer server = await BixbiteServer.StartAsync(o => o.Set("io-threads", "4"), Cancellation);
                await using ConnectionMultiplexer redis = await ConnectionMultiplexer.ConnectAsync(server.ConfigureClient());
                Task<BixbiteReply> last = server.ExecuteAsync("BLPOP", "last", 0);
                await Task.WhenAll(Enumerable.Range(0, 8).Select(caller => Task.Run(
                    async () =>
                    {
                        for (int i = 0; i < CallCount; i++)
                        {
                            await server.ExecuteAsync("INCR", "counter");
                            await redis.GetDatabase().StringIncrementAsync("counter");
                            Assert.Equal($"{number}:{caller}", (await server.ExecuteAsync("ECHO", $"{number}:{caller}")).AsString());
                        }
                    },
                    Cancellation)));
                Assert.Equal(2 * 8 * CallCount, await redis.GetDatabase().StringGetAsync("counter"));
                await redis.GetDatabase().ListRightPushAsync("last", number);
                Assert.Equal($"{number}", (await last.WaitAsync(Cancellation)).Items[1].AsString());
            },
            Cancellation)));
    }

    /// <summary>What is given up at any moment leaves no waiting client and no reply for somebody else.</summary>
    [Fact]
    public async Task CallsAreGivenUpAtAnyMoment()
    {
        await using BixbiteServer server = await BixbiteServer.StartAsync(Cancellation);
        await server.ExecuteAsync("SETRANGE", "large", 1_000_000, "x");
        Random random = new(17);
        for (int i = 0; i < 300; i++)
        {
            using CancellationTokenSource source = new();
            Task<BixbiteReply> call = (i % 3) switch
            {
                0 => server.ExecuteAsync("BLPOP", ["nothing", 0], source.Token),
                1 => server.ExecuteAsync("GET", ["large"], source.Token),
                _ => server.ExecuteAsync("SET", ["other", new byte[200_000]], source.Token),
            };
            Thread.SpinWait(random.Next(20_000));
            await source.CancelAsync();
            Exception? failure = await Record.ExceptionAsync(() => call.WaitAsync(Cancellation));
            Assert.True(failure is null or OperationCanceledException, $"{failure}");
            Assert.Equal($"{i}", (await server.ExecuteAsync("ECHO", i)).AsString());
        }
        await BixbiteCalls.UntilBlockedAsync(server, 0);
        Assert.Equal(1_000_001, (await server.ExecuteAsync("STRLEN", "large")).AsInt64());
    }

    [Fact]
    public async Task RepliesMayBeHuge()
    {
        const int Count = 200_000;
        await using BixbiteServer server = await BixbiteServer.StartAsync(Cancellation);
        await server.ExecuteAsync("SETRANGE", "large", (64 << 20) - 1, "x");
        Assert.Equal(64 << 20, (await server.ExecuteAsync("GET", "large")).AsBytes()!.Length);
        await server.ExecuteAsync("RPUSH", ["list", .. Enumerable.Range(0, Count).Select(static i => (BixbiteArgument)i)], Cancellation);
        Assert.Equal(
            Enumerable.Range(0, Count).Select(static i => $"{i}"), (await server.ExecuteAsync("LRANGE", "list", 0, -1)).AsStrings());
        Assert.Equal("PONG", (await server.ExecuteAsync("PING")).AsString());
    }

    [Theory]
    [InlineData("SEGFAULT")]
    [InlineData("PANIC")]
    [InlineData("RESTART")]
    [InlineData("CRASH-AND-RECOVER")]
    [InlineData("SLEEP", "1000")]
    public async Task ToolsThatEndAProcessAreSwitchedOff(params string[] tool)
    {
        await using BixbiteServer server = await BixbiteServer.StartAsync(Cancellation);
        BixbiteArgument[] arguments = [.. tool.Select(static word => (BixbiteArgument)word)];
        BixbiteException refusal = await Assert.ThrowsAsync<BixbiteException>(() => server.ExecuteAsync("DEBUG", arguments));
        Assert.StartsWith("ERR DEBUG command not allowed", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("PONG", (await server.ExecuteAsync("PING")).AsString());
    }

    [Theory]
    [InlineData]
    [InlineData("NOSAVE")]
    [InlineData("SAVE", "NOW", "FORCE")]
    public async Task ShutdownEndsThatServerAlone(params string[] options)
    {
        await using BixbiteServer other = await BixbiteServer.StartAsync(Cancellation);
        await using BixbiteServer server = await BixbiteServer.StartAsync(Cancellation);
        BixbiteArgument[] arguments = [.. options.Select(static word => (BixbiteArgument)word)];
        await Assert.ThrowsAsync<BixbiteException>(() => server.ExecuteAsync("SHUTDOWN", arguments).WaitAsync(Cancellation));
        await server.Completion.WaitAsync(Cancellation);
        await Assert.ThrowsAsync<BixbiteException>(() => server.ExecuteAsync("PING"));
        await server.StopAsync(Cancellation);
        Assert.Equal("PONG", (await other.ExecuteAsync("PING")).AsString());
    }

    /// <summary>Each setting that may be changed, with each odd value: taken or refused, and the server serves on.</summary>
    [Fact]
    public async Task SettingsMayBeSetToAnything()
    {
        string folder = Directory.GetCurrentDirectory();
        await using BixbiteServer server = await BixbiteServer.StartAsync(Cancellation);
        foreach ((string name, BixbiteReply value) in (await server.ExecuteAsync("CONFIG", "GET", "*")).AsMap())
        {
            foreach (string odd in s_oddValues)
            {
                await Record.ExceptionAsync(() => server.ExecuteAsync("CONFIG", "SET", name, odd).WaitAsync(Cancellation));
            }
            await Record.ExceptionAsync(() => server.ExecuteAsync("CONFIG", "SET", name, value.AsString()!).WaitAsync(Cancellation));
            Assert.Equal(name, (await server.ExecuteAsync("ECHO", name).WaitAsync(Cancellation)).AsString());
        }
        Assert.Equal(folder, Directory.GetCurrentDirectory());
        Assert.Empty(server.EndPoints);
        Assert.True((await server.ExecuteAsync("SET", "key", "value")).AsBoolean());
    }

    [Fact]
    public async Task AClockMayGoBack()
    {
        MovedTime time = new();
        await using BixbiteServer server = await BixbiteServer.StartAsync(o => o.Time = time, Cancellation);
        await server.ExecuteAsync("SET", "key", "value", "EX", 100);
        Task<BixbiteReply> wait = server.ExecuteAsync("BLPOP", "list", 3600);
        time.Move(TimeSpan.FromDays(-1));
        Assert.Equal("value", (await server.ExecuteAsync("GET", "key")).AsString());
        Assert.Equal("value", (await server.ExecuteAsync("GETEX", "key", "EX", 10)).AsString());
        Assert.InRange((await server.ExecuteAsync("TTL", "key")).AsInt64(), 0, 10);
        await BixbiteCalls.UntilBlockedAsync(server, 1);
        time.Move(TimeSpan.FromDays(3));
        await BixbiteCalls.UntilAsync(server, "0", "DBSIZE");
        Assert.True((await wait.WaitAsync(Cancellation)).IsNull);
    }

    /// <summary>The server cannot go on without a time, and says so to everybody.</summary>
    [Fact]
    public async Task AClockMayFail()
    {
        MovedTime time = new();
        await using BixbiteServer server = await BixbiteServer.StartAsync(o => o.Time = time, Cancellation);
        Task<BixbiteReply> wait = server.ExecuteAsync("BLPOP", "list", 0);
        await using Stream waiting = server.Connect();
        await waiting.WriteAsync("BLPOP another 0\r\n"u8.ToArray(), Cancellation);
        ValueTask<int> waitingRead = waiting.ReadAsync(new byte[10], Cancellation);
        await using Stream idle = server.Connect();
        await BixbiteCalls.UntilBlockedAsync(server, 2);
        time.Failure = new InvalidDataException("a clock's mistake");
        await Assert.ThrowsAsync<BixbiteException>(() => server.ExecuteAsync("SET", "key", "value", "EX", 10).WaitAsync(Cancellation));
        await Assert.ThrowsAsync<BixbiteException>(() => wait.WaitAsync(Cancellation));
        await Assert.ThrowsAsync<IOException>(() => waitingRead.AsTask().WaitAsync(Cancellation));
        await Assert.ThrowsAsync<IOException>(() => idle.ReadAsync(new byte[10], Cancellation).AsTask().WaitAsync(Cancellation));
        Assert.Throws<IOException>(() => idle.Write("PING\r\n"u8));
        await using Stream late = server.Connect();
        Assert.Throws<IOException>(() => late.ReadByte());
        Assert.Same(time.Failure, await Record.ExceptionAsync(() => server.Completion.WaitAsync(Cancellation)));
        await Assert.ThrowsAsync<BixbiteException>(() => server.ExecuteAsync("PING"));
    }

    [Fact]
    public async Task ADirectoryHasOneServer()
    {
        BixbiteOptions options = new() { DataDirectory = _folder.File("data"), Logger = NullLogger.Instance };
        BixbiteServer first = await BixbiteServer.StartAsync(options, Cancellation);
        await first.ExecuteAsync("SET", "key", "value");
        BixbiteException refusal = await Assert.ThrowsAsync<BixbiteException>(() => BixbiteServer.StartAsync(options, Cancellation));
        Assert.StartsWith($"The data directory '{options.DataDirectory}' is in use", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("value", (await first.ExecuteAsync("GET", "key")).AsString());
        await first.DisposeAsync();
        await using BixbiteServer second = await BixbiteServer.StartAsync(options, Cancellation);
        Assert.Equal("value", (await second.ExecuteAsync("GET", "key")).AsString());
    }

    /// <summary>Within a call of its own the server may be asked for more, by its logger for instance, and answers when it can.</summary>
    [Fact]
    public async Task ALoggerMayCallTheServer()
    {
        using CallingLogger logger = new();
        await using BixbiteServer server = await BixbiteServer.StartAsync(o => o.Set("loglevel", "debug").Logger = logger, Cancellation);
        logger.Server = server;
        using Stream stream = server.Connect();
        Assert.Equal("PONG", (await server.ExecuteAsync("PING")).AsString());
        await logger.Answer.Task.WaitAsync(Cancellation);
        logger.Server = null;
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>The system's time, moved, or none at all.</summary>
    private sealed class MovedTime : TimeProvider
    {
        private long _movedTicks;
        private volatile Exception? _failure;

        internal Exception? Failure
        {
            get => _failure;
            set => _failure = value;
        }

        public override DateTimeOffset GetUtcNow() =>
            _failure is { } failure ? throw failure : System.GetUtcNow().AddTicks(Volatile.Read(ref _movedTicks));

        public override long GetTimestamp() => _failure is { } failure
            ? throw failure
            : System.GetTimestamp() + (long)(Volatile.Read(ref _movedTicks) / (double)TimeSpan.TicksPerSecond * TimestampFrequency);

        internal void Move(TimeSpan by) => Interlocked.Add(ref _movedTicks, by.Ticks);
    }

    private sealed class CallingLogger : Microsoft.Extensions.Logging.ILogger, IDisposable
    {
        internal TaskCompletionSource Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal BixbiteServer? Server { get; set; }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(Microsoft.Extensions.Logging.LogLevel logLevel) => true;

        public void Log<TState>(
            Microsoft.Extensions.Logging.LogLevel logLevel,
            Microsoft.Extensions.Logging.EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (Server is { } server)
            {
                server.ExecuteAsync("PING").ContinueWith(_ => Answer.TrySetResult(), TaskScheduler.Default);
            }
        }

        public void Dispose() => Server = null;
    }
}
