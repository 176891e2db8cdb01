using System.Collections.Concurrent;
using Bixbite.Platform;
using Bixbite.Wire.Harness;
using StackExchange.Redis;

namespace Bixbite.Wire.Recipes;

/// <summary>Three consumers handle the events of orders; one of them dies with what it took.</summary>
public sealed class OrderEventTests
{
    private const int OrderCount = 2_000;
    private const int HandledBeforeDeath = 25;
    private const long IdleOfTheDeadMs = 1_000;

    private static readonly string[] s_whats = ["placed", "paid", "sent"];

    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    public async Task Every_event_is_handled_once_though_a_consumer_dies(string threads)
    {
        ManualClock clock = new();
        using TestServer server = TestServer.StartAt(clock, "--io-threads", threads);
        await using ConnectionMultiplexer shop = await ConnectionMultiplexer.ConnectAsync(server.Address.Configuration);
        var events = new OrderEvents(shop.GetDatabase(), "orders", "shipping");
        await events.Create();
        ConcurrentQueue<string> handled = [];
        Task publishing = Publish(events);
        int unfinishedCount = await HandleUntilDeath(server, handled);
        Assert.InRange(unfinishedCount, 1, 10);
        // Time stands still for the living, however slow they are: what they have in their hands nobody takes over.
        clock.AdvanceMs(IdleOfTheDeadMs);

        Task[] survivors = [.. new[] { "bob", "carol" }.Select(name => Handle(server, name, handled))];
        await publishing;
        await Task.WhenAll(survivors);

        Assert.Equal(0, (await events.Pending()).PendingMessageCount);
        Assert.Equal(Expected().Order(StringComparer.Ordinal), handled.Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Expected() =>
        Enumerable.Range(0, OrderCount).SelectMany(order => s_whats.Select(what => $"{order} {what}"));

    private static async Task Publish(OrderEvents events)
    {
        for (int order = 0; order < OrderCount; order++)
        {
            foreach (string what in s_whats)
            {
                await events.Publish(order, what);
            }
        }
    }

    /// <summary>Handles some events and leaves in the middle of a batch without a word; returns how many of it are left.</summary>
    private static async Task<int> HandleUntilDeath(TestServer server, ConcurrentQueue<string> handled)
    {
        await using ConnectionMultiplexer client = await ConnectionMultiplexer.ConnectAsync(server.Address.Configuration);
        var events = new OrderEvents(client.GetDatabase(), "orders", "shipping");
        for (int count = 0; true;)
        {
            StreamEntry[] batch = await events.Take("alice");
            for (int i = 0; i < batch.Length; i++)
            {
                if (++count > HandledBeforeDeath)
                {
                    return batch.Length - i;
                }
                handled.Enqueue(OrderEvents.Describe(batch[i]));
                await events.Complete(batch[i]);
            }
        }
    }

    /// <summary>Handles events, and those of the dead, until all are handled.</summary>
    private static async Task Handle(TestServer server, string name, ConcurrentQueue<string> handled)
    {
        await using ConnectionMultiplexer client = await ConnectionMultiplexer.ConnectAsync(server.Address.Configuration);
        var events = new OrderEvents(client.GetDatabase(), "orders", "shipping");
        while (handled.Count < OrderCount * s_whats.Length)
        {
            StreamEntry[] batch = await events.Take(name);
            if (batch.Length == 0)
            {
                batch = await events.TakeOver(name, IdleOfTheDeadMs);
                await Task.Delay(batch.Length == 0 ? 10 : 0, TestContext.Current.CancellationToken);
            }
            foreach (StreamEntry entry in batch)
            {
                handled.Enqueue(OrderEvents.Describe(entry));
                await events.Complete(entry);
            }
        }
    }
}
