using System.Globalization;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.SortedSets;

/// <summary>Members at random, walks, and scores as text.</summary>
public sealed class MemberTests
{
    [Theory]
    [InlineData("128")]
    [InlineData("0")]
    public void Random_members_beside_Redis(string entriesMax)
    {
        using Compare compare = new("--zset-max-listpack-entries", entriesMax);
        compare.Run(
            """
            ZADD z 1 a 2 b 3 c
            ZADD one 1 a
            SET s text
            ~ZRANDMEMBER z
            ~ZRANDMEMBER z 1
            ~ZRANDMEMBER z 2 WITHSCORES
            %ZRANDMEMBER z 3
            %ZRANDMEMBER z 10 WITHSCORES
            ~ZRANDMEMBER z -10
            ~ZRANDMEMBER z -5 WITHSCORES
            ZRANDMEMBER one
            ZRANDMEMBER one 5
            ZRANDMEMBER one -3 WITHSCORES
            ZRANDMEMBER z 0
            ZRANDMEMBER nokey
            ZRANDMEMBER nokey 5
            ZRANDMEMBER nokey -5 WITHSCORES
            ZRANDMEMBER s
            ZRANDMEMBER s 1
            ZRANDMEMBER z x
            ZRANDMEMBER z 1 NOPE
            ZRANDMEMBER z 1 WITHSCORES NOPE
            ZRANDMEMBER z -9223372036854775808
            ZRANDMEMBER z -9223372036854775807 WITHSCORES
            ZRANDMEMBER z 9223372036854775807 WITHSCORES
            ZRANDMEMBER
            """.Split('\n'));
    }

    [Fact]
    public void Random_members_differ_and_cover_everything()
    {
        using TestServer server = TestServer.Start();
        using RespConnection connection = server.Connect();
        connection.Call($"ZADD z {string.Join(' ', Enumerable.Range(0, 500).Select(i => $"{i} m{i}"))}");
        foreach (int count in (int[])[2, 50, 61, 100, 400, 499, 500])
        {
            string[] members = [.. connection.Call($"ZRANDMEMBER z {count}").Items.Select(item => item.Text)];
            Assert.Equal(count, members.Distinct().Count());
        }
        var seen = new HashSet<string>();
        for (int i = 0; i < 100 && seen.Count < 500; i++)
        {
            seen.UnionWith(connection.Call("ZRANDMEMBER z 50").Items.Select(item => item.Text));
        }
        Assert.Equal(500, seen.Count);
    }

    [Fact]
    public void Walks_beside_Redis() => Compare.SameReplies(
        """
        ZADD z 1 a 2 b 3 cc 4 10 -1 ccc inf d
        SET s text
        ZSCAN z 0
        ZSCAN z 0 MATCH c*
        ZSCAN z 0 MATCH 1*
        ZSCAN z 0 COUNT 1
        ZSCAN z 5
        ZSCAN nokey 0
        ZSCAN nokey 0 BOGUS
        ZSCAN s 0
        ZSCAN z x
        ZSCAN z 0 COUNT 0
        ZSCAN z 0 COUNT x
        ZSCAN z 0 COUNT
        ZSCAN z 0 MATCH
        ZSCAN z 0 TYPE zset
        ZSCAN z
        """);

    [Fact]
    public void A_walk_meets_every_member_once()
    {
        using TestServer server = TestServer.Start();
        using RespConnection connection = server.Connect();
        connection.Call("HELLO 3");
        connection.Call($"ZADD z {string.Join(' ', Enumerable.Range(0, 1000).Select(i => $"{i * 0.5} m{i}"))}");
        var found = new List<string>();
        string cursor = "0";
        int rounds = 0;
        do
        {
            Reply page = connection.Call($"ZSCAN z {cursor} COUNT 50");
            cursor = page.Items[0].Text;
            foreach (Reply[] pair in page.Items[1].Items.Chunk(2))
            {
                Assert.Equal('$', pair[1].Type);
                Assert.Equal($"m{double.Parse(pair[1].Text, CultureInfo.InvariantCulture) * 2}", pair[0].Text);
                found.Add(pair[0].Text);
            }
            rounds++;
        }
        while (cursor != "0");
        Assert.Equal(1000, found.Count);
        Assert.Equal(1000, found.Distinct().Count());
        Assert.InRange(rounds, 2, 21);
        Assert.Equal("-ERR NOVALUES option can only be used in HSCAN", connection.Call("ZSCAN z 0 NOVALUES").ToString());
    }

    /// <summary>Newer than the Redis to be had for comparison.</summary>
    [Fact]
    public void Ranks_with_scores() => Expect.Replies(
        """
        ZADD z 1 a 2.5 b inf c => :3
        ZRANK z a WITHSCORE => *[:0, "1"]
        ZREVRANK z a withscore => *[:2, "1"]
        ZRANK z b WITHSCORE => *[:1, "2.5"]
        ZRANK z nothing WITHSCORE => (nil)
        ZRANK nokey a WITHSCORE => (nil)
        ZRANK z a WITHSCORES => -ERR syntax error
        ZRANK z a WITHSCORE x => -ERR wrong number of arguments for 'zrank' command
        """);

    /// <summary>What a client sends comes back as the same number in the fewest digits, from either form of a set.</summary>
    [Theory]
    [InlineData("128")]
    [InlineData("0")]
    public void Scores_round_trip(string entriesMax)
    {
        using TestServer server = TestServer.Start("--zset-max-listpack-entries", entriesMax);
        using RespConnection connection = server.Connect();
        var random = new Random(5);
        for (int i = 0; i < 2_000; i++)
        {
            double score = BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue));
            if (!double.IsFinite(score))
            {
                continue;
            }
            connection.Call($"ZADD z {score.ToString("R", CultureInfo.InvariantCulture)} m");
            string text = connection.Call("ZSCORE z m").Text;
            Assert.Equal(score, double.Parse(text, CultureInfo.InvariantCulture));
        }
        foreach ((string written, string read) in ((string, string)[])
            [
                ("0.1", "0.1"), ("1e21", "1e+21"), ("1.5e-7", "1.5e-7"), ("100", "100"), ("3.0", "3"), ("inf", "inf"), ("-inf", "-inf"),
                ("1.7976931348623157e308", "1.7976931348623157e+308"), ("5e-324", "5e-324"), ("0.30000000000000004", "0.30000000000000004"),
            ])
        {
            connection.Call($"ZADD z {written} m");
            Assert.Equal(read, connection.Call("ZSCORE z m").Text);
        }
    }
}
