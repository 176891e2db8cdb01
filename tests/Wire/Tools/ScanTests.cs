using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Tools;

/// <summary>The searches of <c>bixbite cli</c> over all keys.</summary>
public sealed class ScanTests : IDisposable
{
    private readonly TestServer _server = TestServer.Start("--maxmemory-policy", "allkeys-lfu", "--maxmemory", "100mb");

    public ScanTests()
    {
        using RespConnection connection = _server.Connect();
        for (int i = 0; i < 3000; i++)
        {
            connection.Call($"SET key:{i} {new string('x', 1 + (i % 7))}");
        }
        connection.Call($"SET \"the\\nlong\" {new string('x', 500)}");
        connection.Call("RPUSH list 1 2 3");
        connection.Call("HSET hash f v g v");
        connection.Call("SADD set a b c d");
        connection.Call("ZADD zset 1 a");
        connection.Call("XADD stream * f v");
    }

    public void Dispose() => _server.Dispose();

    [Fact]
    public void Keys_with_many_elements_are_found()
    {
        ToolRun run = Cli("--bigkeys", "--count", "100", "--top", "2");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        string[] lines = [.. run.Output.Split('\n').Select(SingleSpaced)];
        Assert.Equal("3006 keys were looked at.", lines[0]);
        Assert.Contains("string 3001 99.8% 12494 4.2 bytes", lines);
        Assert.Contains("string 500 bytes \"the\\nlong\"", lines);
        Assert.Contains("list 3 items \"list\"", lines);
        Assert.Contains("hash 2 fields \"hash\"", lines);
        Assert.Contains("set 4 members \"set\"", lines);
        Assert.Contains("zset 1 members \"zset\"", lines);
        Assert.Contains("stream 1 entries \"stream\"", lines);
        Assert.Equal(2, lines.Count(line => line.StartsWith("string", StringComparison.Ordinal) && line.EndsWith('"')));
    }

    [Fact]
    public void Keys_that_take_much_memory_are_found()
    {
        ToolRun run = Cli("--memkeys-samples", "0", "--top", "1", "--pattern", "*o*");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.StartsWith("1 keys were looked at.", run.Output, StringComparison.Ordinal);
        Assert.Contains("bytes  \"the\\nlong\"", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_that_are_used_often_are_found_where_the_server_counts()
    {
        Assert.Contains("of 255", Cli("--hotkeys").Output, StringComparison.Ordinal);
        using RespConnection connection = _server.Connect();
        connection.Call("CONFIG SET maxmemory-policy allkeys-lru");
        ToolRun refused = Cli("--hotkeys");
        Assert.Equal((1, ""), (refused.ExitCode, refused.Output));
        Assert.Contains("LFU", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_are_listed()
    {
        string[] lines = Cli("--scan", "--pattern", "key:1?").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(Enumerable.Range(10, 10).Select(i => $"key:{i}"), lines.Order(StringComparer.Ordinal));
        Assert.Contains("\"the\\nlong\"\n", Cli("--scan", "--no-raw").Output, StringComparison.Ordinal);
        Assert.Contains("one too many", Cli("--scan", "PING").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_database_is_said_to_be_so() =>
        Assert.Equal(new ToolRun(0, "0 keys were looked at.\n", ""), Cli("-n", "3", "--bigkeys"));

    private static string SingleSpaced(string line) => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private ToolRun Cli(params string[] arguments) => ToolRun.Of(["cli", "-p", $"{_server.Address.Port}", .. arguments]);
}
