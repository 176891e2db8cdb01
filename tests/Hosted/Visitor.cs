using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace Bixbite.Hosted;

/// <summary>A service of an application, which is made with a client and writes when it starts and when it stops.</summary>
internal sealed class Visitor(IConnectionMultiplexer redis) : IHostedService
{
    private readonly IDatabase _database = redis.GetDatabase();

    public Task StartAsync(CancellationToken cancellationToken) => _database.ListRightPushAsync("visits", "start");

    public Task StopAsync(CancellationToken cancellationToken) => _database.ListRightPushAsync("visits", "stop");
}
