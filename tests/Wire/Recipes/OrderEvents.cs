using System.Globalization;
using StackExchange.Redis;

namespace Bixbite.Wire.Recipes;

/// <summary>
/// The events of orders in a stream, which the consumers of a group handle. What a consumer has got and not acknowledged when it dies,
/// another one claims; so every event is handled at least once, and once if the dead one did not handle it.
/// </summary>
internal sealed class OrderEvents(IDatabase database, RedisKey stream, RedisValue group)
{
    private const int BatchSize = 10;

    public Task Create() => database.StreamCreateConsumerGroupAsync(stream, group, StreamPosition.Beginning);

    public Task Publish(int order, string what) => database.StreamAddAsync(stream, [new("order", order), new("what", what)]);

    /// <summary>The next events for a consumer; none if there are none.</summary>
    public Task<StreamEntry[]> Take(string consumer) =>
        database.StreamReadGroupAsync(stream, group, consumer, StreamPosition.NewMessages, BatchSize);

    /// <summary>Events that were taken for so long that who took them must be dead.</summary>
    public async Task<StreamEntry[]> TakeOver(string consumer, long minIdleMs) =>
        (await database.StreamAutoClaimAsync(stream, group, consumer, minIdleMs, StreamPosition.Beginning, BatchSize)).ClaimedEntries;

    public Task Complete(StreamEntry entry) => database.StreamAcknowledgeAsync(stream, group, entry.Id);

    public Task<StreamPendingInfo> Pending() => database.StreamPendingAsync(stream, group);

    /// <summary>What an event tells, as a text.</summary>
    public static string Describe(StreamEntry entry) =>
        string.Create(CultureInfo.InvariantCulture, $"{(int)entry["order"]} {entry["what"]}");
}
