using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Replies;

/// <summary>Commands that the Redis to compare with does not have yet, or that answer with a text of our own.</summary>
public sealed class NewerCommandTests : IDisposable
{
    private readonly TestServer _server = TestServer.Start();
    private readonly RespConnection _connection;

    public NewerCommandTests() => _connection = _server.Connect();

    [Theory]
    [InlineData("DELEX none", ":0")]
    [InlineData("DELEX k", ":1")]
    [InlineData("DELEX k IFEQ other", ":0")]
    [InlineData("DELEX k IFEQ 10", ":1")]
    [InlineData("DELEX k IFNE 10", ":0")]
    [InlineData("DELEX k IFNE other", ":1")]
    [InlineData("DELEX k IFDNE 0000000000000000", ":1")]
    [InlineData("DELEX k IFDEQ 0000000000000000", ":0")]
    [InlineData("DELEX k IFDEQ 0", "-ERR The digest must be exactly 16 hexadecimal characters")]
    [InlineData("DELEX k IFEQ", "-ERR wrong number of arguments for 'delex' command")]
    [InlineData("DELEX k NX 10", "-ERR Invalid condition. Use IFEQ, IFNE, IFDEQ, or IFDNE")]
    [InlineData("DELIFEQ k other", ":0")]
    [InlineData("DELIFEQ k 10", ":1")]
    [InlineData("DELIFEQ none 10", ":0")]
    public void Deleting_under_a_condition(string command, string reply)
    {
        _connection.Call("SET k 10");
        Assert.Equal(reply, _connection.Call(command).ToString());
        bool isDeleted = reply == ":1";
        Assert.Equal(isDeleted ? ":0" : ":1", _connection.Call("EXISTS k").ToString());
    }

    [Fact]
    public void A_digest_can_be_compared_with()
    {
        _connection.Call("SET k \"some longer value\"");
        string digest = _connection.Call("DIGEST k").Text;
        Assert.Matches("^[0-9a-f]{16}$", digest);
        Assert.Equal(":0", _connection.Call($"DELEX k IFDNE {digest}").ToString());
        Assert.Equal(":1", _connection.Call($"DELEX k IFDEQ {digest}").ToString());
        Assert.True(_connection.Call("DIGEST k").IsNull);
    }

    [Theory]
    [InlineData("INCREX none", "*[:1, :1]")]
    [InlineData("INCREX k", "*[:11, :1]")]
    [InlineData("INCREX k BYINT -15", "*[:-5, :-15]")]
    [InlineData("INCREX k BYFLOAT 1.5", "*[\"11.5\", \"1.5\"]")]
    [InlineData("INCREX k BYINT 5 UBOUND 12", "*[:10, :0]")]
    [InlineData("INCREX k BYINT 5 UBOUND 12 SATURATE", "*[:12, :2]")]
    [InlineData("INCREX k BYINT -5 LBOUND 8 SATURATE", "*[:8, :-2]")]
    [InlineData("INCREX k BYINT x", "-ERR Increment is not an integer or out of range")]
    [InlineData("INCREX k nosuch", "-ERR syntax error")]
    [InlineData("INCREX text", "-ERR value is not an integer or out of range")]
    public void Counting_within_bounds(string command, string reply)
    {
        _connection.Call("SET k 10");
        _connection.Call("SET text x");
        Assert.Equal(reply, _connection.Call(command).ToString());
    }

    [Fact]
    public void Counting_sets_a_deadline() => Expect.RepliesAtOneMoment(
        """
        INCREX k EX 100 => *[:1, :1]
        TTL k => :100
        INCREX k EX 5000 ENX => *[:2, :1]
        TTL k => :100
        INCREX k PERSIST => *[:3, :1]
        TTL k => :-1
        """);

    [Theory]
    [InlineData("CLIENT SETINFO lib-name my-lib", "+OK")]
    [InlineData("CLIENT SETINFO LIB-VER 1.2.3", "+OK")]
    [InlineData("CLIENT SETINFO lib-name \"my lib\"", "-ERR lib-name cannot contain spaces, newlines or special characters.")]
    [InlineData("CLIENT SETINFO nosuch x", "-ERR Unrecognized option 'nosuch'")]
    [InlineData("CLIENT NO-TOUCH ON", "+OK")]
    [InlineData("CLIENT NO-TOUCH OFF", "+OK")]
    [InlineData("CLIENT NO-TOUCH maybe", "-ERR syntax error")]
    public void Clients_tell_of_themselves(string command, string reply) => Assert.Equal(reply, _connection.Call(command).ToString());

    [Fact]
    public void A_library_is_seen_in_the_list()
    {
        _connection.Call("CLIENT SETINFO lib-name my-lib");
        _connection.Call("CLIENT SETINFO lib-ver 1.2.3");
        Assert.Contains(" lib-name=my-lib lib-ver=1.2.3 ", _connection.Call("CLIENT INFO").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Memory_stats_names_what_it_counts()
    {
        _connection.Call("HELLO 3");
        Reply stats = _connection.Call("MEMORY STATS");
        Assert.Equal('%', stats.Type);
        string[] names = [.. stats.Items.Chunk(2).Select(pair => pair[0].Text)];
        foreach (string name in (string[])["peak.allocated", "total.allocated", "keys.count", "dataset.bytes", "fragmentation"])
        {
            Assert.Contains(name, names);
        }
    }

    [Fact]
    public void Lolwut_draws_and_says_who_it_is()
    {
        string drawing = _connection.Call("LOLWUT").Text;
        Assert.True(drawing.Length > 200);
        Assert.Contains("ver", drawing, StringComparison.OrdinalIgnoreCase);
        Assert.True(_connection.Call("LOLWUT VERSION x").IsError);
    }

    public void Dispose()
    {
        _connection.Dispose();
        _server.Dispose();
    }
}
