namespace Bixbite.Library;

/// <summary>Keys expire and clients wait by the time that a test moves, at once; what works in the background goes on.</summary>
public sealed class TimeTests
{
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("1")]
    [InlineData("4")]
    public async Task AfterAnHourKeysAreGone(string threads)
    {
        await using BixbiteServer server = await StartAsync(o => o.Set("io-threads", threads));
        await server.ExecuteAsync("SET", "session", "data", "EX", 3600);
        await server.ExecuteAsync("HSET", "hash", "short", 1, "long", 2);
        await server.ExecuteAsync("HEXPIRE", "hash", 3600, "FIELDS", 1, "short");
        _time.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(60, (await server.ExecuteAsync("TTL", "session")).AsInt64());
        Assert.Equal("data", (await server.ExecuteAsync("GET", "session")).AsString());
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(0, (await server.ExecuteAsync("PTTL", "session")).AsInt64());
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True((await server.ExecuteAsync("GET", "session")).IsNull);
        Assert.Equal(["long"], (await server.ExecuteAsync("HKEYS", "hash")).AsStrings());
    }

    /// <summary>They go before anybody asks for them, as soon as the clock is moved.</summary>
    [Fact]
    public async Task KeysGoByThemselves()
    {
        await using BixbiteServer server = await StartAsync();
        for (int i = 0; i < 100; i++)
        {
            await server.ExecuteAsync("SET", "session", "data", "EX", 3600);
            await server.ExecuteAsync("SET", "other", "data");
            _time.Advance(TimeSpan.FromMinutes(1 + (i % 59)));
            Assert.Equal(2, (await server.ExecuteAsync("DBSIZE")).AsInt64());
            _time.Advance(TimeSpan.FromHours(1));
            Assert.Equal(1, (await server.ExecuteAsync("DBSIZE")).AsInt64());
        }
    }

    [Fact]
    public async Task ManyKeysGoWithoutBeingAskedFor()
    {
        await using BixbiteServer server = await StartAsync();
        for (int i = 0; i < 5000; i++)
        {
            await server.ExecuteAsync("SET", $"key:{i}", i, "PX", 1 + i);
        }
        _time.Advance(TimeSpan.FromHours(1));
        await BixbiteCalls.UntilAsync(server, "0", "DBSIZE");
        string info = (await server.ExecuteAsync("INFO", "stats")).AsString()!;
        Assert.Contains("\r\nexpired_keys:5000\r\n", info, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WaitsEndWhenTheClockIsMoved()
    {
        await using BixbiteServer server = await StartAsync();
        Task<BixbiteReply>[] waits =
        [
            server.ExecuteAsync("BLPOP", "list", 3600),
            server.ExecuteAsync("BZPOPMIN", "sorted", 1800),
            server.ExecuteAsync("XREAD", "BLOCK", 60_000, "STREAMS", "stream", "$"),
            server.ExecuteAsync("WAIT", 1, 5000),
        ];
        Task<BixbiteReply> forever = server.ExecuteAsync("BLPOP", "list", 0);
        await BixbiteCalls.UntilBlockedAsync(server, 5);
        _time.Advance(TimeSpan.FromMilliseconds(4999));
        Assert.Equal("PONG", (await server.ExecuteAsync("PING")).AsString());
        Assert.DoesNotContain(waits, static wait => wait.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(2));
        Assert.Equal(0, (await waits[3].WaitAsync(Cancellation)).AsInt64());
        Assert.False(waits[2].IsCompleted);
        _time.Advance(TimeSpan.FromHours(1));
        foreach (Task<BixbiteReply> wait in waits[..3])
        {
            Assert.True((await wait.WaitAsync(Cancellation)).IsNull);
        }
        Assert.False(forever.IsCompleted);
        await server.ExecuteAsync("RPUSH", "list", "at last");
        Assert.Equal(["list", "at last"], (await forever.WaitAsync(Cancellation)).AsStrings());
    }

    [Fact]
    public async Task PausesEndWhenTheClockIsMoved()
    {
        await using BixbiteServer server = await StartAsync();
        await server.ExecuteAsync("CLIENT", "PAUSE", 60_000, "WRITE");
        Task<BixbiteReply> write = server.ExecuteAsync("SET", "key", "value");
        Assert.Equal("PONG", (await server.ExecuteAsync("PING")).AsString());
        Assert.False(write.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(61));
        Assert.True((await write.WaitAsync(Cancellation)).AsBoolean());
    }

    [Fact]
    public async Task TheServerTellsThatTime()
    {
        _time.SetUtcNow(new DateTimeOffset(2031, 2, 3, 4, 5, 6, TimeSpan.Zero));
        await using BixbiteServer server = await StartAsync();
        long seconds = _time.GetUtcNow().ToUnixTimeSeconds();
        Assert.Equal(seconds, (await server.ExecuteAsync("TIME")).Items[0].AsInt64());
        Assert.Equal(
            seconds.ToString(System.Globalization.CultureInfo.InvariantCulture),
            (await server.ExecuteAsync("EVAL", "return redis.call('TIME')[1]", 0)).AsString());
        Assert.Equal($"{seconds}000-0", (await server.ExecuteAsync("XADD", "stream", "*", "field", "value")).AsString());
        await server.ExecuteAsync("SET", "key", "value");
        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(600, (await server.ExecuteAsync("OBJECT", "IDLETIME", "key")).AsInt64());
        Assert.Equal(seconds + 600, (await server.ExecuteAsync("TIME")).Items[0].AsInt64());
        await server.ExecuteAsync("EXPIREAT", "key", seconds + 601);
        Assert.Equal(1000, (await server.ExecuteAsync("PTTL", "key")).AsInt64());
    }

    /// <summary>While the clock stands still, everything goes on that is not about time.</summary>
    [Fact]
    public async Task WorkGoesOnWhileTheClockStandsStill()
    {
        await using BixbiteServer server = await StartAsync(o => o.Set("lazyfree-lazy-user-del", "yes"));
        for (int i = 0; i < 200; i++)
        {
            await server.ExecuteAsync("RPUSH", ["list", .. Enumerable.Range(0, 1000).Select(static n => (BixbiteArgument)n)], Cancellation);
        }
        await server.ExecuteAsync("BGSAVE");
        await BixbiteCalls.UntilInfoAsync(server, "persistence", "rdb_bgsave_in_progress:0");
        Assert.Contains("rdb_last_bgsave_status:ok", (await server.ExecuteAsync("INFO", "persistence")).AsString());
        await server.ExecuteAsync("CONFIG", "SET", "appendonly", "yes");
        await BixbiteCalls.UntilInfoAsync(server, "persistence", "aof_rewrite_in_progress:0");
        await server.ExecuteAsync("SET", "key", "value");
        await BixbiteCalls.UntilInfoAsync(server, "persistence", "aof_buffer_length:0");
        await server.ExecuteAsync("UNLINK", "list");
        await BixbiteCalls.UntilInfoAsync(server, "memory", "lazyfree_pending_objects:0");
        Task<BixbiteReply> endless = server.ExecuteAsync("EVAL", "while true do end", 0);
        await BixbiteCalls.UntilAsync(server, "OK", "SCRIPT", "KILL");
        await Assert.ThrowsAsync<BixbiteException>(() => endless.WaitAsync(Cancellation));
    }

    /// <summary>A clock that runs, but not as the machine's.</summary>
    [Fact]
    public async Task AClockMayRunFaster()
    {
        await using BixbiteServer server = await StartAsync(o => o.Time = new FastTime());
        await server.ExecuteAsync("SET", "key", "value", "EX", 100);
        Task<BixbiteReply> wait = server.ExecuteAsync("BLPOP", "list", 100);
        Assert.True((await wait.WaitAsync(Cancellation)).IsNull);
        await BixbiteCalls.UntilAsync(server, "0", "DBSIZE");
    }

    [Fact]
    public async Task AServerThatIsGoneIsNotRung()
    {
        for (int i = 0; i < 20; i++)
        {
            BixbiteServer server = await StartAsync();
            Task<BixbiteReply> wait = server.ExecuteAsync("BLPOP", "list", 1);
            Task disposing = server.DisposeAsync().AsTask();
            _time.Advance(TimeSpan.FromHours(1));
            await disposing;
            _time.Advance(TimeSpan.FromHours(1));
            await Record.ExceptionAsync(() => wait.WaitAsync(Cancellation));
            Assert.True(wait.IsCompleted);
        }
    }

    private Task<BixbiteServer> StartAsync(Action<BixbiteOptions>? more = null) => BixbiteServer.StartAsync(
        options =>
        {
            options.Time = _time;
            more?.Invoke(options);
        },
        Cancellation);

    /// <summary>A thousand times as fast as the machine's.</summary>
    private sealed class FastTime : TimeProvider
    {
        private const int Factor = 1000;

        private readonly DateTimeOffset _began = System.GetUtcNow();

        public override DateTimeOffset GetUtcNow() => _began + ((System.GetUtcNow() - _began) * Factor);

        public override long GetTimestamp() => System.GetTimestamp() * Factor;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            new FastTimer(System.CreateTimer(callback, state, Shorter(dueTime), Shorter(period)));

        private static TimeSpan Shorter(TimeSpan time) => time == Timeout.InfiniteTimeSpan ? time : time / Factor;

        private sealed class FastTimer(ITimer timer) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(Shorter(dueTime), Shorter(period));

            public void Dispose() => timer.Dispose();

            public ValueTask DisposeAsync() => timer.DisposeAsync();
        }
    }
}
