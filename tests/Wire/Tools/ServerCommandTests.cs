using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Tools;

/// <summary>The server that is started by the tool.</summary>
public sealed class ServerCommandTests
{
    [Fact]
    public void It_takes_the_options_of_a_server_serves_and_ends_by_a_signal()
    {
        using TempFolder folder = new();
        int port = FreePorts.Next();
        using ServerProcess server = ServerProcess.StartRaw(
            Programs.Tool, folder, port, "server", "--port", $"{port}", "--bind", "127.0.0.1", "--maxmemory", "64mb");
        Assert.True(server.IsReadyInTime(), server.Output);
        Assert.Equal(new ToolRun(0, "maxmemory\n67108864\n", ""), ToolRun.Of("cli", "-p", $"{port}", "CONFIG", "GET", "maxmemory"));
        server.Signal("TERM");
        Assert.Equal(0, server.WaitForExit());
        Assert.Contains("bye bye", server.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help", 0, "Usage: bixbite server [")]
    [InlineData("--version", 0, "Bixbite server v=")]
    [InlineData("--no-such-setting", 1, "no-such-setting")]
    public void What_it_says_is_of_the_tool(string argument, int exitCode, string told)
    {
        using TempFolder folder = new();
        using ServerProcess server = ServerProcess.StartRaw(Programs.Tool, folder, 0, "server", argument, "x");
        Assert.Equal(exitCode, server.WaitForExit());
        Assert.Contains(told, server.Output, StringComparison.Ordinal);
    }
}
