using System.Text;
using Bixbite.Memory;
using Bixbite.Protocol;
using Xunit;

namespace Bixbite.Unit.Protocol;

/// <summary>Replies taken from a redis-server 7.0.15.</summary>
public sealed class ErrorTextTests : IDisposable
{
    private readonly Heap _heap = new();
    private readonly NativeBuffer _buffer;
    private readonly ReplyWriter _reply;

    public ErrorTextTests()
    {
        _buffer = new NativeBuffer(_heap, 16);
        _reply = new ReplyWriter(_buffer);
    }

    [Theory]
    [InlineData("foo|a", "-ERR unknown command 'foo', with args beginning with: 'a' \r\n")]
    [InlineData("foo", "-ERR unknown command 'foo', with args beginning with: \r\n")]
    [InlineData("f\0o|a\r\nb", "-ERR unknown command 'f', with args beginning with: 'a  b' \r\n")]
    [InlineData("f\no|\0a|b", "-ERR unknown command 'f o', with args beginning with: '' 'b' \r\n")]
    public void UnknownCommand_ShowsTheArguments(string request, string expected) => Assert.Equal(expected, UnknownCommand(request));

    [Theory]
    [InlineData(124, "b", "'b' ")]
    [InlineData(125, "b", "")]
    [InlineData(122, "bcdef", "'bcd' ")]
    public void UnknownCommand_CutsAt128(int length, string next, string shown)
    {
        string first = new('a', length);
        Assert.Equal(
            $"-ERR unknown command 'foo', with args beginning with: '{first}' {shown}\r\n",
            UnknownCommand($"foo|{first}|{next}"));
        string big = new('f', 200);
        string cut = big[..128];
        Assert.Equal($"-ERR unknown command '{cut}', with args beginning with: '{cut}' \r\n", UnknownCommand($"{big}|{big}|b"));
    }

    [Fact]
    public void Subcommands()
    {
        Assert.Equal(
            "-ERR unknown subcommand 'x y'. Try CLIENT HELP.\r\n",
            Written(() => ErrorText.UnknownSubcommand(_reply, "CLIENT"u8, "x\ny\0z"u8)));
        Assert.Equal(
            "-ERR unknown subcommand or wrong number of arguments for 'foo'. Try DEBUG HELP.\r\n",
            Written(() => ErrorText.SubcommandSyntax(_reply, "DEBUG"u8, "foo"u8)));
    }

    [Fact]
    public void Arguments_AreShown()
    {
        Assert.Equal(
            "-ERR wrong number of arguments for 'config|get' command\r\n",
            Written(() => ErrorText.WrongArity(_reply, "config|get"u8)));
        Assert.Equal("-ERR invalid expire time in 'set' command\r\n", Written(() => ErrorText.InvalidExpireTime(_reply, "set"u8)));
        Assert.Equal("-ERR Unsupported option a b\r\n", Written(() => ErrorText.UnsupportedOption(_reply, "a\nb\r\n"u8)));
        Assert.Equal(
            "-ERR value is out of range, value must between -1 and 5\r\n",
            Written(() => ErrorText.MustBeBetween(_reply, -1, 5)));
        Assert.Equal(
            "-ERR CONFIG SET failed (possibly related to argument 'maxmemory') - argument must be a memory value\r\n",
            Written(() => ErrorText.ConfigFailed(_reply, "maxmemory"u8, "argument must be a memory value"u8)));
        Assert.Equal(
            "-ERR CONFIG SET failed (possibly related to argument 'x')\r\n",
            Written(() => ErrorText.ConfigFailed(_reply, "x"u8, default)));
        Assert.Equal(
            "-NOPERM User a has no permissions to run the 'get' command\r\n",
            Written(() => AccessErrorText.NoPermission(_reply, "User a has no permissions to run the 'get' command"u8)));
    }

    [Theory]
    [InlineData(ProtocolError.TooBigInlineRequest, 0, "too big inline request")]
    [InlineData(ProtocolError.UnbalancedQuotes, 0, "unbalanced quotes in request")]
    [InlineData(ProtocolError.TooBigMultibulkCount, 0, "too big mbulk count string")]
    [InlineData(ProtocolError.InvalidMultibulkLength, 0, "invalid multibulk length")]
    [InlineData(ProtocolError.UnauthenticatedMultibulkLength, 0, "unauthenticated multibulk length")]
    [InlineData(ProtocolError.ExpectedDollar, 'x', "expected '$', got 'x'")]
    [InlineData(ProtocolError.ExpectedDollar, '\r', "expected '$', got ' '")]
    [InlineData(ProtocolError.TooBigBulkCount, 0, "too big bulk count string")]
    [InlineData(ProtocolError.InvalidBulkLength, 0, "invalid bulk length")]
    [InlineData(ProtocolError.UnauthenticatedBulkLength, 0, "unauthenticated bulk length")]
    public void ProtocolErrors(ProtocolError error, int unexpected, string text)
    {
        ParseResult result = new(ParseStatus.ProtocolError, 0, 0, error, (byte)unexpected);
        Assert.Equal($"-ERR Protocol error: {text}\r\n", Written(() => ErrorText.Protocol(_reply, result)));
    }

    public void Dispose()
    {
        _buffer.Dispose();
        _heap.Dispose();
    }

    private string UnknownCommand(string request)
    {
        Argument[] arguments = [.. request.Split('|').Select(Place)];
        string written = Written(() => ErrorText.UnknownCommand(_reply, arguments));
        foreach (Argument argument in arguments)
        {
            _heap.Free(argument.Address);
        }
        return written;
    }

    private Argument Place(string text)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(text);
        ulong address = _heap.Allocate(Math.Max(bytes.Length, 1));
        bytes.CopyTo(Native.Bytes(address, bytes.Length));
        return new Argument(address, bytes.Length);
    }

    private string Written(Action write)
    {
        _buffer.Truncate(0);
        write();
        return Encoding.Latin1.GetString(_buffer.Written(0));
    }
}
