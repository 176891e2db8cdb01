using System.Text.Json;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Shop.Orders;

/// <summary>
/// Orders in a stream. Each is handed to one packer of the group, stays with him until he has finished it, and goes to another one if he
/// does not: so an order may be handed out twice, and is finished once.
/// </summary>
public sealed class OrderQueue(IConnectionMultiplexer redis, IOptions<OrderOptions> options)
{
    private const string Group = "packers";
    private const string ItemsField = "items";
    private const string StatusField = "status";
    private const string Packed = "packed";

    private static readonly RedisKey s_stream = "shop:orders";

    private readonly IDatabase _database = redis.GetDatabase();

    /// <summary>Puts an order at the end, and returns its number.</summary>
    public async Task<string> PlaceAsync(IReadOnlyDictionary<string, int> items) =>
        (await _database.StreamAddAsync(s_stream, ItemsField, JsonSerializer.Serialize(items))).ToString();

    /// <summary>Whether an order is packed.</summary>
    public async Task<bool> IsPackedAsync(string id) => await _database.HashGetAsync(OrderKey(id), StatusField) == Packed;

    internal async Task CreateGroupAsync()
    {
        try
        {
            await _database.StreamCreateConsumerGroupAsync(s_stream, Group, StreamPosition.Beginning);
        }
        catch (RedisServerException failure) when (failure.Message.StartsWith("BUSYGROUP", StringComparison.Ordinal))
        {
            // It is there, from an earlier time or by another host.
        }
    }

    /// <summary>The next order: first one that somebody has left unfinished, then a new one; null where there is none.</summary>
    internal async Task<Order?> TakeAsync(string packer)
    {
        StreamAutoClaimResult left = await _database.StreamAutoClaimAsync(
            s_stream, Group, packer, (long)options.Value.ClaimAfter.TotalMilliseconds, StreamPosition.Beginning, count: 1);
        StreamEntry[] entries = left.ClaimedEntries is { Length: > 0 } claimed
            ? claimed
            : await _database.StreamReadGroupAsync(s_stream, Group, packer, StreamPosition.NewMessages, count: 1);
        return entries.Length == 0
            ? null
            : new Order(
                entries[0].Id.ToString(), JsonSerializer.Deserialize<Dictionary<string, int>>((string)entries[0][ItemsField]!)!);
    }

    /// <summary>
    /// The order is packed: it leaves the queue, and its products leave the stock, in one step. False where another packer was faster.
    /// </summary>
    internal async Task<bool> FinishAsync(Order order)
    {
        ITransaction transaction = _database.CreateTransaction();
        transaction.AddCondition(Condition.HashNotExists(OrderKey(order.Id), StatusField));
        _ = transaction.HashSetAsync(OrderKey(order.Id), StatusField, Packed);
        foreach ((string productId, int count) in order.Items)
        {
            _ = Catalogue.SellAsync(transaction, productId, count);
        }
        _ = transaction.StreamAcknowledgeAsync(s_stream, Group, order.Id);
        bool isFirst = await transaction.ExecuteAsync();
        if (!isFirst)
        {
            await _database.StreamAcknowledgeAsync(s_stream, Group, order.Id);
        }
        return isFirst;
    }

    /// <summary>
    /// A packer comes no more: he leaves the group, unless he leaves something unfinished, which others find under his name.
    /// </summary>
    internal async Task LeaveAsync(string packer)
    {
        foreach (StreamConsumerInfo consumer in await _database.StreamConsumerInfoAsync(s_stream, Group))
        {
            if (consumer.Name == packer && consumer.PendingMessageCount == 0)
            {
                await _database.StreamDeleteConsumerAsync(s_stream, Group, packer);
            }
        }
    }

    private static RedisKey OrderKey(string id) => $"shop:order:{id}";
}
