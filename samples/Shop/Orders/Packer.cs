using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Shop.Orders;

/// <summary>
/// Packs orders, one after the other. It may be stopped at any moment: another one, or the next run, takes what it had begun.
/// </summary>
internal sealed partial class Packer(
    OrderQueue queue, Catalogue catalogue, IHubContext<LiveHub> live, IOptions<OrderOptions> options, ILogger<Packer> logger)
    : BackgroundService
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Its name in the group, which no other has.</summary>
    private readonly string _name = $"{Environment.MachineName}-{Guid.NewGuid():N}";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        bool hasGroup = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!hasGroup)
                {
                    await queue.CreateGroupAsync();
                    hasGroup = true;
                }
                if (await queue.TakeAsync(_name) is { } order)
                {
                    await PackAsync(order, stoppingToken);
                    continue;
                }
            }
            catch (Exception failure) when (failure is RedisException or RedisTimeoutException)
            {
                StoreFailed(failure);
                hasGroup = false;
            }
            await Task.Delay(s_pause, stoppingToken);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await queue.LeaveAsync(_name);
        }
        catch (Exception failure) when (failure is RedisException or RedisTimeoutException)
        {
            StoreFailed(failure);
        }
    }

    private async Task PackAsync(Order order, CancellationToken stoppingToken)
    {
        OrderTaken(order.Id);
        await Task.Delay(options.Value.PackingTime, stoppingToken);
        if (await queue.FinishAsync(order))
        {
            OrderPacked(order.Id);
            await catalogue.ForgetPagesAsync(stoppingToken);
            await live.Clients.All.SendAsync("packed", order.Id, stoppingToken);
        }
    }

    [LoggerMessage(LogLevel.Information, "Order {Id} is being packed")]
    private partial void OrderTaken(string id);

    [LoggerMessage(LogLevel.Information, "Order {Id} is packed")]
    private partial void OrderPacked(string id);

    [LoggerMessage(LogLevel.Warning, "The store has refused, or does not answer")]
    private partial void StoreFailed(Exception failure);
}
