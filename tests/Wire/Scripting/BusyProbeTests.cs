using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Scripting;

/// <summary>
/// With <c>busy-answers-probes</c> a probe of the server's health is answered while a script runs long, and nothing else is.
/// </summary>
public sealed class BusyProbeTests
{
    [Theory]
    [InlineData("1", false)]
    [InlineData("4", false)]
    [InlineData("1", true)]
    public void PingAndInfoAreAnswered(string loops, bool isInTransaction)
    {
        using TestServer server = TestServer.Start("--busy-reply-threshold", "20", "--io-threads", loops, "--busy-answers-probes", "yes");
        using RespConnection busy = server.Connect();
        using RespConnection other = server.Connect();
        busy.Send(isInTransaction ? "MULTI\r\nSET k 1\r\nEVAL \"while true do end\" 0\r\nEXEC\r\n"u8.ToArray()
            : "EVAL \"redis.pcall('get', 'k') while true do end\" 0\r\n"u8.ToArray());
        Patience.Until(() => IsBusy(other, "GET k"), "the script does not run long");
        Assert.Equal("PONG", other.Call("PING").Text);
        Assert.Equal("x", other.Call("PING x").Text);
        Assert.Contains("tcp_port", other.Call("INFO").Text, StringComparison.Ordinal);
        Assert.Contains("redis_version", other.Call("INFO server").Text, StringComparison.Ordinal);
        Assert.Contains("cmdstat_ping", other.Call("INFO commandstats").Text, StringComparison.Ordinal);
        foreach (string refused in (string[])["SET k v", "EVAL \"return 1\" 0", "CONFIG GET port", "DBSIZE", "TIME"])
        {
            Assert.True(IsBusy(other, refused), refused);
        }

        Assert.Equal("OK", other.Call("MULTI").Text);
        Assert.True(IsBusy(other, "PING"));
        Assert.StartsWith("EXECABORT", other.Call("EXEC").Text, StringComparison.Ordinal);
        Assert.Equal("OK", other.Call("SCRIPT KILL").Text);
        Patience.Until(() => !IsBusy(other, "GET k"), "the script does not end");
    }

    [Fact]
    public void TheSettingCanBeChanged()
    {
        using TestServer server = TestServer.Start("--busy-reply-threshold", "20");
        using RespConnection busy = server.Connect();
        using RespConnection other = server.Connect();
        Assert.Equal("OK", other.Call("CONFIG SET busy-answers-probes yes").Text);
        busy.Send("EVAL \"while true do end\" 0\r\n"u8.ToArray());
        Patience.Until(() => IsBusy(other, "GET k"), "the script does not run long");
        Assert.Equal("PONG", other.Call("PING").Text);
        other.Call("SCRIPT KILL");
        Patience.Until(() => !IsBusy(other, "GET k"), "the script does not end");
        Assert.Equal("OK", other.Call("CONFIG SET busy-answers-probes no").Text);
        busy.Send("EVAL \"while true do end\" 0\r\n"u8.ToArray());
        Patience.Until(() => IsBusy(other, "PING"), "PING is not refused");
        Assert.Equal("OK", other.Call("SCRIPT KILL").Text);
    }

    private static bool IsBusy(RespConnection client, string request) =>
        client.Call(request) is { IsError: true } reply && reply.Text.StartsWith("BUSY", StringComparison.Ordinal);
}
