using System.Net;
using System.Net.Sockets;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Replication;

/// <summary>MIGRATE within transactions, scripts and functions: all of it or nothing for everybody else, who waits, as in Redis.</summary>
public sealed class MigrateWithinTests : IDisposable
{
    private const int SilenceMs = 30;

    private readonly TestServer _source = TestServer.Start(
        "--enable-debug-command", "yes", "--io-threads", "4", "--repl-diskless-sync-delay", "0", "--busy-reply-threshold", "100");
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly RespConnection _client;

    public MigrateWithinTests()
    {
        _listener.Start();
        _client = _source.Connect();
    }

    private int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Dispose()
    {
        _client.Dispose();
        _source.Dispose();
        _listener.Dispose();
    }

    [Theory]
    [InlineData("MIGRATE 127.0.0.1 PORT k 0 5000")]
    [InlineData("EVAL \"return redis.call('migrate', '127.0.0.1', 'PORT', 'k', 0, 5000)\" 1 k")]
    [InlineData("EVAL \"return redis.pcall('migrate', '127.0.0.1', 'PORT', 'k', 0, 5000)\" 1 k")]
    [InlineData(
        "EVAL \"local f = coroutine.wrap(function() return redis.call('migrate', '127.0.0.1', 'PORT', 'k', 0, 5000) end) return f()\" 1 k")]
    [InlineData("EVAL \"return {pcall(redis.call, 'migrate', '127.0.0.1', 'PORT', 'k', 0, 5000)}\" 1 k")]
    [InlineData("MIGRATE 127.0.0.1 PORT nothing 0 5000")]
    [InlineData("EVAL \"return redis.call('migrate', '127.0.0.1', 'PORT', 'nothing', 0, 5000)\" 0")]
    [InlineData("MIGRATE 127.0.0.1 1 k 0 5000")]
    [InlineData("EVAL \"return redis.pcall('migrate', '127.0.0.1', '1', 'k', 0, 5000)\" 1 k")]
    [InlineData("EVAL \"return {pcall(redis.call, 'migrate', '127.0.0.1', '1', 'k', 0, 5000)}\" 1 k")]
    [InlineData("MIGRATE 127.0.0.1 PORT taken 0 5000")]
    [InlineData("EVAL \"return redis.pcall('migrate', '127.0.0.1', 'PORT', '', 0, 5000, 'keys', 'k', 'taken')\" 2 k taken")]
    [InlineData("EVAL \"return redis.call('migrate', '127.0.0.1', 'PORT', '', 0, 5000, 'copy', 'keys', 'k')\" 1 k")]
    [InlineData("EVAL_RO \"return redis.call('migrate', '127.0.0.1', ARGV[1], 'k', 0, 5000)\" 1 k PORT")]
    [InlineData("EVAL \"return redis.call('migrate', '127.0.0.1')\" 1 k")]
    public void It_answers_as_Redis_does(string request)
    {
        using RedisPeer redis = RedisPeer.Start();
        using RespConnection theirs = redis.Connect();
        string[] alone = Play(theirs, request, isInTransaction: false);
        Assert.Equal(alone, Play(_client, request, isInTransaction: false));
        string[] within = Play(theirs, request, isInTransaction: true);
        Assert.Equal(within, Play(_client, request, isInTransaction: true));
    }

    [Fact]
    public void Nobody_sees_half_of_a_transaction_and_probes_are_answered()
    {
        using FakeReplica replica = Online();
        _client.Call("MSET k v n 1");
        using RespConnection moving = BeginTransaction(out Socket target, "INCR n", $"MIGRATE 127.0.0.1 {Port} k 0 60000", "INCR n");
        using RespConnection reader = _source.Connect();
        using RespConnection writer = _source.Connect();
        reader.Send("GET n");
        writer.Send([.. CommandLine.Encode("MULTI"), .. CommandLine.Encode("SET n 7"), .. CommandLine.Encode("EXEC")]);
        Assert.True(reader.IsSilent(SilenceMs));
        Assert.Equal("PONG", _client.Call("PING").Text);
        Assert.Equal("OK", writer.Read().Text);
        Assert.Contains("blocked_clients:", _client.Call("INFO clients").Text, StringComparison.Ordinal);
        target.Send("+OK\r\n+OK\r\n"u8);
        Assert.Equal(["2", "OK", "3"], moving.Read().Items.Select(static item => item.Text));

        // Those who have waited run in any order, before the last INCR none of them.
        Assert.True(reader.Read().Text is "3" or "7");
        Assert.Equal(["QUEUED", "OK"], [writer.Read().Text, writer.Read().Items[0].Text]);
        Assert.Equal("0", _client.Call("EXISTS k").Text);
        Assert.Equal(
            ["SELECT 0", "MSET k v n 1", "MULTI", "INCR n", "DEL k", "INCR n", "EXEC"],
            Enumerable.Range(0, 7).Select(_ => replica.NextRequest()));
        target.Dispose();
    }

    [Fact]
    public void A_script_goes_on_behind_it()
    {
        using FakeReplica replica = Online();
        _client.Call("MSET k v l w");
        using RespConnection moving = _source.Connect();
        moving.Send("EVAL \"redis.call('incr', 'a') local r = redis.call('migrate', '127.0.0.1', ARGV[1], 'k', 0, 60000) "
            + "redis.call('incr', 'a') redis.set_repl(redis.REPL_NONE) "
            + "local s = redis.call('migrate', '127.0.0.1', ARGV[1], 'l', 0, 60000) "
            + $"return {{r, s, redis.call('get', 'a'), redis.call('exists', 'k', 'l')}}\" 0 {Port}");
        using Socket target = _listener.AcceptSocket();
        ReadRequests(target, 2);
        using RespConnection other = _source.Connect();
        other.Send("GET a");
        Assert.True(other.IsSilent(SilenceMs * 5));
        target.Send("+OK\r\n+OK\r\n"u8);
        ReadRequests(target, 1);
        target.Send("+OK\r\n"u8);
        Assert.Equal(["OK", "OK", "2", "0"], moving.Read().Items.Select(static item => item.Text));
        Assert.Equal("2", other.Read().Text);
        Assert.Equal(
            ["SELECT 0", "MSET k v l w", "MULTI", "incr a", "DEL k", "incr a", "EXEC"],
            Enumerable.Range(0, 7).Select(_ => replica.NextRequest()));
    }

    [Fact]
    public void A_script_that_takes_long_behind_it_says_that_it_is_busy()
    {
        _client.Call("SET k v");
        using RespConnection moving = _source.Connect();
        moving.Send("EVAL \"redis.pcall('migrate', '127.0.0.1', ARGV[1], 'k', 0, 60000) "
            + $"while redis.call('exists', 'k') == 1 do end\" 0 {Port}");
        using Socket target = _listener.AcceptSocket();
        ReadRequests(target, 2);
        using RespConnection other = _source.Connect();
        other.Send("GET a");
        Assert.True(other.IsSilent(SilenceMs * 5));
        target.Dispose();
        using Socket again = _listener.AcceptSocket();
        again.Dispose();
        Assert.StartsWith("BUSY ", other.Read().Text, StringComparison.Ordinal);
        Assert.StartsWith("UNKILLABLE ", _client.Call("SCRIPT KILL").Text, StringComparison.Ordinal);
        _source.WaitForLine("Slow script detected");
    }

    [Fact]
    public void A_silent_target_holds_everybody_no_longer_than_its_time()
    {
        _client.Call("SET k v");
        using RespConnection moving = BeginTransaction(out Socket target, $"MIGRATE 127.0.0.1 {Port} k 0 300", "GET k");
        Assert.Equal("v", _client.Call("GET k").Text);
        Assert.Equal(["IOERR error or timeout reading to target instance", "v"], moving.Read().Items.Select(static item => item.Text));
        target.Dispose();
    }

    [Fact]
    public void Its_client_may_leave()
    {
        _client.Call("MSET k v n 1");
        RespConnection moving = BeginTransaction(out Socket target, $"MIGRATE 127.0.0.1 {Port} k 0 60000", "INCR n");
        using RespConnection other = _source.Connect();
        RespConnection leaving = _source.Connect();
        leaving.Send("INCR n");
        other.Send("GET n");
        Assert.True(other.IsSilent(SilenceMs));
        moving.Dispose();
        leaving.Dispose();
        Assert.True(other.IsSilent(SilenceMs));
        target.Send("+OK\r\n+OK\r\n"u8);
        Assert.Equal("2", other.Read().Text);
        Assert.Equal("0", _client.Call("EXISTS k").Text);
        target.Dispose();
    }

    [Fact]
    public void A_migration_that_began_before_ends_after_it()
    {
        _client.Call("MSET k v l w");
        using RespConnection first = _source.Connect();
        first.Send($"MIGRATE 127.0.0.1 {Port} l 0 60000");
        using Socket one = _listener.AcceptSocket();
        ReadRequests(one, 2);
        using RespConnection second = _source.Connect();
        second.Send($"EVAL \"return redis.call('migrate', '127.0.0.1', ARGV[1], 'k', 0, 60000)\" 1 k {Port}");
        using Socket two = _listener.AcceptSocket();
        ReadRequests(two, 2);
        one.Send("+OK\r\n+OK\r\n"u8);
        Assert.True(first.IsSilent(SilenceMs));
        two.Send("+OK\r\n+OK\r\n"u8);
        Assert.Equal("OK", second.Read().Text);
        Assert.Equal("OK", first.Read().Text);
        Assert.Equal("0", _client.Call("DBSIZE").Text);
    }

    [Fact]
    public void The_end_of_the_server_waits_for_no_target()
    {
        using TestServer source = TestServer.StartProcess();
        using RespConnection client = source.Connect();
        client.Call("SET k v");
        using RespConnection moving = source.Connect();
        moving.Send($"EVAL \"redis.pcall('migrate', '127.0.0.1', ARGV[1], 'k', 0, 600000) return redis.call('get', 'k')\" 1 k {Port}");
        using Socket target = _listener.AcceptSocket();
        ReadRequests(target, 2);
        Assert.StartsWith("BUSY ", client.Call("SHUTDOWN").Text, StringComparison.Ordinal);
        source.Signal("TERM");
        source.WaitForLine("bye bye");
    }

    [Fact]
    public void A_debugged_script_waits_as_well()
    {
        _client.Call("SET k v");
        using RespConnection moving = _source.Connect();
        Assert.Equal("OK", moving.Call("SCRIPT DEBUG SYNC").Text);
        moving.Send($"EVAL \"return redis.call('migrate', '127.0.0.1', ARGV[1], 'k', 0, 60000)\" 1 k {Port}");
        moving.Read();
        moving.Send("continue");
        using Socket target = _listener.AcceptSocket();
        ReadRequests(target, 2);
        target.Send("+OK\r\n+OK\r\n"u8);
        Patience.Until(() => _client.Call("EXISTS k").Text == "0");
    }

    /// <summary>Waits for so many requests, and throws them away.</summary>
    private static void ReadRequests(Socket socket, int count)
    {
        byte[] buffer = new byte[4096];
        for (int seen = 0; seen < count;)
        {
            int size = socket.Receive(buffer);
            Assert.True(size > 0);
            seen += buffer.AsSpan(0, size).Count((byte)'*');
        }
    }

    /// <summary>The replies of a server that moves keys to another one, and what is left on either.</summary>
    private static string[] Play(RespConnection server, string request, bool isInTransaction)
    {
        using TestServer target = TestServer.Start();
        using RespConnection there = target.Connect();
        there.Call("SET taken 1");
        server.Call("FLUSHALL");
        server.Call("MSET k v taken w");
        request = request.Replace("PORT", $"{target.Address.Port}", StringComparison.Ordinal);
        List<string> replies = [];
        string[] requests = isInTransaction ? ["MULTI", "INCR n", request, "INCR n", "EXEC"] : [request];
        foreach (string each in requests)
        {
            replies.Add(server.Call(each).ToString());
        }
        replies.Add(server.Call("MGET k taken n").ToString());
        replies.Add(there.Call("MGET k taken n").ToString());
        return [.. replies];
    }

    private FakeReplica Online()
    {
        FakeReplica replica = new(_source.Address);
        replica.GoOnline();
        return replica;
    }

    /// <summary>Sends a transaction, and returns when the target has its key.</summary>
    private RespConnection BeginTransaction(out Socket target, params string[] requests)
    {
        RespConnection moving = _source.Connect();
        Assert.Equal("OK", moving.Call("MULTI").Text);
        foreach (string request in requests)
        {
            Assert.Equal("QUEUED", moving.Call(request).Text);
        }
        moving.Send("EXEC");
        target = _listener.AcceptSocket();
        ReadRequests(target, 2);
        return moving;
    }
}
