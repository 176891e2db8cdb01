using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Server;

/// <summary>MONITOR: every command, as one line each, to whoever asked.</summary>
public sealed class MonitorTests
{
    [Fact]
    public void Commands_are_told_as_they_run()
    {
        using TestServer server = TestServer.Start();
        using RespConnection monitor = server.Connect();
        using RespConnection client = server.Connect();
        Assert.Equal("OK", monitor.Call("MONITOR").Text);
        client.Call("SELECT 2");
        client.Call("SET \"a b\" \"\\x00\\n\"");
        Assert.Matches("""^\d+\.\d{6} \[\d+ 127\.0\.0\.1:\d+\] "SELECT" "2"$""", monitor.Read().Text);
        Assert.Matches("""^\d+\.\d{6} \[2 127\.0\.0\.1:\d+\] "SET" "a b" "\\x00\\n"$""", monitor.Read().Text);
    }

    [Fact]
    public void Administration_and_passwords_are_not_told()
    {
        using TestServer server = TestServer.Start();
        using RespConnection monitor = server.Connect();
        using RespConnection client = server.Connect();
        monitor.Call("MONITOR");
        client.Call("CONFIG SET maxmemory 0");
        client.Call("AUTH default secret");
        client.Call("PING");
        string told = monitor.Read().Text;
        if (told.Contains("AUTH", StringComparison.Ordinal))
        {
            Assert.EndsWith("\"AUTH\" \"(redacted)\" \"(redacted)\"", told, StringComparison.Ordinal);
            told = monitor.Read().Text;
        }
        Assert.EndsWith("\"PING\"", told, StringComparison.Ordinal);
    }

    [Fact]
    public void Reset_ends_it()
    {
        using TestServer server = TestServer.Start();
        using RespConnection monitor = server.Connect();
        using RespConnection client = server.Connect();
        monitor.Call("MONITOR");
        Assert.Equal("RESET", monitor.Call("RESET").Text.Split(' ')[^1].Trim('"'));
        client.Call("SET k v");
        Assert.True(monitor.IsSilent(100) || monitor.Read().Text == "RESET");
    }
}
