using System.Security.Cryptography;
using System.Text;
using StackExchange.Redis;

namespace Bixbite.Wire.Recipes;

/// <summary>
/// The recipe for a script: it is called by its digest, which is short, and sent whole where the server does not know it, or no longer.
/// </summary>
internal sealed class CachedScript(string text)
{
    private readonly byte[] _digest = CryptographicOperations.HashData(HashAlgorithmName.SHA1, Encoding.UTF8.GetBytes(text));
    private int _sentWholeCount;

    /// <summary>How often the server did not know it.</summary>
    public int SentWholeCount => _sentWholeCount;

    public async Task<RedisResult> Run(IDatabase database, RedisKey key, params RedisValue[] arguments)
    {
        try
        {
            return await database.ScriptEvaluateAsync(_digest, [key], arguments);
        }
        catch (RedisServerException error) when (error.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal))
        {
            Interlocked.Increment(ref _sentWholeCount);
            return await database.ScriptEvaluateAsync(text, [key], arguments);
        }
    }
}
