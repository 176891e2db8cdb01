using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Protocol;

/// <summary>TCP keeps no borders: however a request is cut, its reply is the same.</summary>
public sealed class PieceTests : IDisposable
{
    private readonly TestServer _server = TestServer.Start();
    private readonly Pieces _pieces;

    public PieceTests() => _pieces = new Pieces(_server.Address);

    [Theory]
    [InlineData("PING")]
    [InlineData("SET key \"a value with \\r\\n in it\" EX 100")]
    [InlineData("ECHO \"\"")]
    [InlineData("NOSUCH command")]
    [InlineData("GET")]
    [InlineData("MGET a b c d e f g h")]
    public void An_array_of_bulk_strings(string command) => _pieces.AssertSame(CommandLine.Encode(command));

    [Theory]
    [InlineData("PING\r\n")]
    [InlineData("PING\n")]
    [InlineData("  ECHO   'single quoted'  \r\n")]
    [InlineData("ECHO \"double \\x41 quoted\"\r\n")]
    [InlineData("SET k \"unbalanced\r\n")]
    public void An_inline_command(string line) => _pieces.AssertSame(System.Text.Encoding.ASCII.GetBytes(line));

    [Fact]
    public void A_pipeline_of_both_kinds() => _pieces.AssertSame(
        [
            .. CommandLine.Encode("SET a 1"), .. "\r\nPING\r\n"u8, .. CommandLine.Encode("GET a"), .. "GET a\n"u8, .. "*0\r\n*-1\r\n"u8,
            .. CommandLine.Encode("SET a x EX nonsense"), .. CommandLine.Encode("STRLEN a"),
        ],
        replyCount: 6);

    [Theory]
    [InlineData(16 * 1024)]
    [InlineData(32 * 1024 - 1)]
    [InlineData(32 * 1024)]
    [InlineData(70_000)]
    public void A_long_value(int size)
    {
        byte[] value = [.. Enumerable.Range(0, size).Select(i => (byte)i)];
        _pieces.AssertSameAround(CommandLine.Encode("SET"u8.ToArray(), "big"u8.ToArray(), value), size / 2, 4096, 16 * 1024, 32 * 1024);
        using RespConnection connection = _server.Connect();
        Assert.Equal(value, connection.Call("GET big").Bytes);
    }

    [Fact]
    public void A_long_value_in_many_pieces_amid_other_requests()
    {
        byte[] value = [.. Enumerable.Range(0, 3_000_000).Select(i => (byte)(i * 7))];
        byte[] set = CommandLine.Encode("SET"u8.ToArray(), "big"u8.ToArray(), value);
        byte[] request = [.. CommandLine.Encode("PING"), .. set, .. CommandLine.Encode("GET big")];
        using RespConnection connection = _server.Connect();
        foreach (byte[] piece in request.Chunk(99_991))
        {
            connection.Send(piece);
        }
        Assert.Equal("PONG", connection.Read().Text);
        Assert.Equal("OK", connection.Read().Text);
        Assert.Equal(value, connection.Read().Bytes);
    }

    public void Dispose()
    {
        _pieces.Dispose();
        _server.Dispose();
    }
}
