using Bixbite.Wire.Harness;
using StackExchange.Redis;

namespace Bixbite.Wire.Recipes;

/// <summary>Articles are found by any combination of their tags.</summary>
public sealed class TagIndexTests : IAsyncLifetime
{
    private readonly TestServer _server = TestServer.Start();
    private ConnectionMultiplexer _client = null!;

    private TagIndex Index => new(_client.GetDatabase());

    public async ValueTask InitializeAsync() => _client = await ConnectionMultiplexer.ConnectAsync(_server.Address.Configuration);

    [Fact]
    public async Task Articles_are_found_by_their_tags()
    {
        TagIndex index = Index;
        await index.Tag("epoll", "linux", "network");
        await index.Tag("slabs", "memory", "linux");
        await index.Tag("spans", "memory", "csharp");

        Assert.Equal(["epoll", "slabs"], await index.WithAny("linux"));
        Assert.Equal(["slabs"], await index.WithAll("linux", "memory"));
        Assert.Equal(["epoll", "slabs", "spans"], await index.WithAny("linux", "memory", "nothing"));
        Assert.Equal(["spans"], await index.WithFirstOnly("memory", "linux"));
        Assert.Empty(await index.WithAll("linux", "nothing"));
    }

    [Fact]
    public async Task A_removed_article_is_not_found_any_more_and_leaves_nothing()
    {
        TagIndex index = Index;
        await index.Tag("epoll", "linux", "network");
        await index.Tag("slabs", "linux");
        await index.Remove("epoll");

        Assert.Equal(["slabs"], await index.WithAny("linux", "network"));
        Assert.False(await _client.GetDatabase().KeyExistsAsync("tag:network"));
        Assert.False(await _client.GetDatabase().KeyExistsAsync("article:epoll:tags"));
    }

    [Fact]
    public async Task Many_articles()
    {
        const int Count = 3_000;
        TagIndex index = Index;
        await Task.WhenAll(Enumerable.Range(0, Count).Select(
            i => index.Tag($"article{i}", [.. new[] { 2, 3, 5 }.Where(divisor => i % divisor == 0).Select(divisor => $"by{divisor}")])));

        Assert.Equal(Count / 30, (await index.WithAll("by2", "by3", "by5")).Length);
        Assert.Equal(Count / 6, await index.CountWithAll(limit: 0, "by2", "by3"));
        Assert.Equal(10, await index.CountWithAll(limit: 10, "by2", "by3"));
        Assert.Equal(Count / 10, await index.Remember("by10", TimeSpan.FromMinutes(1), "by2", "by5"));
        Assert.Equal(Count / 30, await index.CountWithAll(limit: 0, "by10", "by3"));
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        _server.Dispose();
    }
}
