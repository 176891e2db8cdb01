using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Scripting;

/// <summary>What values of scripts have taken of the process' memory goes back to the system.</summary>
public sealed class ScriptMemoryTests
{
    private const long Taken = 400L << 20;

    /// <summary>Many values that live as long as the script does.</summary>
    private const string Greedy = "EVAL \"local t = {} for i = 1, 4 * 2^20 do t[i] = 'value number ' .. i end return #t\" 0";

    [Fact]
    public void SoonAfterAScriptThatTookMuch()
    {
        using ServerProcess server = ServerProcess.Start(Programs.Server);
        using RespConnection client = server.Connect();
        client.Call("EVAL \"return 1\" 0");
        long before = server.ResidentBytes;
        Assert.Equal(4 << 20, client.Call(Greedy).Integer);
        Patience.Until(
            () => server.ResidentBytes < before + (Taken / 4), () => $"{server.ResidentBytes} bytes are resident, {before} were before");
    }

    [Theory]
    [InlineData("SCRIPT FLUSH", "no")]
    [InlineData("SCRIPT FLUSH SYNC", "yes")]
    [InlineData("SCRIPT FLUSH ASYNC", "no")]
    [InlineData("SCRIPT FLUSH", "yes")]
    public void WhenScriptsAreForgotten(string flush, string isLazy)
    {
        using ServerProcess server = ServerProcess.Start(Programs.Server, "--lazyfree-lazy-user-flush", isLazy);
        using RespConnection client = server.Connect();
        client.Call("EVAL \"return 1\" 0");
        long before = server.ResidentBytes;
        string source = "EVAL \"return '" + new string('x', 1 << 20);
        for (int i = 0; i < 100; i++)
        {
            client.Call($"{source}{i:d3}'\" 0");
        }
        long full = server.ResidentBytes;
        Assert.True(full > before + (100 << 20), $"{full} bytes are resident, {before} were before");
        Assert.Equal("OK", client.Call(flush).Text);
        Patience.Until(
            () => server.ResidentBytes < full - (100 << 20), () => $"{server.ResidentBytes} bytes are resident, {full} were before");
    }
}
