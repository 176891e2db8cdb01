using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Scripting;

/// <summary>However a server ends while a script runs long, the disk holds all that the script has changed, or nothing.</summary>
public sealed class LongScriptEndTests
{
    private const string Endless = "EVAL \"while true do end\" 0";

    private const string Hundred =
        "EVAL \"for i = 1, 100 do redis.call('incr', 'k') for j = 1, 100000 do end end return redis.call('get', 'k')\" 0";

    private static readonly string[] s_options =
    [
        "--busy-reply-threshold", "20", "--appendonly", "yes", "--appendfsync", "always", "--auto-aof-rewrite-percentage", "1",
        "--auto-aof-rewrite-min-size", "1", "--save", "3600 1",
    ];

    [Theory]
    [InlineData("1")]
    [InlineData("4")]
    public void ASignalWaitsForAScriptThatHasWritten(string loops)
    {
        using var folder = new TempFolder();
        using (ServerProcess server = ServerProcess.StartIn(folder, Programs.Server, [.. s_options, "--io-threads", loops]))
        {
            using RespConnection busy = Begin(server, Hundred);
            server.Signal("TERM");
            Assert.Equal("100", busy.Read().Text);
            Assert.Equal(0, server.WaitForExit());
        }
        Assert.Equal("100", ReadBack(folder));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("4")]
    public void ASignalStopsAScriptThatHasNotWritten(string loops)
    {
        using var folder = new TempFolder();
        using (ServerProcess server = ServerProcess.StartIn(folder, Programs.Server, [.. s_options, "--io-threads", loops]))
        {
            using (RespConnection before = server.Connect())
            {
                before.Call("SET k before");
            }
            using RespConnection busy = Begin(server, Endless);
            server.Signal("TERM");
            Assert.StartsWith("ERR Script stopped: the server is shutting down", busy.Read().Text, StringComparison.Ordinal);
            Assert.Equal(0, server.WaitForExit());
        }
        Assert.Equal("before", ReadBack(folder));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void NothingIsLeftOfAScriptThatWasCutOff(bool isKilled)
    {
        using var folder = new TempFolder();
        using (ServerProcess server = ServerProcess.StartIn(folder, Programs.Server, s_options))
        {
            using (RespConnection before = server.Connect())
            {
                before.Call("SET k before");
            }
            using RespConnection busy = Begin(server, "EVAL \"redis.call('set', 'k', 'half') while true do end\" 0");
            if (isKilled)
            {
                server.Kill();
            }
            else
            {
                using RespConnection other = server.Connect();
                other.Send("SHUTDOWN NOSAVE");
                Assert.Equal(0, server.WaitForExit());
            }
        }
        Assert.Equal("before", ReadBack(folder));
    }

    private static RespConnection Begin(ServerProcess server, string script)
    {
        RespConnection busy = server.Connect();
        busy.Send(script);
        using RespConnection other = server.Connect();
        Patience.Until(
            () => other.Call("PING") is { IsError: true } reply && reply.Text.StartsWith("BUSY", StringComparison.Ordinal)
                || !busy.IsSilent(timeMs: 0),
            "the script does not run long");
        return busy;
    }

    private static string ReadBack(TempFolder folder)
    {
        using ServerProcess server = ServerProcess.StartIn(folder, Programs.Server, "--appendonly", "yes");
        using RespConnection connection = server.Connect();
        return connection.Call("GET k").Text;
    }
}
