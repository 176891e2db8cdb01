using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.Caching.Hybrid;
using StackExchange.Redis;

namespace Shop;

/// <summary>The products, as if they came from a slow database: a hybrid cache stands before it. Stock is counted in the store.</summary>
public sealed class Catalogue(HybridCache cache, IConnectionMultiplexer redis, IOutputCacheStore pages)
{
    /// <summary>The policy and the tag of cached pages of products.</summary>
    internal const string CachePolicy = "products";

    private const int StockAtFirst = 100;

    private static readonly Product[] s_products =
    [
        new("green", "Green tea", "Steamed leaves from the first harvest, with the taste of fresh peas.", 6.50m),
        new("black", "Black tea", "Strong and malty: made for milk and cold mornings.", 4.80m),
        new("white", "White tea", "Young buds, hardly treated, for a light cup in the afternoon.", 9.20m),
        new("mint", "Peppermint", "Whole leaves without caffeine, good hot and good cold.", 3.90m),
    ];

    public IReadOnlyList<Product> All => s_products;

    /// <summary>A product; null where there is none with this name.</summary>
    public ValueTask<Product?> FindAsync(string id, CancellationToken cancellationToken) => cache.GetOrCreateAsync(
        $"product:{id}", _ => ValueTask.FromResult(s_products.FirstOrDefault(product => product.Id == id)),
        cancellationToken: cancellationToken);

    public async Task<int> StockAsync(string id) => StockAtFirst - (int)await redis.GetDatabase().HashGetAsync(SoldKey, id);

    /// <summary>So many were sold, with the rest of a transaction; then <see cref="ForgetPagesAsync"/>.</summary>
    internal static Task SellAsync(ITransaction transaction, string id, int count) => transaction.HashIncrementAsync(SoldKey, id, count);

    /// <summary>Pages of products are rendered anew, on every host.</summary>
    internal ValueTask ForgetPagesAsync(CancellationToken cancellationToken) => pages.EvictByTagAsync(CachePolicy, cancellationToken);

    private static RedisKey SoldKey => "shop:sold";
}
