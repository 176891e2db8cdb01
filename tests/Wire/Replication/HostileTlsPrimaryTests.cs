using System.Security.Authentication;
using System.Text;
using Bixbite.Platform;
using Bixbite.Wire.Harness;
using Bixbite.Wire.Tls;

namespace Bixbite.Wire.Replication;

/// <summary>
/// Primaries that say something else than TLS, are somebody else, or go away in the middle of it: the old data is served, the log says why,
/// and the next attempt comes.
/// </summary>
public sealed class HostileTlsPrimaryTests : IDisposable
{
    private const int AttemptCountMax = 20;

    /// <summary>The first bytes of a record of a handshake that is to have 16,384.</summary>
    private static readonly byte[] s_half = [0x16, 0x03, 0x03, 0x40, 0x00, 0x02, 0x00, 0x3F, 0xFC];

    private static readonly byte[] s_alert = [0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x28];

    private readonly FakePrimary _primary = new(TestCertificates.Server);
    private readonly ManualClock _clock = new();
    private readonly TlsServer _server;
    private readonly RespConnection _client;

    public HostileTlsPrimaryTests()
    {
        _server = TlsServer.StartAt(
            _clock, "--enable-debug-command", "yes", "--tls-replication", "yes", "--repl-timeout", "5", "--io-threads", "2");
        _client = _server.ConnectPlain();
        _client.Call("SET old 1");
    }

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
        _primary.Dispose();
    }

    [Theory]
    [InlineData("text", "wrong version number")]
    [InlineData("alert", "handshake failure")]
    [InlineData("close", "ended while connecting")]
    [InlineData("reset", "ended while connecting")]
    [InlineData("close within", "ended while connecting")]
    [InlineData("silence", "ended while connecting")]
    [InlineData("silence within", "ended while connecting")]
    public void A_greeting_that_is_none_is_told_and_tried_again(string greeting, string line)
    {
        Follow();
        using (RespConnection link = _primary.AcceptRaw())
        {
            link.ReadBytes(50);
            link.SendRaw(greeting switch
            {
                "text" => "-ERR this is no TLS at all, and never was\r\n"u8,
                "alert" => s_alert,
                "close within" or "silence within" => s_half,
                _ => [],
            });
            if (greeting == "reset")
            {
                link.Reset();
            }
            else if (greeting.StartsWith("close", StringComparison.Ordinal))
            {
                link.ShutdownSend();
            }
            AwaitLine(line, passesTime: greeting.StartsWith("silence", StringComparison.Ordinal));
        }
        AssertOld();
        SucceedNext();
    }

    [Theory]
    [InlineData("stranger")]
    [InlineData("expired")]
    public void Somebody_else_gets_nothing_of_the_password(string who)
    {
        _client.Call("CONFIG SET masterauth secret");
        Follow();
        TestCertificate other = who == "stranger"
            ? TestCertificates.Make("localhost", issuer: null)
            : TestCertificates.Make("localhost", TestCertificates.Authority, until: TimeSpan.FromDays(-1));
        byte[] said = [];
        try
        {
            using RespConnection link = _primary.AcceptAs(other);
            said = link.ReadToEnd();
        }
        catch (Exception failure) when (failure is AuthenticationException or IOException)
        {
            // It was refused before it could read anything.
        }
        _server.Server.WaitForLine("certificate verify failed");
        Assert.Empty(said);
        AssertOld();
        SucceedNext();
    }

    [Theory]
    [InlineData("disabled", "reset")]
    [InlineData("disabled", "close")]
    [InlineData("disabled", "text")]
    [InlineData("disabled", "alert")]
    [InlineData("disabled", "silence")]
    [InlineData("swapdb", "reset")]
    [InlineData("swapdb", "close")]
    [InlineData("swapdb", "text")]
    [InlineData("swapdb", "silence")]
    public void A_snapshot_that_is_cut_leaves_the_old_data(string way, string cut)
    {
        _client.Call($"CONFIG SET repl-diskless-load {way}");
        Follow();
        byte[] snapshot = FakePrimary.SnapshotOf(Enumerable.Range(0, 2000).Select(static i => ($"key{i}", new string('v', 500))));
        (RespConnection link, _) = _primary.AcceptToPsync();
        using (link)
        {
            link.Send(Encoding.ASCII.GetBytes($"+FULLRESYNC {FakePrimary.Id} 0\r\n${snapshot.Length}\r\n"));
            link.Send(snapshot.AsSpan(0, 700_000));
            Patience.Until(() =>
            {
                _clock.AdvanceMs(1);
                return ReplicaPair.Number(_client, "master_sync_read_bytes") > 600_000;
            });
            switch (cut)
            {
                case "reset":
                    link.Reset();
                    break;
                case "close":
                    link.ShutdownSend();
                    break;
                case "text":
                    link.SendRaw("this is no record"u8);
                    break;
                case "alert":
                    link.SendRaw(s_alert);
                    break;
            }
            AwaitLine(cut == "silence" ? "timeout" : "connection with primary lost", passesTime: cut == "silence");
        }
        AssertOld();
        SucceedNext();
    }

    [Fact]
    public void A_stream_that_is_cut_goes_on_where_it_was()
    {
        Follow();
        using (RespConnection link = _primary.AcceptToStream(FakePrimary.SnapshotOf("new", "1")))
        {
            link.Send(CommandLine.Encode("SET a 1"));
            Patience.Until(() => _client.Call("GET a").Text == "1");
            link.SendRaw("this is no record"u8);
            _server.Server.WaitForLine("ended while connected");
        }
        Assert.Equal("1", _client.Call("GET new").Text);
        (RespConnection again, string request) = _primary.AcceptToPsync(_clock, stepMs: 20);
        Assert.Equal($"PSYNC {FakePrimary.Id} {CommandLine.Encode("SET a 1").Length + 1}", request);
        again.Send("+CONTINUE\r\n"u8);
        again.Send(CommandLine.Encode("SET a 2"));
        Patience.Until(() => _client.Call("GET a").Text == "2");
        again.Dispose();
    }

    private void Follow() => Assert.Equal("OK", _client.Call($"REPLICAOF 127.0.0.1 {_primary.Port}").Text);

    private void AwaitLine(string text, bool passesTime) => Patience.Until(
        () =>
        {
            _clock.AdvanceMs(passesTime ? 20 : 0);
            return _server.Server.Log.Contains(text, StringComparison.Ordinal);
        },
        () => $"'{text}' was not written:\n{_server.Server.Log}");

    private void AssertOld()
    {
        Assert.Equal("1", _client.Call("GET old").Text);
        Assert.Equal("down", ReplicaPair.Field(_client, "master_link_status"));
    }

    /// <summary>Some attempt finds a primary that does what it should: a disk may still have the file of the one before.</summary>
    private void SucceedNext()
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                SendAll();
                break;
            }
            catch (Exception failure) when (failure is EndOfStreamException or IOException && attempt < AttemptCountMax)
            {
                // It comes again.
            }
        }
        Assert.Equal("1", _client.Call("GET new").Text);
        Assert.Equal("0", _client.Call("EXISTS old").Text);
    }

    private void SendAll()
    {
        (RespConnection next, string request) = _primary.AcceptToPsync(_clock, stepMs: 20);
        using RespConnection link = next;
        Assert.Equal("PSYNC ? -1", request);
        link.Send(Encoding.ASCII.GetBytes($"+FULLRESYNC {FakePrimary.Id} 0\r\n$EOF:{FakePrimary.Id}\r\n"));
        link.Send([.. FakePrimary.SnapshotOf("new", "1"), .. Encoding.ASCII.GetBytes(FakePrimary.Id)]);
        Assert.Equal("REPLCONF ACK 0", FakePrimary.NextAcknowledgement(link));
    }
}
