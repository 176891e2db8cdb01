using Microsoft.AspNetCore.SignalR;
using StackExchange.Redis;

namespace Shop;

/// <summary>Browsers that are open: they talk to each other, and hear of orders. On whichever host, thanks to the backplane.</summary>
public sealed class LiveHub(IConnectionMultiplexer redis) : Hub
{
    private const int TextLengthMax = 200;
    private const int KeptCount = 20;

    private static readonly RedisKey s_said = "shop:said";

    /// <summary>Called by a browser: tells all, and keeps the last ones for those who come later.</summary>
    public async Task Say(string text)
    {
        text = text.Trim();
        if (text.Length is 0 or > TextLengthMax)
        {
            return;
        }
        IDatabase database = redis.GetDatabase();
        await database.ListRightPushAsync(s_said, text);
        await database.ListTrimAsync(s_said, -KeptCount, -1);
        await Clients.All.SendAsync("said", text);
    }

    /// <summary>What was said last.</summary>
    internal static async Task<IReadOnlyList<string>> SaidAsync(IConnectionMultiplexer redis) =>
        [.. (await redis.GetDatabase().ListRangeAsync(s_said)).Select(static text => (string)text!)];
}
