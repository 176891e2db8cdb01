using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Server;

/// <summary>COMMANDLOG: commands that took long, came with a large request or gave a large reply.</summary>
public sealed class CommandLogTests
{
    private static readonly string s_large = new('A', 120);

    [Fact]
    public void Requests_and_replies_are_kept_from_their_threshold_on()
    {
        using TestServer server = TestServer.Start(
            "--commandlog-request-larger-than", "100", "--commandlog-reply-larger-than", "100");
        using RespConnection client = server.Connect();
        client.Call("CLIENT SETNAME shop");
        client.Call("PING");
        Assert.Equal(0, client.Call("COMMANDLOG LEN large-request").Integer);
        Assert.Equal(0, client.Call("COMMANDLOG LEN large-reply").Integer);
        client.Call($"SET k {s_large}");
        client.Call("GET k");
        Reply request = Assert.Single(client.Call("COMMANDLOG GET -1 large-request").Items);
        Assert.Equal($"*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$120\r\n{s_large}\r\n".Length, request.Items[2].Integer);
        Assert.Equal(["SET", "k", s_large], request.Items[3].Items.Select(item => item.Text));
        Assert.Equal("shop", request.Items[5].Text);
        Reply reply = client.Call("COMMANDLOG GET -1 LARGE-REPLY").Items[^1];
        Assert.Equal($"$120\r\n{s_large}\r\n".Length, reply.Items[2].Integer);
        Assert.Equal(["GET", "k"], reply.Items[3].Items.Select(item => item.Text));
    }

    /// <summary>A request in front of another one is not taken for a part of it, however they arrive.</summary>
    [Fact]
    public void Each_request_of_a_pipeline_has_its_own_size()
    {
        using TestServer server = TestServer.Start("--commandlog-request-larger-than", "100");
        using RespConnection client = server.Connect();
        byte[] one = CommandLine.Encode("SET key value");
        byte[] all = [.. Enumerable.Repeat(one, 50).SelectMany(each => each), .. CommandLine.Encode($"SET large {s_large}"), .. one];
        client.SendRaw(all);
        for (int i = 0; i < 52; i++)
        {
            Assert.Equal("OK", client.Read().Text);
        }
        Reply entry = Assert.Single(client.Call("COMMANDLOG GET -1 large-request").Items);
        Assert.Equal("large", entry.Items[3].Items[1].Text);
    }

    [Fact]
    public void The_requests_of_a_transaction_and_of_a_wait_are_kept_too()
    {
        using TestServer server = TestServer.Start("--commandlog-reply-larger-than", "100", "--commandlog-request-larger-than", "100");
        using RespConnection client = server.Connect();
        using RespConnection other = server.Connect();
        client.Call("MULTI");
        client.Call($"SET k {s_large}");
        client.Call("EXEC");
        Assert.Equal("SET", Assert.Single(client.Call("COMMANDLOG GET -1 large-request").Items).Items[3].Items[0].Text);
        client.Send("BLPOP list 0");
        other.AwaitBlocked(1);
        other.Call($"RPUSH list {s_large}");
        client.Read();
        Assert.Contains(
            other.Call("COMMANDLOG GET -1 large-reply").Items, entry => entry.Items[3].Items[0].Text == "BLPOP");
    }

    [Fact]
    public void The_slow_log_is_one_of_them()
    {
        using TestServer server = TestServer.Start("--commandlog-execution-slower-than", "0", "--commandlog-slow-execution-max-len", "3");
        using RespConnection client = server.Connect();
        client.Call("SLOWLOG RESET");
        client.Call("SET k v");
        client.Call("EVAL \"return redis.call('get', 'k')\" 0");
        Reply entries = client.Call("COMMANDLOG GET 2 slow");
        Assert.Equal(["EVAL", "get"], entries.Items.Select(entry => entry.Items[3].Items[0].Text));
        Assert.Equal(entries.Items[0].Items[4].Text, entries.Items[1].Items[4].Text);
        Assert.Equal(3, client.Call("SLOWLOG LEN").Integer);
        client.Call("CONFIG SET slowlog-log-slower-than -1");
        Assert.Equal("-1", client.Call("CONFIG GET commandlog-execution-slower-than").Items[1].Text);
        Assert.Equal("OK", client.Call("COMMANDLOG RESET slow").Text);
        Assert.Equal(0, client.Call("SLOWLOG LEN").Integer);
    }

    [Fact]
    public void A_log_of_no_entries_keeps_none()
    {
        using TestServer server = TestServer.Start(
            "--commandlog-request-larger-than", "0", "--commandlog-large-request-max-len", "0",
            "--commandlog-reply-larger-than", "0", "--commandlog-large-reply-max-len", "2");
        using RespConnection client = server.Connect();
        for (int i = 0; i < 5; i++)
        {
            client.Call("PING");
        }
        Assert.Equal(0, client.Call("COMMANDLOG LEN large-request").Integer);
        Assert.Equal(2, client.Call("COMMANDLOG LEN large-reply").Integer);
        client.Call("CONFIG SET commandlog-large-reply-max-len 1");
        Assert.Single(client.Call("COMMANDLOG GET -1 large-reply").Items);
    }

    [Theory]
    [InlineData("COMMANDLOG GET -2 slow", "ERR count should be greater than or equal to -1")]
    [InlineData("COMMANDLOG GET x slow", "ERR count should be greater than or equal to -1")]
    [InlineData("COMMANDLOG GET 1 fast", "ERR type should be one of the following: slow, large-request, large-reply")]
    [InlineData("COMMANDLOG LEN fast", "ERR type should be one of the following: slow, large-request, large-reply")]
    [InlineData("COMMANDLOG RESET fast", "ERR type should be one of the following: slow, large-request, large-reply")]
    [InlineData("COMMANDLOG GET", "ERR wrong number of arguments for 'commandlog|get' command")]
    public void What_is_wrong_is_told(string request, string error)
    {
        using TestServer server = TestServer.Start();
        using RespConnection client = server.Connect();
        Assert.Equal(error, client.Call(request).Text);
    }
}
