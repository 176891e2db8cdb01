using System.Net;
using System.Net.Sockets;
using System.Text;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Tools;

/// <summary>
/// Whatever sends what it likes: the client of the tool ends with one sentence and an exit code, soon, and takes no more than it was
/// allowed.
/// </summary>
public sealed class HostileServerTests
{
    private const string LongReply = "*3\r\n$5\r\nhello\r\n%1\r\n+key\r\n,1.5\r\n|1\r\n+a\r\n:1\r\n$3\r\nend\r\n";

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n", "no reply")]
    [InlineData("\0\u0001\u0002\r\n", "no reply")]
    [InlineData("\x15\x03\x01\0\x02\x02\x46", "closed by the server")]
    [InlineData("$-5\r\n", "no reply")]
    [InlineData("$99999999999999999999\r\n", "no reply")]
    [InlineData("$2000000000\r\nabc", "megabyte")]
    [InlineData("*2147483647\r\n:1\r\n", "closed by the server")]
    [InlineData("*99999999999\r\n:1\r\n", "no reply")]
    [InlineData("", "closed by the server")]
    public void Garbage_is_one_sentence(string bytes, string told)
    {
        using Server server = new(Encoding.Latin1.GetBytes(bytes), isEndless: false);
        RequireSentence(server.Ask("PING"), told);
    }

    [Fact]
    public void A_connection_may_end_at_every_byte()
    {
        byte[] whole = Encoding.ASCII.GetBytes(LongReply);
        for (int length = 0; length < whole.Length; length++)
        {
            using Server server = new(whole[..length], isEndless: false);
            RequireSentence(server.Ask("PING"), "the server");
        }
    }

    /// <summary>What comes without an end is given up at the limit, and before the server has sent many times as much.</summary>
    [Theory]
    [InlineData("$900000\r\n", "x")]
    [InlineData("*2147483647\r\n", ":1\r\n")]
    [InlineData("*2147483647\r\n", "$1\r\nx\r\n")]
    [InlineData("", "*1\r\n")]
    [InlineData("", "*2\r\n$1\r\na\r\n")]
    [InlineData("", "|1\r\n+a\r\n+b\r\n")]
    [InlineData("", "+endless ")]
    [InlineData("%1000000000\r\n", "_\r\n")]
    public void What_does_not_end_is_given_up(string start, string endless)
    {
        using Server server = new(Encoding.ASCII.GetBytes(start), isEndless: true, Encoding.ASCII.GetBytes(endless));
        RequireSentence(server.Ask("--reply-max", "1", "PING"), "");
        Assert.InRange(server.SentBytes, 0, 64 * 1024 * 1024);
    }

    [Theory]
    [InlineData("--json")]
    [InlineData("--csv")]
    [InlineData("--no-raw")]
    [InlineData("-3")]
    public void A_strange_greeting_is_one_sentence(string format)
    {
        using Server server = new("*-1\r\n"u8.ToArray(), isEndless: false);
        RequireSentence(server.Ask("--no-auth-warning", "-a", "x", "-n", "3", format, "GET", "x"), "");
    }

    [Fact]
    public void A_terminal_is_not_moved_by_what_stands_outside_of_quotes()
    {
        using Server server = new("-ERR \u001b[2J\u0007\u009b2J \r\n"u8.ToArray(), isEndless: false);
        ToolRun run = server.Ask("--no-raw", "PING");
        Assert.Equal("(error) ERR .[2J.", run.Output[..17]);
        Assert.DoesNotContain('\e', run.Output);
        Assert.DoesNotContain('\u009b', run.Output);
    }

    private static void RequireSentence(ToolRun run, string told)
    {
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(told, run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd('\n').Split('\n'));
        Assert.DoesNotContain("Exception", run.Error, StringComparison.Ordinal);
    }

    /// <summary>Answers one connection with fixed bytes, once it has been asked something, and ends it; or goes on for ever.</summary>
    private sealed class Server : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly Task _serving;

        public Server(byte[] bytes, bool isEndless, byte[]? more = null)
        {
            _listener.Start();
            _serving = Task.Run(() => Serve(bytes, isEndless ? Repeat(more!) : []));
        }

        public long SentBytes { get; private set; }

        public ToolRun Ask(params string[] arguments) =>
            ToolRun.Of(["cli", "-p", $"{((IPEndPoint)_listener.LocalEndpoint).Port}", .. arguments]);

        public void Dispose()
        {
            _listener.Stop();
            Assert.True(((IAsyncResult)_serving).AsyncWaitHandle.WaitOne(Patience.LimitMs), "the server does not end");
        }

        private static byte[] Repeat(byte[] piece) => [.. Enumerable.Repeat(piece, 16_384 / piece.Length).SelectMany(bytes => bytes)];

        private void Serve(byte[] bytes, byte[] endless)
        {
            try
            {
                using Socket client = _listener.AcceptSocket();
                client.Receive(new byte[4096]);
                client.Send(bytes);
                while (endless.Length > 0)
                {
                    SentBytes += client.Send(endless);
                }
                client.Shutdown(SocketShutdown.Send);
                while (client.Receive(new byte[4096]) > 0)
                {
                    // The client says more, and is not answered.
                }
            }
            catch (SocketException)
            {
                // The client is gone.
            }
        }
    }
}
