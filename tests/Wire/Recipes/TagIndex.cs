using StackExchange.Redis;

namespace Bixbite.Wire.Recipes;

/// <summary>
/// Articles found by their tags: a set of articles for each tag, a set of tags for each article, and set algebra for the questions. Both
/// sides of the index change in one transaction.
/// </summary>
internal sealed class TagIndex(IDatabase database)
{
    public Task Tag(string article, params string[] tags)
    {
        ITransaction transaction = database.CreateTransaction();
        foreach (string tag in tags)
        {
            _ = transaction.SetAddAsync(ArticlesOf(tag), article);
            _ = transaction.SetAddAsync(TagsOf(article), tag);
        }

        return transaction.ExecuteAsync();
    }

    public async Task Remove(string article)
    {
        RedisValue[] tags = await database.SetMembersAsync(TagsOf(article));
        ITransaction transaction = database.CreateTransaction();
        foreach (RedisValue tag in tags)
        {
            _ = transaction.SetRemoveAsync(ArticlesOf(tag!), article);
        }
        _ = transaction.KeyDeleteAsync(TagsOf(article));
        await transaction.ExecuteAsync();
    }

    public Task<string[]> WithAll(params string[] tags) => Combine(SetOperation.Intersect, tags);

    public Task<string[]> WithAny(params string[] tags) => Combine(SetOperation.Union, tags);

    public Task<string[]> WithFirstOnly(params string[] tags) => Combine(SetOperation.Difference, tags);

    /// <summary>How many articles have all tags; no more than the limit are counted.</summary>
    public Task<long> CountWithAll(long limit, params string[] tags) =>
        database.SetIntersectionLengthAsync(KeysOf(tags), limit);

    /// <summary>Keeps the answer to a question for a while, as a set that can be asked further.</summary>
    public async Task<long> Remember(string name, TimeSpan lifetime, params string[] tags)
    {
        long count = await database.SetCombineAndStoreAsync(SetOperation.Intersect, ArticlesOf(name), KeysOf(tags));
        await database.KeyExpireAsync(ArticlesOf(name), lifetime);
        return count;
    }

    private static RedisKey ArticlesOf(string tag) => $"tag:{tag}";

    private static RedisKey TagsOf(string article) => $"article:{article}:tags";

    private static RedisKey[] KeysOf(string[] tags) => [.. tags.Select(ArticlesOf)];

    private async Task<string[]> Combine(SetOperation operation, string[] tags)
    {
        RedisValue[] articles = await database.SetCombineAsync(operation, KeysOf(tags));
        return [.. articles.Select(article => (string)article!).Order()];
    }
}
