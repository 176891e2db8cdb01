using System.Text;
using Bixbite.Protocol;
using Xunit;

namespace Bixbite.Unit.Protocol;

/// <summary>Every reply is read whole, split at every offset and one byte at a time.</summary>
public sealed class ReplyReaderTests
{
    [Theory]
    [InlineData("+OK\r\n", "+OK")]
    [InlineData("-ERR no\r\n", "-ERR no")]
    [InlineData(":-12\r\n", ":-12")]
    [InlineData("$3\r\na\r\n\r\n", "\"a\r\n\"")]
    [InlineData("$0\r\n\r\n", "\"\"")]
    [InlineData("$-1\r\n", "null")]
    [InlineData("*-1\r\n", "null")]
    [InlineData("_\r\n", "null")]
    [InlineData("*0\r\n", "*[]")]
    [InlineData("*3\r\n:1\r\n*2\r\n$1\r\na\r\n*0\r\n+x\r\n", "*[:1, *[\"a\", *[]], +x]")]
    [InlineData("%2\r\n+a\r\n:1\r\n+b\r\n~2\r\n:1\r\n:2\r\n", "%[+a, :1, +b, ~[:1, :2]]")]
    [InlineData(">2\r\n+message\r\n$1\r\nx\r\n", ">[+message, \"x\"]")]
    [InlineData("#t\r\n#f\r\n", "true\nfalse")]
    [InlineData(",1.5\r\n,inf\r\n,nan\r\n", ",1.5\n,inf\n,nan")]
    [InlineData("(-12345678901234567890\r\n", "(-12345678901234567890")]
    [InlineData("=7\r\ntxt:abc\r\n", "=txt:abc")]
    [InlineData("!5\r\nERR x\r\n", "!ERR x")]
    [InlineData("|1\r\n+ttl\r\n:5\r\n*2\r\n|1\r\n+a\r\n+b\r\n:1\r\n:2\r\n", "|[+ttl, :5] *[|[+a, +b] :1, :2]")]
    [InlineData("*1\r\n*1\r\n*1\r\n:1\r\n:2\r\n", "*[*[*[:1]]]\n:2")]
    [InlineData("|1\r\n+a\r\n:1\r\n|1\r\n+a\r\n:1\r\n+x\r\n", "broken")]
    [InlineData("*2\r\n:1\r\n", "")]
    [InlineData("x\r\n", "broken")]
    [InlineData("\r\n", "broken")]
    [InlineData(":1\r\n:x\r\n:2\r\n", ":1\nbroken")]
    [InlineData("$1\r\nabc\r\n", "broken")]
    [InlineData("$-2\r\n", "broken")]
    [InlineData("*-2\r\n", "broken")]
    [InlineData("%-1\r\n", "broken")]
    [InlineData("#x\r\n", "broken")]
    [InlineData("=2\r\nab\r\n", "broken")]
    [InlineData("(12a\r\n", "broken")]
    [InlineData("$536870913\r\n", "broken")]
    public void Replies_AreRead_HoweverTheyArrive(string bytes, string expected)
    {
        byte[] stream = Encoding.Latin1.GetBytes(bytes);
        Assert.Equal(expected, Read(stream));
        Assert.Equal(expected, Read([.. stream.Select(one => new[] { one })]));
        for (int offset = 1; offset < stream.Length; offset++)
        {
            Assert.Equal(expected, Read(stream[..offset], stream[offset..]));
        }
    }

    [Theory]
    [InlineData("*2\r\n:1\r\n:2\r\n", 400, true)]
    [InlineData("*2\r\n:1\r\n:2\r\n", 300, false)]
    [InlineData("*9\r\n:1\r\n:2\r\n", 300, false)]
    [InlineData("$500\r\n", 400, false)]
    public void AReply_MayTakeSoMuchMemory(string bytes, int sizeMax, bool isRead)
    {
        ReplyReader reader = new(bulkSizeMax: sizeMax, replySizeMax: sizeMax);
        for (int round = 0; round < 3; round++)
        {
            reader.Append(Encoding.ASCII.GetBytes(bytes));
            Assert.Equal(isRead, reader.TryRead(out _));
        }
        Assert.Equal((!isRead, !isRead), (reader.IsBroken, reader.IsTooLarge));
    }

    [Fact]
    public void Depth_IsLimited()
    {
        Assert.Equal("broken", Read(Encoding.Latin1.GetBytes(string.Concat(Enumerable.Repeat("*1\r\n", 1000)))));
        Assert.Equal("", Read("*2147483647\r\n*2147483647\r\n"u8.ToArray()));
    }

    [Fact]
    public void Unread_IsWhatFollows()
    {
        ReplyReader reader = new();
        reader.Append("+FULLRESYNC x 1\r\nREDIS0011"u8);
        Assert.True(reader.TryRead(out _));
        Assert.Equal("REDIS0011", Encoding.Latin1.GetString(reader.Unread));
        reader.Skip(5);
        Assert.Equal("0011", Encoding.Latin1.GetString(reader.Unread));
    }

    private static string Read(params byte[][] pieces)
    {
        ReplyReader reader = new();
        List<string> replies = [];
        foreach (byte[] piece in pieces)
        {
            reader.Append(piece);
            while (reader.TryRead(out Reply? reply))
            {
                replies.Add(reply.ToString());
            }
        }

        if (reader.IsBroken)
        {
            replies.Add("broken");
        }
        return string.Join('\n', replies);
    }
}
