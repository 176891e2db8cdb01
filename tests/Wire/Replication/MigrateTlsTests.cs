using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Bixbite.Wire.Harness;
using Bixbite.Wire.Tls;

namespace Bixbite.Wire.Replication;

/// <summary>MIGRATE over TLS (tls-cluster): to a server, and to targets that refuse, say something else, or go away at each step.</summary>
public sealed class MigrateTlsTests : IDisposable
{
    private const string NoConnection = "IOERR error or timeout";

    private readonly TlsServer _source = TlsServer.Start("--enable-debug-command", "yes", "--tls-cluster", "yes", "--io-threads", "2");
    private readonly RespConnection _from;

    public MigrateTlsTests() => _from = _source.ConnectPlain();

    public void Dispose()
    {
        _from.Dispose();
        _source.Dispose();
    }

    [Fact]
    public void Keys_of_all_types_go_there()
    {
        using TlsServer target = TlsServer.Start("--enable-debug-command", "yes", "--requirepass", "secret", "--io-threads", "4");
        using RespConnection to = target.ConnectPlain();
        to.Call("AUTH secret");
        foreach (string command in (string[])[
            "SET s text PX 1000000", "SET n 42", $"SET big {new string('b', 3_000_000)}", "RPUSH l a b c", "SADD i 1 2 3",
            "ZADD z 1 a 2.5 b", "HSET h f v g w", "XADD x 1-1 f v", "XGROUP CREATE x g 0", "PFADD p a b c"])
        {
            Assert.False(_from.Call(command).IsError);
        }
        string[] keys = [.. _from.Call("KEYS *").Items.Select(static key => key.Text)];
        string digest = _from.Call("DEBUG DIGEST").Text;
        Assert.StartsWith("ERR Target instance replied with error: NOAUTH", Migrate(target.Port, "s"), StringComparison.Ordinal);
        Assert.Equal("OK", Migrate(target.Port, "s", "COPY AUTH secret"));
        Assert.Equal("OK", Migrate(target.Port, "\"\"", $"REPLACE AUTH2 default secret KEYS {string.Join(' ', keys)}"));
        Assert.Equal(digest, to.Call("DEBUG DIGEST").Text);
        Assert.Equal("0", _from.Call("DBSIZE").Text);
        Assert.Equal("1", ReplicaPair.Field(_from, "migrate_cached_sockets"));
        Assert.Equal("1", ReplicaPair.Field(to, "tls_handshakes_full"));
    }

    [Fact]
    public void A_transaction_moves_a_key_as_well()
    {
        using TlsServer target = TlsServer.Start();
        using RespConnection to = target.ConnectPlain();
        _from.Call("MULTI");
        _from.Call("SET k 1");
        _from.Call($"MIGRATE 127.0.0.1 {target.Port} k 0 10000");
        _from.Call("EXISTS k");
        Assert.Equal(["OK", "OK", "0"], _from.Call("EXEC").Items.Select(static reply => reply.Text));
        Assert.Equal("1", to.Call("GET k").Text);
    }

    /// <summary>The one does not vouch for the other, whichever it is.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_handshake_that_is_refused_moves_nothing(bool isSourceStrange)
    {
        using TlsServer target = TlsServer.Start();
        using RespConnection to = target.ConnectPlain();
        TestCertificate stranger = TestCertificates.Make("stranger", issuer: null);
        _source.Write("other.crt", stranger.Pem);
        _source.Write("other.key", stranger.KeyPem);
        Assert.Equal(
            "OK",
            _from.Call(isSourceStrange
                ? $"CONFIG SET tls-client-cert-file {_source.File("other.crt")} tls-client-key-file {_source.File("other.key")}"
                : $"CONFIG SET tls-ca-cert-file {_source.File("other.crt")}").Text);
        _from.Call("SET k v");
        Assert.StartsWith(NoConnection, Migrate(target.Port, "k"), StringComparison.Ordinal);
        Assert.Equal("v", _from.Call("GET k").Text);
        Assert.Equal("0", to.Call("DBSIZE").Text);
        Assert.Equal("OK", _from.Call("SET k w").Text);
        Assert.Equal(
            "OK",
            _from.Call(isSourceStrange
                ? "CONFIG SET tls-client-cert-file \"\" tls-client-key-file \"\""
                : $"CONFIG SET tls-ca-cert-file {_source.File("ca.crt")}").Text);
        Assert.Equal("OK", Migrate(target.Port, "k"));
        Assert.Equal("w", to.Call("GET k").Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-ERR this is no TLS at all\r\n")]
    [InlineData("\u0015\u0003\u0003\u0000\u0002\u0002\u0028")]
    [InlineData("\u0016\u0003\u0003\u0040\u0000\u0002\u0000\u003f\u00fc")]
    public void A_target_that_speaks_no_TLS_gets_nothing(string says)
    {
        using TcpListener listener = Listen(out int port);
        _from.Call("SET k v");
        using RespConnection moving = Begin(port);
        using (RespConnection target = RespConnection.Accept(listener.Server))
        {
            target.ReadBytes(50);
            target.SendRaw(Encoding.Latin1.GetBytes(says));
            target.ShutdownSend();
            Assert.StartsWith(NoConnection, moving.Read().Text, StringComparison.Ordinal);
        }
        AssertStays();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_target_that_is_silent_is_given_up(bool hasAgreed)
    {
        using TcpListener listener = Listen(out int port);
        _from.Call("SET k v");
        using RespConnection moving = Begin(port, timeoutMs: hasAgreed ? 2000 : 200);
        using RespConnection? target = hasAgreed ? TryAccept(listener) : RespConnection.Accept(listener.Server);
        Assert.StartsWith(NoConnection, moving.Read().Text, StringComparison.Ordinal);
        AssertStays();
    }

    /// <summary>Where it is not known whether the target has the key, it stays.</summary>
    [Theory]
    [InlineData(0, "")]
    [InlineData(2, "")]
    [InlineData(2, "+OK\r\n")]
    [InlineData(2, "+OK\r\n+O")]
    public void A_target_that_goes_away_leaves_the_key(int requestCount, string answer)
    {
        using TcpListener listener = Listen(out int port);
        _from.Call("SET k v");
        using RespConnection moving = Begin(port);
        using (RespConnection target = RespConnection.AcceptTls(listener.Server, TestCertificates.Server))
        {
            for (int i = 0; i < requestCount; i++)
            {
                target.Read();
            }
            target.Send(Encoding.ASCII.GetBytes(answer));
            // It is tried once more.
            listener.Stop();
        }
        Assert.StartsWith(NoConnection, moving.Read().Text, StringComparison.Ordinal);
        AssertStays();
    }

    [Fact]
    public void A_kept_connection_that_was_closed_is_made_again()
    {
        using TcpListener listener = Listen(out int port);
        _from.Call("MSET k v l w");
        using RespConnection moving = Begin(port);
        using (RespConnection target = RespConnection.AcceptTls(listener.Server, TestCertificates.Server))
        {
            target.Read();
            target.Read();
            target.Send("+OK\r\n+OK\r\n"u8);
            Assert.Equal("OK", moving.Read().Text);
        }
        moving.Send($"MIGRATE 127.0.0.1 {port} l 0 60000");
        using RespConnection second = RespConnection.AcceptTls(listener.Server, TestCertificates.Server);
        second.Read();
        second.Read();
        second.Send("+OK\r\n+OK\r\n"u8);
        Assert.Equal("OK", moving.Read().Text);
        Assert.Equal("0", _from.Call("DBSIZE").Text);
    }

    private static TcpListener Listen(out int port)
    {
        TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        port = ((IPEndPoint)listener.LocalEndpoint).Port;
        return listener;
    }

    /// <summary>Agrees with who comes; null if that gave up before.</summary>
    private static RespConnection? TryAccept(TcpListener listener)
    {
        try
        {
            return RespConnection.AcceptTls(listener.Server, TestCertificates.Server);
        }
        catch (Exception failure) when (failure is IOException or AuthenticationException)
        {
            return null;
        }
    }

    private string Migrate(int port, string key, string options = "") =>
        _from.Call($"MIGRATE 127.0.0.1 {port} {key} 0 10000 {options}").Text;

    private RespConnection Begin(int port, int timeoutMs = 60_000)
    {
        RespConnection moving = _source.ConnectPlain();
        moving.Send($"MIGRATE 127.0.0.1 {port} k 0 {timeoutMs}");
        return moving;
    }

    /// <summary>The key is here, and nobody who wants to change it waits.</summary>
    private void AssertStays()
    {
        Assert.Equal("v", _from.Call("GET k").Text);
        Assert.Equal("OK", _from.Call("SET k w").Text);
    }
}
