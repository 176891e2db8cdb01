using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Server;

/// <summary>Switches of DEBUG, and MODULE without modules.</summary>
public sealed class DebugSwitchTests : IDisposable
{
    private readonly TestServer _server = TestServer.Start("--enable-debug-command", "yes");
    private readonly RespConnection _client;

    public DebugSwitchTests() => _client = _server.Connect();

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
    }

    [Fact]
    public void APausedCronRemovesNothingByItself()
    {
        Assert.Equal("OK", _client.Call("DEBUG PAUSE-CRON 1").Text);
        _client.Call("SET k v PX 1");
        _client.Call("SET alive v PX 60000");
        using RespConnection waiting = _server.Connect();
        waiting.Send("BLPOP nothing 0.05");
        Assert.True(waiting.Read().IsNull);
        Assert.Equal("2", _client.Call("DBSIZE").Text);
        Assert.True(_client.Call("GET k").IsNull);
        _client.Call("SET k v PX 1");
        _client.Call("DEBUG PAUSE-CRON 0");
        Patience.Until(() => _client.Call("DBSIZE").Text == "1", "the cron does not go on");
    }

    [Theory]
    [InlineData("REPLYBUFFER PEAK-RESET-TIME NEVER", "OK")]
    [InlineData("REPLYBUFFER peak-reset-time reset", "OK")]
    [InlineData("REPLYBUFFER PEAK-RESET-TIME 100", "OK")]
    [InlineData("REPLYBUFFER PEAK-RESET-TIME soon", "ERR value is not an integer or out of range")]
    [InlineData("REPLYBUFFER RESIZING 0", "OK")]
    [InlineData("REPLYBUFFER RESIZING", "ERR unknown subcommand or wrong number of arguments for 'REPLYBUFFER'. Try DEBUG HELP.")]
    [InlineData("REPLYBUFFER other 1", "ERR unknown subcommand or wrong number of arguments for 'REPLYBUFFER'. Try DEBUG HELP.")]
    [InlineData("DICT-RESIZING 0", "OK")]
    [InlineData("PAUSE-CRON", "ERR unknown subcommand or wrong number of arguments for 'PAUSE-CRON'. Try DEBUG HELP.")]
    public void Words_are_checked(string words, string expected) => Assert.Equal(expected, _client.Call("DEBUG " + words).Text);

    [Fact]
    public void There_are_no_modules()
    {
        Assert.Equal("*0\r\n"u8, _client.CallRaw("MODULE LIST"));
        Assert.Equal("ERR unknown subcommand 'nosuch'. Try MODULE HELP.", _client.Call("MODULE nosuch").Text);
        Assert.StartsWith("MODULE <subcommand>", _client.Call("MODULE HELP").Items[0].Text, StringComparison.Ordinal);
    }
}
