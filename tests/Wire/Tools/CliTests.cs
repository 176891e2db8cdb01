using System.Diagnostics;
using System.Text;
using Bixbite.Wire.Harness;
using Bixbite.Wire.Tls;

namespace Bixbite.Wire.Tools;

/// <summary>The client of the tool against a server, and beside redis-cli where that is installed.</summary>
public sealed class CliTests : IDisposable
{
    /// <summary>Replies of every type, errors, transactions, and lines that are no commands.</summary>
    private const string Story =
        """
        PING
        set a "hello world\n\x00\xff\""
        get a
        get nope
        incr a
        lpush l 1 2 3
        lrange l 0 -1
        lrange none 0 -1
        hset h f v g "x\x00y"
        hgetall h
        hgetall none
        eval "return {1,{2,{3,'x',{}},4},5,false}" 0
        zadd z 1.5 m 2 n
        zscore z m
        zrange z 0 -1 withscores
        sadd s one
        smembers s

        "unbalanced
        5 incr n
        multi
        incr n
        select 3
        exec
        multi
        discard
        object encoding a
        nonsense a b
        mget a nope n
        setrange text 11 x
        client getname
        debug sleep 0
        echo 'it''s'
        echo "\\ é"
        """;

    private readonly TestServer _server = TestServer.Start("--enable-debug-command", "yes");

    public void Dispose() => _server.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("--no-raw")]
    [InlineData("--csv")]
    [InlineData("--json")]
    [InlineData("--quoted-json")]
    [InlineData("-3")]
    [InlineData("-3 --no-raw")]
    [InlineData("-2 --json")]
    [InlineData("-d | -D ; --raw")]
    [InlineData("-n 5")]
    public void Prints_what_redis_cli_prints(string options)
    {
        Assert.SkipWhen(Programs.RedisCli is null, "redis-cli is not installed");
        string[] words = options.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string expected = RunRedisCli(Story, words);
        using (RespConnection connection = _server.Connect())
        {
            connection.Call("FLUSHALL");
        }
        ToolRun run = ToolRun.With(StoryBytes, ["cli", "-p", $"{_server.Address.Port}", .. words]);
        Assert.Equal(expected, run.Output);
        Assert.Equal(("", 0), (run.Error, run.ExitCode));
    }

    [Fact]
    public void One_command_is_run_and_its_words_may_look_like_options()
    {
        Assert.Equal(new ToolRun(0, "OK\n", ""), Cli("SET", "-n", "--raw"));
        Assert.Equal(new ToolRun(0, "--raw\n", ""), Cli("GET", "-n"));
        Assert.Equal(new ToolRun(0, "1\n2\n3\n", ""), Cli("-r", "3", "DECRBY", "left", "-1"));
    }

    [Fact]
    public void The_last_argument_may_be_read()
    {
        Assert.Equal("OK\n", ToolRun.With("a\0\nb\xff", "cli", "-p", $"{_server.Address.Port}", "-x", "SET", "bytes").Output);
        Assert.Equal("a\0\nb\xff\n", Cli("GET", "bytes").Output);
        Assert.Contains("needs a command", Cli("-x").Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--raw")]
    [InlineData("--no-raw")]
    [InlineData("--json")]
    [InlineData("--quoted-json")]
    public void Large_values_are_whole(string format)
    {
        Assert.SkipWhen(Programs.RedisCli is null, "redis-cli is not installed");
        const string Story = """eval "return {string.rep('\\092\\000a\\034', 100000), string.rep('b', 70000)}" 0""";
        ToolRun run = ToolRun.With(Story, "cli", "-p", $"{_server.Address.Port}", format);
        Assert.InRange(run.Output.Length, 470_000, int.MaxValue);
        Assert.True(RunRedisCli(Story, [format]) == run.Output);
    }

    [Fact]
    public void Errors_are_an_exit_code_if_wanted()
    {
        Assert.Equal(0, Cli("INCR").ExitCode);
        Assert.Equal(1, Cli("-e", "INCR").ExitCode);
        Assert.Equal(1, ToolRun.With("PING\nINCR\nPING\n", "cli", "-p", $"{_server.Address.Port}", "-e").ExitCode);
    }

    [Fact]
    public void A_password_comes_from_the_environment_the_command_line_or_an_address()
    {
        using (RespConnection connection = _server.Connect())
        {
            connection.Call("ACL SETUSER alice on >secret +@all ~*");
            connection.Call("CONFIG SET requirepass word");
        }
        string port = $"{_server.Address.Port}";
        Dictionary<string, string> variables = new() { ["REDISCLI_AUTH"] = "word" };
        Assert.Equal(new ToolRun(0, "default\n", ""), ToolRun.With("", variables, "cli", "-p", port, "ACL", "WHOAMI"));
        Assert.StartsWith("NOAUTH", Cli("ACL", "WHOAMI").Output, StringComparison.Ordinal);
        ToolRun shown = Cli("-a", "word", "ACL", "WHOAMI");
        Assert.Equal("default\n", shown.Output);
        Assert.Contains("REDISCLI_AUTH", shown.Error, StringComparison.Ordinal);
        Assert.Equal(new ToolRun(0, "alice\n", ""), Cli("--no-auth-warning", "--user", "alice", "-a", "secret", "ACL", "WHOAMI"));
        Assert.Equal(
            new ToolRun(0, "alice\n", ""),
            ToolRun.Of("cli", "--no-auth-warning", "-u", $"redis://alice:secret@127.0.0.1:{port}/3", "ACL", "WHOAMI"));
        ToolRun refused = Cli("--no-auth-warning", "-a", "wrong", "PING");
        Assert.Equal((1, ""), (refused.ExitCode, refused.Output));
        Assert.Contains("WRONGPASS", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_unix_socket_is_a_way_too() =>
        Assert.Equal(new ToolRun(0, "PONG\n", ""), ToolRun.Of("cli", "-s", _server.Address.UnixPath!, "PING"));

    [Fact]
    public void Connections_may_be_encrypted()
    {
        using TlsServer server = TlsServer.Start();
        string[] options = ["cli", .. server.CliOptions];
        Assert.Equal(new ToolRun(0, "PONG\n", ""), ToolRun.Of([.. options, "PING"]));
        Assert.Equal(
            new ToolRun(0, "100000\n", ""), ToolRun.With(new string('x', 100_000), [.. options, "-x", "EVAL", "return #ARGV[1]", "0"]));
        ToolRun stranger = ToolRun.Of("cli", "--tls", "-h", "localhost", "-p", $"{server.Port}", "PING");
        Assert.Equal(1, stranger.ExitCode);
        Assert.Contains("--cacert", stranger.Error, StringComparison.Ordinal);
        ToolRun plain = ToolRun.Of("cli", "-p", $"{server.Port}", "PING");
        Assert.Equal(1, plain.ExitCode);
        Assert.DoesNotContain("   at ", plain.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Messages_are_printed_until_the_server_ends()
    {
        Task<ToolRun> run = Task.Run(() => Cli("SUBSCRIBE", "news", "more"));
        using (RespConnection connection = _server.Connect())
        {
            Patience.Until(() => connection.Call("PUBSUB NUMSUB more").ToString().Contains(":1", StringComparison.Ordinal));
            Assert.Equal(":1", connection.Call("PUBLISH news hello").ToString());
            connection.Call("CLIENT KILL TYPE pubsub");
        }
        ToolRun ended = await run;
        Assert.Equal("subscribe\nnews\n1\nsubscribe\nmore\n2\nmessage\nnews\nhello\n", ended.Output);
        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("closed by the server", ended.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cli --hots x", "--host")]
    [InlineData("cli -p", "needs a value")]
    [InlineData("cli -p 70000", "from 1 to 65535")]
    [InlineData("cli -p seven", "'seven'")]
    [InlineData("cli --raw=1 PING", "has no value")]
    [InlineData("cli -u http://x", "redis://")]
    [InlineData("cli -i never PING", "number of seconds")]
    [InlineData("cli -r 0 PING", "-1 for ever")]
    [InlineData("cly", "did you mean 'cli'?")]
    public void Mistakes_are_named_and_what_to_do(string line, string told)
    {
        ToolRun run = ToolRun.Of(line.Split(' '));
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains(told, run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd('\n').Split('\n'));
    }

    [Theory]
    [InlineData("--help", "bixbite COMMAND")]
    [InlineData("cli --help", "--insecure")]
    [InlineData("--version", "bixbite ")]
    public void Help_is_shown(string line, string told)
    {
        ToolRun run = ToolRun.Of(line.Split(' '));
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains(told, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_that_is_not_there_is_named()
    {
        ToolRun run = ToolRun.Of("cli", "-p", $"{FreePorts.Next()}", "PING");
        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Contains("bixbite server --port", run.Error, StringComparison.Ordinal);
        Assert.Contains("no address", ToolRun.Of("cli", "-s", "/" + new string('a', 200), "PING").Error, StringComparison.Ordinal);
        Assert.Contains("unixsocket", ToolRun.Of("cli", "-s", "/nowhere/s", "PING").Error, StringComparison.Ordinal);
    }

    private static string StoryBytes => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(Story));

    private ToolRun Cli(params string[] arguments) => ToolRun.Of(["cli", "-p", $"{_server.Address.Port}", .. arguments]);

    private string RunRedisCli(string input, string[] options)
    {
        using Process process = Process.Start(
            new ProcessStartInfo(Programs.RedisCli!, ["-p", $"{_server.Address.Port}", .. options])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                StandardOutputEncoding = Encoding.Latin1,
            })!;
        process.StandardInput.BaseStream.Write(Encoding.UTF8.GetBytes(input));
        process.StandardInput.Close();
        string output = process.StandardOutput.ReadToEnd();
        Assert.True(process.WaitForExit(Patience.LimitMs), "redis-cli does not end");
        return output;
    }
}
