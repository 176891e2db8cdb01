using System.Globalization;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Replies;

/// <summary>Replies of as many random elements as the client asks for: any number, in slices, while others are served.</summary>
public sealed class DrawnElementTests
{
    [Fact]
    public void Ranges_are_those_of_Redis() => Compare.SameReplies(
        """
        SADD s a b c
        HSET h f v g w
        ZADD z 1 a 2 b
        SRANDMEMBER s -9223372036854775808
        SRANDMEMBER s 9223372036854775808
        %SRANDMEMBER s 9223372036854775807
        SRANDMEMBER s -9223372036854775808 7
        HRANDFIELD h -9223372036854775808
        HRANDFIELD h 9223372036854775808
        %HRANDFIELD h 9223372036854775807
        HRANDFIELD h 9223372036854775807 WITHVALUES
        HRANDFIELD h 4611686018427387904 WITHVALUES
        ~HRANDFIELD h 4611686018427387903 WITHVALUES
        HRANDFIELD h -4611686018427387905 WITHVALUES
        HRANDFIELD h -4611686018427387904 WITHVALUES
        HRANDFIELD h -4611686018427387905 x
        HRANDFIELD h a withvalues x
        HRANDFIELD h -4611686018427387905 withvalues x
        ZRANDMEMBER z -9223372036854775808
        ZRANDMEMBER z 9223372036854775808
        %ZRANDMEMBER z 9223372036854775807
        ZRANDMEMBER z 4611686018427387904 WITHSCORES
        ZRANDMEMBER z -4611686018427387905 WITHSCORES
        ZRANDMEMBER z -4611686018427387904 WITHSCORES
        ZRANDMEMBER z -9223372036854775808 x
        SRANDMEMBER none -9223372036854775807
        HRANDFIELD none -9223372036854775807
        ZRANDMEMBER none -9223372036854775807
        SRANDMEMBER none -9223372036854775807 x
        SPOP s -1
        SPOP s 9223372036854775808
        """);

    [Theory]
    [InlineData("SRANDMEMBER s -30000", 30_000)]
    [InlineData("SRANDMEMBER ints -30000", 30_000)]
    [InlineData("SRANDMEMBER large -30000", 30_000)]
    [InlineData("HRANDFIELD h -30000", 30_000)]
    [InlineData("HRANDFIELD h -30000 WITHVALUES", 60_000)]
    [InlineData("HRANDFIELD big -30000 WITHVALUES", 60_000)]
    [InlineData("ZRANDMEMBER z -30000 WITHSCORES", 60_000)]
    [InlineData("ZRANDMEMBER bigz -30000", 30_000)]
    public void All_elements_come(string command, int size)
    {
        using TestServer server = TestServer.Start();
        using RespConnection client = Filled(server);
        client.Send("CONFIG RESETSTAT");
        client.Send(command);
        client.Send("PING");
        client.Read();
        Assert.Equal(size, client.Read().Items.Count);
        Assert.Equal("PONG", client.Read().Text);
        string name = command.Split(' ')[0].ToLowerInvariant();
        Assert.Contains($"cmdstat_{name}:calls=1,", client.Call("INFO commandstats").Text, StringComparison.Ordinal);
        Assert.Contains("keyspace_hits:1\r", client.Call("INFO stats").Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("4")]
    public void A_reply_without_end_keeps_nobody_waiting_and_no_memory(string threads)
    {
        using TestServer server = TestServer.Start("--io-threads", threads);
        using RespConnection other = Filled(server);
        long before = UsedMemory(other);
        using RespConnection greedy = server.Connect();
        using RespConnection slow = server.Connect();
        greedy.Send("SRANDMEMBER s -4611686018427387905");
        slow.Send("HRANDFIELD big -99999999");
        Assert.Equal("*4611686018427387905", greedy.ReadLine());
        for (int i = 0; i < 200_000; i++)
        {
            Assert.Equal("$1", greedy.ReadLine());
            Assert.Contains(greedy.ReadLine(), (string[])["a", "b", "c"]);
            if (i % 10_000 == 0)
            {
                Assert.Equal("PONG", other.Call("PING").Text);
            }
        }
        Assert.True(UsedMemory(other) - before < 4_000_000);
    }

    [Theory]
    [InlineData("DEL s", "")]
    [InlineData("FLUSHALL", "")]
    [InlineData("SET s text", "")]
    [InlineData("SADD s d", "d")]
    public void A_collection_that_changes_or_goes_meanwhile(string change, string added)
    {
        using TestServer server = TestServer.Start();
        using RespConnection other = Filled(server);
        using RespConnection client = server.Connect();
        client.Send("SRANDMEMBER s -3000000");
        Assert.Equal("*3000000", client.ReadLine());
        Assert.False(other.Call(change).IsError);
        var seen = new HashSet<string>();
        for (int i = 0; i < 3_000_000; i++)
        {
            Assert.Equal("$1", client.ReadLine());
            seen.Add(client.ReadLine());
        }
        Assert.Subset(new HashSet<string> { "a", "b", "c", "d" }, seen);
        Assert.True(added.Length == 0 || seen.Contains(added));
        Assert.Equal("PONG", client.Call("PING").Text);
    }

    [Fact]
    public void A_client_that_is_killed_or_leaves_meanwhile()
    {
        using TestServer server = TestServer.Start();
        using RespConnection other = Filled(server);
        using RespConnection killed = server.Connect();
        string id = killed.Call("CLIENT ID").Text;
        killed.Send("HRANDFIELD big -99999999");
        Assert.Equal("*99999999", killed.ReadLine());
        Assert.Equal("1", other.Call($"CLIENT KILL ID {id}").Text);
        using RespConnection leaving = server.Connect();
        leaving.Send("HRANDFIELD big -99999999");
        Assert.Equal("*99999999", leaving.ReadLine());
        leaving.Reset();
        Assert.Equal("PONG", other.Call("PING").Text);
    }

    [Fact]
    public void Nobody_waits_where_nothing_may_come_in_between()
    {
        using TestServer server = TestServer.Start();
        using RespConnection client = Filled(server);
        foreach (string command in (string[])["MULTI", "SRANDMEMBER s -30000", "SRANDMEMBER s -4611686018427387905", "PING"])
        {
            client.Call(command);
        }
        Reply replies = client.Call("EXEC");
        Assert.Equal(30_000, replies.Items[0].Items.Count);
        Assert.True(replies.Items[1].IsError);
        Assert.Equal("PONG", replies.Items[2].Text);
        client.Send("CLIENT REPLY SKIP");
        client.Send("SRANDMEMBER s -4611686018427387905");
        Assert.Equal("PONG", client.Call("PING").Text);
    }

    private static long UsedMemory(RespConnection client)
    {
        string[] lines = client.Call("INFO memory").Text.Split("\r\n");
        string line = lines.First(text => text.StartsWith("used_memory:", StringComparison.Ordinal));
        return long.Parse(line.AsSpan(12), CultureInfo.InvariantCulture);
    }

    private static RespConnection Filled(TestServer server)
    {
        RespConnection client = server.Connect();
        string fields = string.Join(' ', Enumerable.Range(0, 2000).Select(i => $"f{i} v{i}"));
        string members = string.Join(' ', Enumerable.Range(0, 2000).Select(i => $"m{i}"));
        string scores = string.Join(' ', Enumerable.Range(0, 2000).Select(i => $"{i} m{i}"));
        string[] commands =
        [
            "SADD s a b c", "HSET h f v g w", "ZADD z 1 a 2 b", $"HSET big {fields}", "SADD ints 1 2 3", $"SADD large {members}",
            $"ZADD bigz {scores}",
        ];
        foreach (string command in commands)
        {
            Assert.False(client.Call(command).IsError);
        }
        return client;
    }
}
