using System.Globalization;
using Bixbite.Wire.Harness;
using StackExchange.Redis;

namespace Bixbite.Wire.Recipes;

/// <summary>Caches within processes that tell each other of changes by messages.</summary>
public sealed class LocalCacheTests
{
    private const int ProcessCount = 5;
    private const int KeyCount = 50;
    private const int VersionCount = 20;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_change_reaches_the_caches_of_all_processes(int threads)
    {
        using TestServer server = TestServer.Start("--io-threads", threads.ToString(CultureInfo.InvariantCulture));
        List<ConnectionMultiplexer> connections = [];
        List<LocalCache> caches = [];
        for (int i = 0; i < ProcessCount; i++)
        {
            connections.Add(await ConnectionMultiplexer.ConnectAsync(server.Address.Configuration));
            caches.Add(await LocalCache.Over(connections[i]));
        }

        for (int version = 0; version < VersionCount; version++)
        {
            for (int key = 0; key < KeyCount; key++)
            {
                await caches[(version + key) % ProcessCount].Set($"setting:{key}", $"{version}");
            }
            foreach (LocalCache cache in caches)
            {
                for (int key = 0; key < KeyCount; key++)
                {
                    await Until(async () => await cache.Get($"setting:{key}") == $"{version}");
                }
            }
        }

        // What nobody changes is asked for once, when the message of the last change has come.
        await Until(() => Task.FromResult(caches[0].Told == VersionCount * KeyCount));
        int misses = caches[0].Misses;
        for (int i = 0; i < 1000; i++)
        {
            await caches[0].Get($"setting:{i % KeyCount}");
        }
        Assert.InRange(caches[0].Misses - misses, 0, KeyCount);
        foreach (ConnectionMultiplexer connection in connections)
        {
            await connection.DisposeAsync();
        }
    }

    private static async Task Until(Func<Task<bool>> isSo)
    {
        DateTime end = DateTime.UtcNow.AddMilliseconds(RespConnection.PatienceMs);
        while (!await isSo())
        {
            Assert.True(DateTime.UtcNow < end, "a change did not reach a cache in time");
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }
}
