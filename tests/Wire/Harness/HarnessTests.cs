using System.Text;

namespace Bixbite.Wire.Harness;

/// <summary>The harness itself, so that a test that fails points at the server.</summary>
public sealed class HarnessTests
{
    [Theory]
    [InlineData("SET k v", "SET|k|v")]
    [InlineData("  SET   k  \"a b\"  ", "SET|k|a b")]
    [InlineData("SET \"\" ''", "SET||")]
    [InlineData("SET \"a\\x41\\n\\\"\" 'it\\'s \\n'", "SET|aA\n\"|it's \\n")]
    [InlineData("ECHO é😀", "ECHO|é😀")]
    [InlineData("ECHO a\\b\"c", "ECHO|a\\b\"c")]
    public void Command_lines_split_as_in_redis_cli(string line, string expected) =>
        Assert.Equal(expected, string.Join('|', CommandLine.Split(line).Select(Encoding.UTF8.GetString)));

    [Fact]
    public void Unbalanced_quotes_are_refused() => Assert.Throws<ArgumentException>(() => CommandLine.Split("SET \"a"));

    [Theory]
    [InlineData("+OK\r\n")]
    [InlineData("$-1\r\n")]
    [InlineData("*-1\r\n")]
    [InlineData("*2\r\n$3\r\nabc\r\n*1\r\n:5\r\n")]
    [InlineData("%1\r\n+k\r\n~2\r\n#t\r\n,1.5\r\n")]
    [InlineData("=6\r\ntxt:ab\r\n")]
    [InlineData("_\r\n")]
    public void A_reply_is_read_when_its_last_byte_is_there(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        for (int length = 1; length < bytes.Length; length++)
        {
            Assert.False(Reply.TryRead(bytes.AsSpan(0, length), out _, out _));
        }
        Assert.True(Reply.TryRead(bytes, out _, out int size));
        Assert.Equal(bytes.Length, size);
    }

    [Theory]
    [InlineData("%2\r\n+a\r\n:1\r\n+b\r\n:2\r\n", "%2\r\n+b\r\n:2\r\n+a\r\n:1\r\n", true)]
    [InlineData("%2\r\n+a\r\n:1\r\n+b\r\n:2\r\n", "%2\r\n+b\r\n:1\r\n+a\r\n:2\r\n", false)]
    [InlineData("*2\r\n+a\r\n+b\r\n", "*2\r\n+b\r\n+a\r\n", true)]
    [InlineData("*2\r\n+a\r\n+a\r\n", "*2\r\n+b\r\n+a\r\n", false)]
    public void Items_compare_in_any_order(string left, string right, bool expected) =>
        Assert.Equal(expected, Parse(left).HasItemsOf(Parse(right)));

    [Fact]
    public void A_server_answers_on_its_port_and_on_its_socket()
    {
        using TestServer server = TestServer.Start();
        using RespConnection tcp = server.Connect();
        using RespConnection unix = server.ConnectUnix();
        Assert.Equal("OK", tcp.Call("SET k \"a b\"").Text);
        Assert.Equal("a b", unix.Call("GET k").Text);
    }

    [Fact]
    public void Requests_in_pieces_get_the_same_reply()
    {
        using TestServer server = TestServer.Start();
        using Pieces pieces = new(server.Address);
        pieces.AssertSame([.. CommandLine.Encode("ECHO hello"), .. "PING inline\r\n"u8], replyCount: 2);
    }

    [Fact]
    public void Redis_and_the_server_agree() => Compare.SameReplies(
        """
        SET k 1 EX 100
        INCR k
        SET k x NX
        GET nothing
        ~TIME
        MSET a 1 b 2
        %KEYS *
        PING "a b"
        GET
        """);

    [Fact]
    public void A_process_ends_on_SIGTERM_with_exit_code_0()
    {
        using ServerProcess process = ServerProcess.Start(Programs.Server);
        process.WaitForLine("Ready to accept connections");
        process.Signal("TERM");
        Assert.Equal(0, process.WaitForExit());
    }

    [Fact]
    public void A_process_that_cannot_start_tells_why()
    {
        using TempFolder folder = new();
        using ServerProcess process = ServerProcess.StartRaw(Programs.Server, folder, port: 0, "--no-such-directive", "1");
        Assert.NotEqual(0, process.WaitForExit());
        Assert.Contains("no-such-directive", process.Output, StringComparison.Ordinal);
    }

    private static Reply Parse(string text) =>
        Reply.TryRead(Encoding.UTF8.GetBytes(text), out Reply? reply, out _) ? reply! : throw new InvalidDataException();
}
