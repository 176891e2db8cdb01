using System.Net;
using System.Net.Sockets;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Replication;

/// <summary>MIGRATE, to a server of the same kind, to Redis and from it, and to targets that do what they like.</summary>
public sealed class MigrateTests : IDisposable
{
    private readonly TestServer _source = TestServer.Start("--enable-debug-command", "yes", "--io-threads", "2");
    private readonly TestServer _target = TestServer.Start("--enable-debug-command", "yes");
    private readonly RespConnection _from;
    private readonly RespConnection _to;

    public MigrateTests() => (_from, _to) = (_source.Connect(), _target.Connect());

    public void Dispose()
    {
        _from.Dispose();
        _to.Dispose();
        _source.Dispose();
        _target.Dispose();
    }

    [Fact]
    public void Keys_of_all_types_go_there_and_from_here()
    {
        Fill(_from);
        string[] keys = [.. _from.Call("KEYS *").Items.Select(static key => key.Text).Order(StringComparer.Ordinal)];
        string before = _from.Call("DEBUG DIGEST").Text;
        Assert.Equal("OK", Migrate(_target.Address, $"0 5000 KEYS {string.Join(' ', keys)}", "\"\""));
        Assert.Equal("0", _from.Call("DBSIZE").Text);
        Assert.Equal(before, _to.Call("DEBUG DIGEST").Text);
        Assert.InRange(long.Parse(_to.Call("PTTL s").Text, System.Globalization.CultureInfo.InvariantCulture), 1, 1_000_000);
        Assert.Equal("NOKEY", Migrate(_target.Address, "0 5000", "s"));
    }

    [Fact]
    public void Redis_takes_them_and_gives_them_back()
    {
        using RedisPeer redis = RedisPeer.Start("--enable-debug-command", "yes");
        using RespConnection peer = redis.Connect();
        Fill(_from);
        string[] keys = [.. _from.Call("KEYS *").Items.Select(static key => key.Text)];
        string before = _from.Call("DEBUG DIGEST").Text;
        Assert.Equal("OK", Migrate(redis.Address, $"0 5000 KEYS {string.Join(' ', keys)}", "\"\""));
        Assert.Equal(before, peer.Call("DEBUG DIGEST").Text);
        Assert.Equal("OK", peer.Call($"MIGRATE 127.0.0.1 {_source.Address.Port} \"\" 0 5000 KEYS {string.Join(' ', keys)}").Text);
        Assert.Equal(before, _from.Call("DEBUG DIGEST").Text);
        Assert.Equal("0", peer.Call("DBSIZE").Text);
    }

    [Fact]
    public void Copies_stay_and_others_are_replaced_only_if_wanted()
    {
        _from.Call("SET k new");
        _to.Call("SET k old");
        Assert.Equal(
            "ERR Target instance replied with error: BUSYKEY Target key name already exists.", Migrate(_target.Address, "0 5000", "k"));
        Assert.Equal("new", _from.Call("GET k").Text);
        Assert.Equal("OK", Migrate(_target.Address, "0 5000 COPY REPLACE", "k"));
        Assert.Equal("new", _to.Call("GET k").Text);
        Assert.Equal("new", _from.Call("GET k").Text);
        Assert.Equal("OK", Migrate(_target.Address, "3 5000", "k"));
        Assert.Equal("0", _from.Call("EXISTS k").Text);
        Assert.Equal("OK", _to.Call("SELECT 3").Text);
        Assert.Equal("new", _to.Call("GET k").Text);
        Assert.Equal("1", ReplicaPair.Field(_from, "migrate_cached_sockets"));
    }

    [Fact]
    public void Some_go_and_some_stay()
    {
        _from.Call("MSET a 1 b 2 c 3");
        _to.Call("SET b other");
        Assert.Equal(
            "ERR Target instance replied with error: BUSYKEY Target key name already exists.",
            Migrate(_target.Address, "0 5000 KEYS a b nothing c", "\"\""));
        Assert.Equal("b", Assert.Single(_from.Call("KEYS *").Items).Text);
        Assert.Equal(["1", "other", "3"], _to.Call("MGET a b c").Items.Select(static item => item.Text));
    }

    [Fact]
    public void A_password_is_given()
    {
        _from.Call("MSET a 1 b 2");
        _to.Call("CONFIG SET requirepass secret");
        const string Refusal = "ERR Target instance replied with error: ";
        Assert.StartsWith(Refusal + "NOAUTH ", Migrate(_target.Address, "0 5000", "a"), StringComparison.Ordinal);
        Assert.StartsWith(Refusal + "WRONGPASS ", Migrate(_target.Address, "0 5000 AUTH wrong", "a"), StringComparison.Ordinal);
        Assert.Equal("OK", Migrate(_target.Address, "0 5000 AUTH secret", "a"));
        Assert.Equal("OK", Migrate(_target.Address, "0 5000 AUTH2 default secret", "b"));
        Assert.Equal("0", _from.Call("DBSIZE").Text);
    }

    [Theory]
    [InlineData("MIGRATE 127.0.0.1 1 k 0 x", "ERR value is not an integer or out of range")]
    [InlineData("MIGRATE 127.0.0.1 1 k x 1", "ERR value is not an integer or out of range")]
    [InlineData("MIGRATE 127.0.0.1 1 k 0 1 AUTH", "ERR syntax error")]
    [InlineData("MIGRATE 127.0.0.1 1 k 0 1 AUTH2 x", "ERR syntax error")]
    [InlineData("MIGRATE 127.0.0.1 1 k 0 1 NOTHING", "ERR syntax error")]
    [InlineData("MIGRATE 127.0.0.1 1 k 0 1 KEYS k", "ERR When using MIGRATE KEYS option, the key argument must be set to the empty string")]
    [InlineData("MIGRATE 127.0.0.1 1 nothing 0 1", "NOKEY")]
    [InlineData("MIGRATE 127.0.0.1 1 \"\" 0 1 KEYS", "NOKEY")]
    [InlineData("MIGRATE 127.0.0.1 0 k 0 1", "IOERR error or timeout writing to target instance")]
    [InlineData("MIGRATE 127.0.0.1 x k 0 1", "IOERR error or timeout writing to target instance")]
    [InlineData("MIGRATE no.such.host.invalid 1 k 0 1000", "IOERR error or timeout connecting to the client")]
    [InlineData("MIGRATE 127.0.0.1 1 k 0 1000", "IOERR error or timeout writing to target instance")]
    public void What_is_wrong_is_answered_as_by_Redis(string request, string answer)
    {
        using RedisPeer redis = RedisPeer.Start();
        using RespConnection peer = redis.Connect();
        peer.Call("SET k v");
        _from.Call("SET k v");
        Assert.Equal(answer, _from.Call(request).Text);
        Assert.Equal(answer, peer.Call(request).Text);
        Assert.Equal("v", _from.Call("GET k").Text);
    }

    [Fact]
    public void Meanwhile_others_go_on_and_writers_of_the_key_wait()
    {
        using TcpListener listener = Listen();
        _from.Call("MSET k v other v");
        using RespConnection moving = Begin(listener, "k", out Socket target);
        using RespConnection writer = _source.Connect();
        using RespConnection flushing = _source.Connect();
        using RespConnection transaction = _source.Connect();
        writer.Send("SET k new");
        transaction.Send([.. CommandLine.Encode("MULTI"), .. CommandLine.Encode("APPEND k x"), .. CommandLine.Encode("EXEC")]);
        Assert.Equal("v", _from.Call("GET k").Text);
        Assert.Equal("OK", _from.Call("SET other w").Text);
        Assert.True(writer.IsSilent(30));
        flushing.Send("FLUSHDB");
        Assert.True(flushing.IsSilent(30));
        target.Send("+OK\r\n+OK\r\n"u8);
        Assert.Equal("OK", moving.Read().Text);
        Assert.Equal("OK", writer.Read().Text);
        Assert.Equal("OK", flushing.Read().Text);
        Assert.Equal(["OK", "QUEUED"], Enumerable.Range(0, 2).Select(_ => transaction.Read().Text));
        Assert.Single(transaction.Read().Items);
        target.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void No_key_goes_while_writes_are_paused(bool staysPrimary)
    {
        using TcpListener listener = Listen();
        _from.Call("SET k v");
        using RespConnection moving = Begin(listener, "k", out Socket target);
        Assert.Equal("OK", _from.Call("CLIENT PAUSE 1000000 WRITE").Text);
        target.Send("+OK\r\n+OK\r\n"u8);
        Assert.True(moving.IsSilent(150));
        Assert.Equal("v", _from.Call("GET k").Text);
        if (!staysPrimary)
        {
            Assert.Equal("OK", _from.Call("REPLICAOF 127.0.0.1 1").Text);
            Assert.StartsWith("UNBLOCKED force unblock", moving.Read().Text, StringComparison.Ordinal);
        }
        Assert.Equal("OK", _from.Call("CLIENT UNPAUSE").Text);
        if (staysPrimary)
        {
            Assert.Equal("OK", moving.Read().Text);
        }
        Assert.Equal(staysPrimary ? "0" : "1", _from.Call("EXISTS k").Text);
        target.Dispose();
    }

    [Fact]
    public void A_key_that_changes_without_asking_stays()
    {
        using TcpListener listener = Listen();
        _from.Call("RPUSH k v");
        using RespConnection waiting = _source.Connect();
        waiting.Send("BLMOVE source k LEFT RIGHT 0");
        _from.AwaitBlocked(1);
        using RespConnection moving = Begin(listener, "k", out Socket target);
        Assert.Equal("1", _from.Call("RPUSH source w").Text);
        Assert.Equal("w", waiting.Read().Text);
        target.Send("+OK\r\n+OK\r\n"u8);
        Assert.Equal("ERR a key has changed while it was moved: it is at the target instance and here", moving.Read().Text);
        Assert.Equal(["v", "w"], _from.Call("LRANGE k 0 -1").Items.Select(static item => item.Text));
        target.Dispose();
    }

    [Theory]
    [InlineData("", "IOERR error or timeout reading to target instance")]
    [InlineData("+OK\r\n-ERR no\r\n", "ERR Target instance replied with error: ERR no")]
    [InlineData("-ERR no database\r\n+OK\r\n", "ERR Target instance replied with error: ERR no database")]
    [InlineData("GARBAGE", "IOERR error or timeout reading to target instance")]
    public void A_target_may_answer_what_it_likes(string answer, string reply)
    {
        using TcpListener listener = Listen();
        _from.Call("SET k v");
        using RespConnection moving = Begin(listener, "k", out Socket target, timeoutMs: 300);
        byte[] bytes = System.Text.Encoding.ASCII.GetBytes(answer == "GARBAGE" ? new string('x', 5000) : answer);
        if (bytes.Length > 0)
        {
            target.Send(bytes);
        }
        using Socket? again = answer == "GARBAGE" ? listener.AcceptSocket() : null;
        Assert.Equal(reply, moving.Read().Text);
        Assert.Equal("v", _from.Call("GET k").Text);
        target.Dispose();
    }

    [Fact]
    public void A_kept_connection_that_was_closed_is_made_again()
    {
        using TcpListener listener = Listen();
        _from.Call("MSET k v l w");
        using RespConnection moving = Begin(listener, "k", out Socket target);
        target.Send("+OK\r\n+OK\r\n"u8);
        Assert.Equal("OK", moving.Read().Text);
        moving.Send($"MIGRATE 127.0.0.1 {((IPEndPoint)listener.LocalEndpoint).Port} l 0 60000");
        Read(target, 1);
        target.Dispose();
        using Socket second = listener.AcceptSocket();
        Read(second, 2);
        second.Send("+OK\r\n+OK\r\n"u8);
        Assert.Equal("OK", moving.Read().Text);
        Assert.Equal("0", _from.Call("DBSIZE").Text);
    }

    [Fact]
    public void A_client_that_leaves_frees_its_keys()
    {
        using TcpListener listener = Listen();
        _from.Call("SET k v");
        RespConnection moving = Begin(listener, "k", out Socket target);
        using RespConnection writer = _source.Connect();
        writer.Send("SET k new");
        Assert.True(writer.IsSilent(30));
        moving.Dispose();
        Assert.Equal("OK", writer.Read().Text);
        target.Dispose();
        Assert.Equal("new", _from.Call("GET k").Text);
    }

    private static TcpListener Listen()
    {
        TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    private static void Fill(RespConnection server)
    {
        foreach (string command in (string[])[
            "SET s text PX 1000000", "SET n 42", $"SET big {new string('b', 3_000_000)}", "RPUSH l a b c", "SADD i 1 2 3", "SADD t a b",
            "ZADD z 1 a 2.5 b", "HSET h f v g w", "XADD x 1-1 f v", "XGROUP CREATE x g 0", "PFADD p a b c"])
        {
            Assert.False(server.Call(command).IsError);
        }
    }

    /// <summary>Waits for so many requests, roughly, and throws them away.</summary>
    private static void Read(Socket socket, int count)
    {
        byte[] buffer = new byte[4096];
        int seen = 0;
        while (seen < count)
        {
            int size = socket.Receive(buffer);
            Assert.True(size > 0);
            seen += buffer.AsSpan(0, size).Count((byte)'*');
        }
    }

    private string Migrate(ServerAddress target, string rest, string key) =>
        _from.Call($"MIGRATE 127.0.0.1 {target.Port} {key} {rest}").Text;

    /// <summary>Begins to move a key, and returns when the target has the request.</summary>
    private RespConnection Begin(TcpListener listener, string key, out Socket target, int timeoutMs = 60_000)
    {
        RespConnection moving = _source.Connect();
        moving.Send($"MIGRATE 127.0.0.1 {((IPEndPoint)listener.LocalEndpoint).Port} {key} 0 {timeoutMs}");
        target = listener.AcceptSocket();
        Read(target, 2);
        return moving;
    }
}
