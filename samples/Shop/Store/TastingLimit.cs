using System.Threading.RateLimiting;
using RedisRateLimiting;
using StackExchange.Redis;

namespace Shop.Store;

/// <summary>So many tastings in a while for each address, whichever host is asked: counted in the store.</summary>
internal static class TastingLimit
{
    internal const string Policy = "tastings";

    internal static IServiceCollection AddTastingLimit(this IServiceCollection services, IConfiguration configuration)
    {
        int count = configuration.GetValue("Count", 3);
        TimeSpan window = configuration.GetValue("Window", TimeSpan.FromMinutes(1));
        return services.AddRateLimiter(options =>
        {
            options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            options.AddPolicy(Policy, context =>
            {
                IConnectionMultiplexer redis = context.RequestServices.GetRequiredService<IConnectionMultiplexer>();
                string address = context.Connection.RemoteIpAddress?.ToString() ?? "unknown";
                return RedisRateLimitPartition.GetFixedWindowRateLimiter($"shop:tastings:{address}", _ => new()
                {
                    ConnectionMultiplexerFactory = () => redis, PermitLimit = count, Window = window,
                });
            });
        });
    }
}
