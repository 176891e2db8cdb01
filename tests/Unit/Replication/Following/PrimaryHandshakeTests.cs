using System.Text;
using Bixbite.Replication.Following;
using Xunit;

namespace Bixbite.Unit.Replication.Following;

/// <summary>A handshake without a connection: the lines of a primary, and what they lead to.</summary>
public sealed class PrimaryHandshakeTests
{
    private const string Id = "0123456789abcdef0123456789abcdef01234567";
    private const string Other = "89abcdef0123456789abcdef0123456789abcdef";

    private static readonly HandshakeOptions s_options = new() { Port = 6380, Version = "7.2.4" };

    [Fact]
    public void It_begins_with_a_ping() => Assert.Equal("PING", Requests(PrimaryHandshake.Begin()));

    [Fact]
    public void It_tells_of_this_server_at_once_and_asks_when_all_is_answered()
    {
        PrimaryHandshake handshake = new(s_options);
        Assert.Equal(
            "REPLCONF listening-port 6380|REPLCONF capa eof capa psync2 capa field-expiry|REPLCONF version 7.2.4",
            Requests(Take(handshake, "+PONG")));
        Assert.Equal("", Requests(Take(handshake, "+OK")));
        Assert.Equal("", Requests(Take(handshake, "-ERR what?")));
        Assert.Equal("PSYNC ? -1", Requests(Take(handshake, "-ERR what?")));
        Assert.Equal(HandshakeResult.GoesOn, Take(handshake, "").Result);
        Assert.Equal(HandshakeResult.Full, Take(handshake, $"+FULLRESYNC {Id.ToUpperInvariant()} 77").Result);
        Assert.Equal((Id, 77), (handshake.Id, handshake.Offset));
    }

    [Theory]
    [InlineData("", "secret", "AUTH secret")]
    [InlineData("me", "secret", "AUTH me secret")]
    [InlineData("me", "", "REPLCONF listening-port 6380")]
    public void It_gives_the_password_that_is_wanted(string user, string password, string first)
    {
        PrimaryHandshake handshake = new(
            s_options with { User = Encoding.UTF8.GetBytes(user), Password = Encoding.UTF8.GetBytes(password) });
        Assert.Equal(first, Requests(Take(handshake, "-NOAUTH Authentication required.")).Split('|')[0]);
        if (password.Length > 0)
        {
            Assert.Equal("Unable to AUTH to primary: -WRONGPASS x", Take(handshake, "-WRONGPASS x").Note);
        }
    }

    [Fact]
    public void It_says_where_it_can_be_reached()
    {
        PrimaryHandshake handshake = new(s_options with { Address = "example.com" });
        Assert.Equal("REPLCONF ip-address example.com", Requests(Take(handshake, "+PONG")).Split('|')[1]);
    }

    [Theory]
    [InlineData("+CONTINUE", null)]
    [InlineData("+CONTINUE " + Id, null)]
    [InlineData("+CONTINUE " + Other, Other)]
    public void It_goes_on_where_it_was(string line, string? newId)
    {
        PrimaryHandshake handshake = Asked(s_options with { Id = Id, Offset = 12 }, $"PSYNC {Id} 12");
        Assert.Equal(HandshakeResult.Continued, Take(handshake, line).Result);
        Assert.Equal(newId, handshake.NewId);
    }

    [Theory]
    [InlineData("+CONTINUE x")]
    [InlineData("+CONTINUE " + Id + "0")]
    [InlineData("+FULLRESYNC")]
    [InlineData("+FULLRESYNC " + Id)]
    [InlineData("+FULLRESYNC " + Id + " -2")]
    [InlineData("+FULLRESYNC " + Id + " 1 2")]
    [InlineData("+FULLRESYNCx" + Id + " 1")]
    [InlineData("+OK")]
    [InlineData("$5")]
    [InlineData("-LOADING x")]
    [InlineData("-NOMASTERLINK x")]
    [InlineData("-NOPERM x")]
    public void It_fails_by_an_answer_that_is_none(string line)
    {
        PrimaryHandshake handshake = Asked(s_options with { Id = Id, Offset = 12 }, $"PSYNC {Id} 12");
        HandshakeStep step = Take(handshake, line);
        Assert.Equal(HandshakeResult.Failed, step.Result);
        Assert.Contains(line.Split(' ')[^1], step.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void It_asks_an_older_primary_in_the_old_way()
    {
        HandshakeStep step = Take(Asked(s_options, "PSYNC ? -1"), "-ERR unknown command");
        Assert.Equal(HandshakeResult.Old, step.Result);
        Assert.Equal("SYNC\r\n"u8.ToArray(), step.Bytes);
    }

    private static PrimaryHandshake Asked(HandshakeOptions options, string request)
    {
        PrimaryHandshake handshake = new(options);
        Take(handshake, "+PONG");
        Take(handshake, "+OK");
        Take(handshake, "+OK");
        Assert.Equal(request, Requests(Take(handshake, "+OK")));
        return handshake;
    }

    private static HandshakeStep Take(PrimaryHandshake handshake, string line) => handshake.Take(Encoding.ASCII.GetBytes(line));

    /// <summary>The requests that a step sends, as words.</summary>
    private static string Requests(HandshakeStep step)
    {
        string[] lines = Encoding.ASCII.GetString(step.Bytes ?? []).Split("\r\n");
        StringBuilder text = new();
        foreach (string line in lines.SkipLast(1))
        {
            text.Append(line[0] switch
            {
                '*' => text.Length > 0 ? "|" : "",
                '$' => "",
                _ => (text.Length > 0 && text[^1] != '|' ? " " : "") + line,
            });
        }
        return text.ToString();
    }
}
