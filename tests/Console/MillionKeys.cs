using Bixbite.Wire.Harness;
using Bixbite.Wire.Http;

namespace Bixbite.Console;

/// <summary>A server with a million keys of all types, made when the first test asks for it. Tests leave it as it was.</summary>
public sealed class MillionKeys : IDisposable
{
    public const int StringCount = 900_000;
    public const int EachCount = 20_000;
    public const int Count = StringCount + (5 * EachCount);

    private readonly Lazy<HttpServer> _server = new(Start);

    internal HttpServer Server => _server.Value;

    public void Dispose()
    {
        if (_server.IsValueCreated)
        {
            _server.Value.Dispose();
        }
    }

    private static HttpServer Start()
    {
        HttpServer server = HttpServer.Start("--enable-debug-command", "local");
        using RespConnection client = server.ConnectResp();
        Assert.Equal("OK", client.Call($"DEBUG POPULATE {StringCount} item").Text);
        const string Fill =
            """
            for i = 1, tonumber(ARGV[1]) do
              redis.call('HSET', 'hash:' .. i, 'field', i)
              redis.call('RPUSH', 'list:' .. i, i)
              redis.call('SADD', 'set:' .. i, 'member' .. i)
              redis.call('ZADD', 'zset:' .. i, i, 'member')
              redis.call('XADD', 'stream:' .. i, '1-1', 'field', i)
            end
            return redis.call('DBSIZE')
            """;
        client.Send($"EVAL \"{Fill.ReplaceLineEndings(" ")}\" 0 {EachCount}");
        Assert.Equal(Count, client.Read().Integer);
        return server;
    }
}
