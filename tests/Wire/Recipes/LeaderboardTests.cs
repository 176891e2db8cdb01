using System.Globalization;
using Bixbite.Wire.Harness;
using StackExchange.Redis;

namespace Bixbite.Wire.Recipes;

/// <summary>A leaderboard of a million players answers like a sorted array.</summary>
public sealed class LeaderboardTests : IAsyncLifetime
{
    private const int PlayerCount = 1_000_000;
    private const int PageSize = 5_000;

    private readonly TestServer _server = TestServer.Start();
    private readonly int[] _points = new int[PlayerCount];
    private ConnectionMultiplexer _client = null!;
    private Leaderboard _board = null!;

    public async ValueTask InitializeAsync()
    {
        _client = await ConnectionMultiplexer.ConnectAsync(_server.Address.Configuration);
        _board = new Leaderboard(_client.GetDatabase(), "leaderboard");
        for (int i = 0; i < PlayerCount; i++)
        {
            _points[i] = i * 2;
        }
        new Random(2).Shuffle(_points);
        await _board.Load(Enumerable.Range(0, PlayerCount).Chunk(PageSize)
            .Select(page => page.Select(i => new SortedSetEntry(Player(i), _points[i])).ToArray()));
    }

    [Fact]
    public async Task A_million_players()
    {
        Assert.Equal(PlayerCount, await _board.CountFrom(0));
        Assert.Equal(PlayerCount / 4, await _board.CountFrom(PlayerCount * 1.5));

        SortedSetEntry[] top = await _board.Top(100);
        Assert.Equal(Enumerable.Range(0, 100).Select(rank => (PlayerCount - 1 - rank) * 2.0), top.Select(entry => entry.Score));
        Assert.All(top, entry => Assert.Equal(_points[NumberOf(entry)], entry.Score));

        for (int player = 0; player < PlayerCount; player += PlayerCount / 97)
        {
            Assert.Equal(PlayerCount - (_points[player] / 2), await _board.RankOf(Player(player)));
        }
        Assert.Null(await _board.RankOf("stranger"));

        SortedSetEntry[] neighbours = await _board.Around(Player(4711), 5);
        Assert.Equal(Enumerable.Range(-5, 11).Select(step => _points[4711] - (step * 2.0)), neighbours.Select(entry => entry.Score));
        Assert.Equal(Player(4711), neighbours[5].Element);
    }

    [Fact]
    public async Task Players_move_up()
    {
        string player = Player(Array.IndexOf(_points, 1000));
        Assert.Equal(PlayerCount - 500, await _board.RankOf(player));
        Assert.Equal(1001, await _board.Win(player, 1));
        Assert.Equal(PlayerCount - 500, await _board.RankOf(player));
        Assert.Equal(5001, await _board.Win(player, 4000));
        Assert.Equal(PlayerCount - 2500, await _board.RankOf(player));
        Assert.False(await _board.Record(player, 3000));
        Assert.True(await _board.Record(player, 10 * PlayerCount));
        Assert.Equal(1, await _board.RankOf(player));
        Assert.Equal(player, (await _board.Top(1))[0].Element);
        Assert.Equal([player], (await _board.Around(player, 0)).Select(entry => (string?)entry.Element));
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        _server.Dispose();
    }

    private static string Player(int number) => $"player:{number:D6}";

    private static int NumberOf(SortedSetEntry entry) =>
        int.Parse(entry.Element.ToString()["player:".Length..], CultureInfo.InvariantCulture);
}
