using Bixbite.Platform;
using Bixbite.Wire.Harness;
using StackExchange.Redis;

namespace Bixbite.Wire.Recipes;

/// <summary>A cache in front of a database: the database is asked once for what is asked often.</summary>
public sealed class CacheAsideTests : IDisposable
{
    private static readonly TimeSpan s_longTtl = TimeSpan.FromMinutes(10);

    private readonly ManualClock _clock = new();
    private readonly TestServer _server;
    private readonly TempFolder _folder = new();

    public CacheAsideTests() => _server = TestServer.StartAt(_clock);

    [Fact]
    public async Task A_row_is_read_once_from_the_database_and_then_from_the_cache()
    {
        using ProductDatabase database = new(_folder.File("shop.db"));
        using ConnectionMultiplexer multiplexer = await Connect();
        CachedProducts products = new(multiplexer.GetDatabase(), database, s_longTtl);

        for (int round = 0; round < 10; round++)
        {
            for (int id = 1; id <= ProductDatabase.RowCount; id++)
            {
                Assert.Equal($"product {id}", await products.NameOf(id));
            }
        }

        Assert.Equal(ProductDatabase.RowCount, products.Misses);
        Assert.Equal(9 * ProductDatabase.RowCount, products.Hits);
        Assert.Equal(ProductDatabase.RowCount, database.Queries);
    }

    [Fact]
    public async Task What_does_not_exist_is_cached_as_well()
    {
        using ProductDatabase database = new(_folder.File("shop.db"));
        using ConnectionMultiplexer multiplexer = await Connect();
        CachedProducts products = new(multiplexer.GetDatabase(), database, s_longTtl);

        Assert.Null(await products.NameOf(4711));
        Assert.Null(await products.NameOf(4711));
        Assert.Equal(1, database.Queries);
    }

    [Fact]
    public async Task A_change_shows_at_once_because_it_deletes_the_cached_row()
    {
        using ProductDatabase database = new(_folder.File("shop.db"));
        using ConnectionMultiplexer multiplexer = await Connect();
        CachedProducts products = new(multiplexer.GetDatabase(), database, s_longTtl);

        Assert.Equal("product 7", await products.NameOf(7));
        await products.Rename(7, "red beryl");
        Assert.Equal("red beryl", await products.NameOf(7));
        Assert.Equal(2, products.Misses);
    }

    [Fact]
    public async Task After_its_time_a_row_is_read_again()
    {
        using ProductDatabase database = new(_folder.File("shop.db"));
        using ConnectionMultiplexer multiplexer = await Connect();
        CachedProducts products = new(multiplexer.GetDatabase(), database, TimeSpan.FromMilliseconds(150));

        await products.NameOf(3);
        Assert.Equal(TimeSpan.FromMilliseconds(150), await multiplexer.GetDatabase().KeyTimeToLiveAsync(CachedProducts.KeyOf(3)));
        _clock.AdvanceMs(151);
        await products.NameOf(3);
        Assert.Equal(2, products.Misses);
        Assert.Equal(0, products.Hits);
    }

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    private async Task<ConnectionMultiplexer> Connect() => await ConnectionMultiplexer.ConnectAsync(_server.Address.Configuration);
}
