using Bixbite.Platform;
using Bixbite.Wire.Harness;
using StackExchange.Redis;

namespace Bixbite.Wire.Recipes;

/// <summary>The lock that StackExchange.Redis brings: a key that only its holder may extend and remove.</summary>
public sealed class LockTests : IAsyncLifetime
{
    private const int ClientCount = 10;
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    private readonly ManualClock _clock = new();
    private readonly TestServer _server;
    private ConnectionMultiplexer[] _clients = [];

    public LockTests() => _server = TestServer.StartAt(_clock);

    public async ValueTask InitializeAsync() => _clients = await Task.WhenAll(
        Enumerable.Range(0, ClientCount).Select(_ => ConnectionMultiplexer.ConnectAsync(_server.Address.Configuration)));

    [Fact]
    public async Task One_holds_it_and_only_that_one_lets_it_go()
    {
        IDatabase alice = _clients[0].GetDatabase();
        IDatabase bob = _clients[1].GetDatabase();
        Assert.True(await alice.LockTakeAsync("door", "alice", s_minute));
        Assert.False(await bob.LockTakeAsync("door", "bob", s_minute));
        Assert.Equal("alice", await bob.LockQueryAsync("door"));
        Assert.False(await bob.LockReleaseAsync("door", "bob"));
        Assert.False(await bob.LockExtendAsync("door", "bob", s_minute));
        Assert.True(await alice.LockReleaseAsync("door", "alice"));
        Assert.False(await alice.LockReleaseAsync("door", "alice"));
        Assert.True(await bob.LockTakeAsync("door", "bob", s_minute));
    }

    [Fact]
    public async Task It_ends_with_its_time_unless_extended()
    {
        IDatabase alice = _clients[0].GetDatabase();
        IDatabase bob = _clients[1].GetDatabase();
        Assert.True(await alice.LockTakeAsync("door", "alice", s_minute));
        _clock.AdvanceMs(59_999);
        Assert.True(await alice.LockExtendAsync("door", "alice", s_minute));
        _clock.AdvanceMs(59_999);
        Assert.False(await bob.LockTakeAsync("door", "bob", s_minute));
        _clock.AdvanceMs(2);
        Assert.True(await bob.LockTakeAsync("door", "bob", s_minute));
        Assert.False(await alice.LockExtendAsync("door", "alice", s_minute));
        Assert.False(await alice.LockReleaseAsync("door", "alice"));
        Assert.Equal("bob", await alice.LockQueryAsync("door"));
    }

    [Fact]
    public async Task What_is_done_under_it_is_done_by_one_at_a_time()
    {
        int count = 0;
        await Task.WhenAll(_clients.Select(async (client, number) =>
        {
            IDatabase database = client.GetDatabase();
            for (int i = 0; i < 10; i++)
            {
                while (!await database.LockTakeAsync("counting", number, s_minute))
                {
                    await Task.Yield();
                }

                int before = count;
                await Task.Yield();
                count = before + 1;
                Assert.True(await database.LockReleaseAsync("counting", number));
            }
        }));
        Assert.Equal(ClientCount * 10, count);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ConnectionMultiplexer client in _clients)
        {
            await client.DisposeAsync();
        }
        _server.Dispose();
    }
}
