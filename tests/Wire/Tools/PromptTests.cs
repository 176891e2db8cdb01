using System.Diagnostics;
using System.Text;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Tools;

/// <summary>The prompt as a person has it, at a terminal that the program 'script' makes.</summary>
public sealed class PromptTests : IDisposable
{
    private const string Script = "/usr/bin/script";

    private readonly TempFolder _folder = new();
    private readonly TestServer _server = TestServer.Start();
    private readonly StringBuilder _screen = new();
    private Process? _process;
    private int _seenLength;

    public void Dispose()
    {
        _process?.Kill(entireProcessTree: true);
        _process?.Dispose();
        _server.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Commands_are_typed_completed_and_remembered()
    {
        Assert.SkipWhen(!File.Exists(Script), "script of util-linux is not installed");
        Start(_server.Address.Port);
        string address = $"127.0.0.1:{_server.Address.Port}";
        Await($"{address}> ");
        Type("hset h field value\r", "(integer) 1", $"{address}> ");
        Type("hgetall h\r", "1# \e[0m\e[32m\"field\"\e[0m => \e[32m\"value\"\e[0m", $"{address}> ");
        Type("config rese\t", "config resetstat");
        Type("\r", "OK", $"{address}> ");
        Type("multi\r", "OK", $"{address}(TX)> ");
        Type("select 3\r", "QUEUED", $"{address}[3](TX)> ");
        Type("discard\r", "OK", $"{address}> ");
        Type("select 2\r", "OK", $"{address}[2]> ");
        Type("blpop nothing 0\r");
        using (RespConnection connection = _server.Connect())
        {
            Patience.Until(() => connection.Call("INFO clients").Text.Contains("blocked_clients:1", StringComparison.Ordinal));
            connection.Call("SELECT 2");
            Assert.Equal("1", connection.Call("RPUSH nothing x").Text);
        }
        Await($"{address}[2]> ");
        Type("nonsense\r", "(error) ERR unknown command 'nonsense'", $"{address}[2]> ");
        Type("auth word\r", "(error)", $"{address}[2]> ");
        Type("\e[A\e[A", "nonsense");
        Type("\u0003\u0004");
        Assert.True(_process!.WaitForExit(Patience.LimitMs), "it does not end");
        Assert.Equal(0, _process.ExitCode);
        string[] history = File.ReadAllLines(_folder.File("history"));
        Assert.Equal(
            [
                "hset h field value", "hgetall h", "config resetstat", "multi", "select 3", "discard", "select 2", "blpop nothing 0",
                "nonsense",
            ],
            history);
    }

    [Fact]
    public void A_server_without_RESP3_is_spoken_to_in_RESP2()
    {
        Assert.SkipWhen(!File.Exists(Script), "script of util-linux is not installed");
        using TestServer server = TestServer.Start("--rename-command", "hello", "");
        using (RespConnection connection = server.Connect())
        {
            connection.Call("HSET h field value");
        }
        Start(server.Address.Port);
        Await("> ");
        Type("hgetall h\r", "2) \e[0m\e[32m\"value\"", "> ");
    }

    private void Start(int port)
    {
        ProcessStartInfo start = new(Script, ["-qfec", $"{Programs.Tool} cli -p {port}", "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = _folder.Path,
        };
        start.Environment["TERM"] = "xterm-256color";
        start.Environment["BIXBITE_CLI_HISTORY"] = _folder.File("history");
        start.Environment.Remove("NO_COLOR");
        _process = Process.Start(start)!;
        Task.Run(Watch);
    }

    private void Watch()
    {
        byte[] bytes = new byte[4096];
        for (int count; (count = _process!.StandardOutput.BaseStream.Read(bytes)) > 0;)
        {
            lock (_screen)
            {
                _screen.Append(Encoding.UTF8.GetString(bytes, 0, count));
            }
        }
    }

    /// <summary>Types keys, and waits for texts, one after the other.</summary>
    private void Type(string keys, params string[] texts)
    {
        _process!.StandardInput.Write(keys);
        _process.StandardInput.Flush();
        foreach (string text in texts)
        {
            Await(text);
        }
    }

    private void Await(string text) => Patience.Until(
        () =>
        {
            lock (_screen)
            {
                int at = _screen.ToString().IndexOf(text, _seenLength, StringComparison.Ordinal);
                _seenLength = at < 0 ? _seenLength : at + text.Length;
                return at >= 0;
            }
        },
        () => $"'{text}' does not come:\n{_screen}");
}
