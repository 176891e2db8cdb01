using StackExchange.Redis;

namespace Bixbite.Wire.Recipes;

/// <summary>
/// The recipe: players in one sorted set by their points. Ranks begin with 1 for the most points; a page of neighbours is the player's rank
/// and a range around it.
/// </summary>
internal sealed class Leaderboard(IDatabase database, RedisKey key)
{
    /// <summary>Page by page: were all sent at once, the last would wait for its answer as long as all of them take.</summary>
    public async Task Load(IEnumerable<SortedSetEntry[]> pages)
    {
        foreach (SortedSetEntry[] page in pages)
        {
            await database.SortedSetAddAsync(key, page);
        }
    }

    /// <summary>Adds points and returns how many the player has now.</summary>
    public Task<double> Win(string player, double points) => database.SortedSetIncrementAsync(key, player, points);

    /// <summary>Notes a result if it is the player's best one.</summary>
    public Task<bool> Record(string player, double points) =>
        database.SortedSetUpdateAsync(key, player, points, SortedSetWhen.GreaterThan);

    public Task<SortedSetEntry[]> Top(int count) =>
        database.SortedSetRangeByRankWithScoresAsync(key, 0, count - 1, Order.Descending);

    /// <summary>The player's rank, null for a stranger.</summary>
    public async Task<long?> RankOf(string player) =>
        await database.SortedSetRankAsync(key, player, Order.Descending) is { } rank ? rank + 1 : null;

    /// <summary>The players up to so many ranks above and below.</summary>
    public async Task<SortedSetEntry[]> Around(string player, int distance)
    {
        if (await RankOf(player) is not { } rank)
        {
            return [];
        }
        long first = Math.Max(rank - 1 - distance, 0);
        return await database.SortedSetRangeByRankWithScoresAsync(key, first, rank - 1 + distance, Order.Descending);
    }

    /// <summary>How many players have at least so many points.</summary>
    public Task<long> CountFrom(double points) => database.SortedSetLengthAsync(key, points, double.PositiveInfinity);
}
