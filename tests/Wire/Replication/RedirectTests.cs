using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Replication;

/// <summary>Clients that can be sent on are told by a replica where the primary is; all others are served as before.</summary>
public sealed class RedirectTests : IDisposable
{
    private readonly TestServer _primary = TestServer.Start("--repl-diskless-sync-delay", "0");
    private readonly TestServer _replica = TestServer.Start("--repl-diskless-sync-delay", "0");
    private readonly RespConnection _client;
    private readonly RespConnection _plain;

    public RedirectTests()
    {
        _client = _replica.Connect();
        _plain = _replica.Connect();
        Assert.Equal("OK", _client.Call("CLIENT CAPA redirect").Text);
    }

    private string Redirection => $"REDIRECT 127.0.0.1:{_primary.Address.Port}";

    public void Dispose()
    {
        _client.Dispose();
        _plain.Dispose();
        _replica.Dispose();
        _primary.Dispose();
    }

    [Fact]
    public void A_primary_sends_nobody_on()
    {
        Assert.Equal("OK", _client.Call("SET k v").Text);
        Assert.Equal("v", _client.Call("GET k").Text);
        Follow();
        Assert.Equal(Redirection, _client.Call("GET k").Text);
        Assert.Equal("OK", _plain.Call("REPLICAOF NO ONE").Text);
        Assert.Equal("OK", _client.Call("SET k v").Text);
    }

    [Fact]
    public void Reads_and_writes_are_sent_on_and_nothing_else()
    {
        Follow();
        foreach (string request in (string[])["GET k", "SET k v", "EXISTS k", "DBSIZE", "SCAN 0", "BLPOP l 0", "EVAL_RO 'return 1' 0"])
        {
            Assert.Equal(Redirection, _client.Call(request).Text);
        }
        foreach (string request in (string[])["PING", "CLIENT ID", "TIME", "EVAL 'return 1' 0", "SUBSCRIBE c", "UNSUBSCRIBE c"])
        {
            Assert.False(_client.Call(request).IsError, request);
        }
        Assert.False(_plain.Call("GET k").IsError);
        Assert.StartsWith("READONLY", _plain.Call("SET k v").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_accepts_what_a_replica_has_reads_it()
    {
        Assert.Equal("OK", _client.Call("READONLY").Text);
        Assert.Contains(" flags=r ", _client.Call("CLIENT INFO").Text, StringComparison.Ordinal);
        Follow();
        Assert.False(_client.Call("GET k").IsError);
        Assert.Equal(Redirection, _client.Call("SET k v").Text);
        Assert.Equal("OK", _client.Call("READWRITE").Text);
        Assert.Equal(Redirection, _client.Call("GET k").Text);
        Assert.Equal("OK", _client.Call("READONLY").Text);
        Assert.Equal("RESET", _client.Call("RESET").Text);
        Assert.Equal(Redirection, _client.Call("GET k").Text);
    }

    [Fact]
    public void A_transaction_is_sent_on_as_a_whole()
    {
        Assert.Equal("OK", _client.Call("MULTI").Text);
        Assert.Equal("QUEUED", _client.Call("SET k v").Text);
        Follow();
        Assert.Equal(Redirection, _client.Call("EXEC").Text);
        Assert.Equal("ERR EXEC without MULTI", _client.Call("EXEC").Text);

        Assert.Equal("OK", _client.Call("MULTI").Text);
        Assert.Equal(Redirection, _client.Call("SET k v").Text);
        Assert.StartsWith("EXECABORT", _client.Call("EXEC").Text, StringComparison.Ordinal);

        Assert.Equal("OK", _client.Call("MULTI").Text);
        Assert.Equal("QUEUED", _client.Call("PING").Text);
        Assert.Equal("PONG", Assert.Single(_client.Call("EXEC").Items).Text);
    }

    [Theory]
    [InlineData("CLIENT CAPA other REDIRECT")]
    [InlineData("client capa Redirect redirect")]
    public void Other_capabilities_are_ignored(string request)
    {
        Follow();
        Assert.Equal("OK", _plain.Call("CLIENT CAPA other").Text);
        Assert.False(_plain.Call("GET k").IsError);
        Assert.Equal("OK", _plain.Call(request).Text);
        Assert.Equal(Redirection, _plain.Call("GET k").Text);
        Assert.Equal("ERR wrong number of arguments for 'client|capa' command", _plain.Call("CLIENT CAPA").Text);
    }

    private void Follow()
    {
        Assert.Equal("OK", _plain.Call($"REPLICAOF 127.0.0.1 {_primary.Address.Port}").Text);
        Patience.Until(() => ReplicaPair.Field(_plain, "master_link_status") == "up");
    }
}
