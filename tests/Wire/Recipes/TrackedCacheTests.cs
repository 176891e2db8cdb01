using System.Globalization;
using Bixbite.Platform;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Recipes;

/// <summary>Caches within processes that the server itself keeps true.</summary>
public sealed class TrackedCacheTests
{
    private const int ReaderCount = 4;
    private const int KeyCount = 100;
    private const int ChangeCount = 20_000;

    /// <summary>
    /// A writer counts keys up and notes how far it got. What a reader sees after it has caught up may be newer than what was noted
    /// before, never older: the invalidation was sent before the writer's reply.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task No_stale_read_after_the_invalidation(int threads)
    {
        using TestServer server = TestServer.Start("--io-threads", threads.ToString(CultureInfo.InvariantCulture));
        long[] written = new long[KeyCount];
        int writersLeft = 1;
        using CountdownEvent convinced = new(ReaderCount);
        long started = Environment.TickCount64;
        Task[] readers = [.. Enumerable.Range(0, ReaderCount).Select(seed => Run(() =>
        {
            using TrackedCache cache = new(server);
            Random random = new(seed);
            bool isConvinced = false;
            while (Volatile.Read(ref writersLeft) > 0)
            {
                ReadSome(cache, random, written);
                if (!isConvinced && cache.Hits > 0 && cache.Invalidations > 0)
                {
                    isConvinced = true;
                    convinced.Signal();
                }
            }
            cache.CatchUp();
            for (int key = 0; key < KeyCount; key++)
            {
                Assert.Equal(Volatile.Read(ref written[key]), NumberOf(cache.Get($"key:{key}")));
            }
            Assert.True(cache.Hits > 0 && cache.Invalidations > 0, "nothing was cached, or nothing was told");
        }))];
        Task writer = Run(() =>
        {
            using RespConnection connection = server.Connect();
            Random random = new(7);
            // However late a reader begins, something is to change under its eyes.
            for (int i = 0; i < ChangeCount || !(convinced.IsSet || Patience.IsOver(started)); i++)
            {
                int key = random.Next(KeyCount);
                long value = connection.Call($"INCR key:{key}").Integer;
                Volatile.Write(ref written[key], value);
            }

            Interlocked.Decrement(ref writersLeft);
        });
        await Task.WhenAll([writer, .. readers]);
    }

    [Fact]
    public void Expiry_and_flush_are_changes_too()
    {
        ManualClock clock = new();
        using TestServer server = TestServer.StartAt(clock);
        using RespConnection writer = server.Connect();
        using TrackedCache cache = new(server);
        writer.Call("MSET a 1 b 2");
        writer.Call("SET c 3 PX 300");
        Assert.Equal(("1", "2", "3"), (cache.Get("a"), cache.Get("b"), cache.Get("c")));
        clock.AdvanceMs(301);
        Assert.Equal(0, writer.Call("EXISTS c").Integer);
        cache.CatchUp();
        Assert.Null(cache.Get("c"));
        Assert.Equal("1", cache.Get("a"));
        writer.Call("FLUSHALL");
        cache.CatchUp();
        Assert.Null(cache.Get("a"));
        Assert.Null(cache.Get("b"));
        Assert.Equal(6, cache.Misses);
    }

    private static void ReadSome(TrackedCache cache, Random random, long[] written)
    {
        int key = random.Next(KeyCount);
        long noted = Volatile.Read(ref written[key]);
        cache.CatchUp();
        long seen = NumberOf(cache.Get($"key:{key}"));
        Assert.True(seen >= noted, $"read {seen} after {noted} was written and told");
        for (int i = 0; i < 20; i++)
        {
            cache.Get($"key:{random.Next(KeyCount)}");
        }
    }

    private static long NumberOf(string? text) => text is null ? 0 : long.Parse(text, CultureInfo.InvariantCulture);

    private static Task Run(Action action) => Task.Factory.StartNew(
        action, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
