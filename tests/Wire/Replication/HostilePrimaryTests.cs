using System.Text;
using Bixbite.Engine.Modules;
using Bixbite.Platform;
using Bixbite.Replication.Following;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Replication;

/// <summary>
/// Primaries that say nothing, something else, half of it, or go away at every step: the old data is served until there is new data, the
/// log says why, and the next attempt comes, but not at once.
/// </summary>
public sealed class HostilePrimaryTests : IDisposable
{
    /// <summary>The answers to everything before PSYNC.</summary>
    private const string Told = "+PONG\r\n+OK\r\n+OK\r\n+OK\r\n";

    private readonly FakePrimary _primary = new();
    private readonly ManualClock _clock = new();
    private readonly TestServer _server;
    private readonly RespConnection _client;

    public HostilePrimaryTests()
    {
        _server = TestServer.StartAt(
            _clock, [new SmallRequestsModule()], "--enable-debug-command", "yes", "--repl-timeout", "5", "--io-threads", "2");
        _client = _server.Connect();
        _client.Call("SET old 1");
        _client.Call($"REPLICAOF 127.0.0.1 {_primary.Port}");
    }

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
        _primary.Dispose();
    }

    [Theory]
    [InlineData("", "connection with primary lost")]
    [InlineData("-ERR go away\r\n", "Error reply to PING from primary: '-ERR go away'")]
    [InlineData("HTTP/1.1 400 Bad Request\r\n", "Error reply to PING")]
    [InlineData("\r\n", "Error reply to PING")]
    [InlineData("+PONG\r\n", "connection with primary lost")]
    [InlineData("+PONG\r\n:1\r\n", "Unexpected reply to listening-port from primary: ':1'")]
    [InlineData(Told + "", "connection with primary lost")]
    [InlineData("+PONG\r\n-ERR a\r\n-ERR b\r\n-ERR c\r\n-LOADING wait\r\n", "unable to PSYNC but should be in the future")]
    [InlineData(Told + "-NOMASTERLINK x\r\n", "unable to PSYNC but should be in the future")]
    [InlineData(Told + "-NOPERM x\r\n", "Unexpected reply to PSYNC from primary: '-NOPERM x'")]
    [InlineData(Told + "+CONTINUE\r\n", "was not asked to")]
    [InlineData(Told + "+CONTINUE ID\r\n", "was not asked to")]
    [InlineData(Told + "+FULLRESYNC\r\n", "wrong +FULLRESYNC syntax")]
    [InlineData(Told + "+FULLRESYNC ID\r\n", "wrong +FULLRESYNC syntax")]
    [InlineData(Told + "+FULLRESYNC ID -1\r\n", "wrong +FULLRESYNC syntax")]
    [InlineData(Told + "+FULLRESYNC ID 99999999999999999999\r\n", "wrong +FULLRESYNC syntax")]
    [InlineData(Told + "+FULLRESYNC zzz 0\r\n", "wrong +FULLRESYNC syntax")]
    [InlineData(Told + "\n\n+FULLRESYNC ID 0\r\n", "while waiting for a snapshot: connection with primary lost")]
    [InlineData(Told + "+FULLRESYNC ID 0\r\n-ERR no fork\r\n", "primary aborted replication with an error: ERR no fork")]
    [InlineData(Told + "+FULLRESYNC ID 0\r\nhello\r\n", "'hello' announces no snapshot")]
    [InlineData(Told + "+FULLRESYNC ID 0\r\n$0\r\n", "'$0' announces no snapshot")]
    [InlineData(Told + "+FULLRESYNC ID 0\r\n$-5\r\n", "announces no snapshot")]
    [InlineData(Told + "+FULLRESYNC ID 0\r\n$EOF:short\r\n", "announces no snapshot")]
    [InlineData(Told + "+FULLRESYNC ID 0\r\n$100\r\nREDIS0010", "of which 9 bytes had come: connection with primary lost")]
    [InlineData(Told + "+FULLRESYNC ID 0\r\n$EOF:ID\r\nREDIS0010", "connection with primary lost")]
    public void The_old_data_stays_until_there_is_new_data(string says, string line)
    {
        using (RespConnection link = _primary.Accept())
        {
            link.Send(Encoding.ASCII.GetBytes(says.Replace("ID", FakePrimary.Id, StringComparison.Ordinal)));
            link.ShutdownSend();
            _server.WaitForLine(line);
        }
        Assert.Equal("1", _client.Call("GET old").Text);
        Assert.Equal("down", ReplicaPair.Field(_client, "master_link_status"));
        SucceedNext();
    }

    [Theory]
    [InlineData("REDIS9999")]
    [InlineData("garbage that is no snapshot")]
    [InlineData("REDIS0010\u00fe\u0000\u0000\u0003abc\u0003def\u0000\u0003abc\u0003def\u00ff\0\0\0\0\0\0\0\0")]
    [InlineData("REDIS0010\u00ff\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008")]
    [InlineData("REDIS0010\u00fa\u0003abc")]
    public void A_snapshot_that_is_none_leaves_no_data(string snapshot)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(snapshot);
        (RespConnection link, _) = _primary.AcceptToPsync();
        using (link)
        {
            link.Send(Encoding.ASCII.GetBytes($"+FULLRESYNC {FakePrimary.Id} 0\r\n${bytes.Length}\r\n"));
            link.Send(bytes);
            _server.WaitForLine("loading failed: ");
        }
        Assert.Equal("0", _client.Call("DBSIZE").Text);
        SucceedNext();
    }

    [Theory]
    [InlineData("*1\r\n$-1\r\n", "what it sends is no request")]
    [InlineData("*99999999999\r\n", "what it sends is no request")]
    [InlineData("*2\r\n$3\r\nGET\r\n$99999999999\r\n", "what it sends is no request")]
    public void What_is_no_request_ends_the_stream(string says, string line)
    {
        using (RespConnection link = _primary.AcceptToStream(FakePrimary.SnapshotOf("new", "1")))
        {
            link.Send(Encoding.ASCII.GetBytes(says));
            _server.WaitForLine(line);
        }
        Assert.Equal("1", _client.Call("GET new").Text);
        RespConnection again = NextToPsync(out string request);
        Assert.Equal("PSYNC ? -1", request);
        again.Dispose();
    }

    [Fact]
    public void Commands_that_are_none_of_a_primarys_do_nothing()
    {
        using RespConnection link = _primary.AcceptToStream(FakePrimary.EmptySnapshot, 100);
        string[] requests =
        [
            "MONITOR", "SUBSCRIBE c", "SHUTDOWN NOSAVE", "DEBUG SLEEP 5", "REPLICAOF NO ONE", "NOSUCHCOMMAND", "GET",
            "CLIENT KILL TYPE normal", "REPLCONF", "REPLCONF ACK 5", "PSYNC ? -1", "CONFIG SET maxmemory 1", "EXEC", "DISCARD",
            "BLPOP l 0", "WAIT 1 0",
            "SELECT 99999", "LPUSH old a", "RESET",
        ];
        long end = 100;
        foreach (string request in requests)
        {
            byte[] bytes = CommandLine.Encode(request);
            link.Send(bytes);
            end += bytes.Length;
        }
        link.Send("\n\n"u8);
        link.Send(CommandLine.Encode("REPLCONF GETACK *"));
        end += 2 + CommandLine.Encode("REPLCONF GETACK *").Length;
        Assert.Equal($"REPLCONF ACK {end}", FakePrimary.NextAcknowledgement(link));
        Assert.Equal("slave", _client.Call("ROLE").Items[0].Text);
        Assert.Contains(
            "== CRITICAL == This replica is sending an error to its primary: 'ERR this command is none of a primary's' after processing "
            + "the command 'MONITOR'", _server.Log, StringComparison.Ordinal);
        Assert.Contains("'ERR unknown command 'NOSUCHCOMMAND'", _server.Log, StringComparison.Ordinal);
        Assert.Equal("1", _client.Call("LLEN old").Text);
    }

    [Fact]
    public void A_transaction_counts_as_a_whole()
    {
        using (RespConnection link = _primary.AcceptToStream(FakePrimary.EmptySnapshot))
        {
            link.Send(CommandLine.Encode("SET a 1"));
            link.Send(CommandLine.Encode("MULTI"));
            link.Send(CommandLine.Encode("SET a 2"));
            Patience.Until(() => _client.Call("GET a").Text == "1");
        }
        long end = CommandLine.Encode("SET a 1").Length;
        _server.WaitForLine("ended while connected: connection with primary lost");
        using RespConnection again = NextToPsync(out string request);
        Assert.Equal($"PSYNC {FakePrimary.Id} {end + 1}", request);
        again.Send("+CONTINUE\r\n"u8);
        again.Send(CommandLine.Encode("MULTI"));
        again.Send(CommandLine.Encode("INCR a"));
        again.Send(CommandLine.Encode("EXEC"));
        Patience.Until(() => _client.Call("GET a").Text == "2");
    }

    [Fact]
    public void An_endless_request_is_bounded()
    {
        using RespConnection link = _primary.AcceptToStream(FakePrimary.EmptySnapshot);
        link.Send("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$400000000\r\n"u8);
        link.Flood(new byte[100_000], 20_000_000, 200);
        _server.WaitForLine("more than 2097152 bytes");
        Assert.InRange(ReplicaPair.Number(_client, "used_memory"), 0, 20_000_000);
        link.Dispose();
        AssertAsksForAll();
    }

    [Fact]
    public void An_endless_transaction_is_bounded()
    {
        using RespConnection link = _primary.AcceptToStream(FakePrimary.EmptySnapshot);
        link.Send(CommandLine.Encode("MULTI"));
        link.Flood(CommandLine.Encode($"SET k {new string('v', 10_000)}"), 20_000_000, 200);
        _server.WaitForLine("more than 2097152 bytes");
        Assert.Equal("0", _client.Call("EXISTS k").Text);
        link.Dispose();
        AssertAsksForAll();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void An_endless_line_is_bounded(int step)
    {
        RespConnection link = step == 0 ? _primary.Accept() : _primary.AcceptToPsync().Link;
        link.Send(step < 2 ? ""u8 : Encoding.ASCII.GetBytes($"+FULLRESYNC {FakePrimary.Id} 0\r\n"));
        link.Send(step < 3 ? "x"u8 : "$"u8);
        link.Flood(Encoding.ASCII.GetBytes(new string('1', 100_000)), 10_000_000, 200);
        _server.WaitForLine("does not end");
        link.Dispose();
        SucceedNext();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Silence_ends_in_time(int step)
    {
        RespConnection link = step switch
        {
            0 => _primary.Accept(),
            < 4 => _primary.AcceptToPsync().Link,
            _ => _primary.AcceptToStream(FakePrimary.EmptySnapshot),
        };
        link.Send(step is 2 or 3 ? Encoding.ASCII.GetBytes($"+FULLRESYNC {FakePrimary.Id} 0\r\n") : ""u8);
        link.Send(step == 3 ? "$1000\r\nREDIS0010"u8 : ""u8);
        Patience.Until(() =>
        {
            _clock.AdvanceMs(20);
            return _server.Log.Contains("timeout", StringComparison.Ordinal);
        });
        link.Dispose();
        if (step < 4)
        {
            SucceedNext();
        }
    }

    [Fact]
    public void Attempts_have_pauses()
    {
        long startedUs = _clock.MonotonicUs;
        for (int i = 0; i < 20; i++)
        {
            Patience.Until(() =>
            {
                _clock.AdvanceMs(50);
                return _primary.HasCaller;
            });
            _primary.Accept().Reset();
        }
        Assert.True(_clock.MonotonicUs - startedUs >= 18_000_000, $"20 attempts in {_clock.MonotonicUs - startedUs} us");
    }

    [Fact]
    public void An_older_primary_is_asked_in_the_old_way()
    {
        (RespConnection link, _) = _primary.AcceptToPsync();
        link.Send("-ERR unknown command 'PSYNC'\r\n"u8);
        Assert.Equal("SYNC", link.ReadLine());
        byte[] snapshot = FakePrimary.SnapshotOf("new", "1");
        link.Send(Encoding.ASCII.GetBytes($"${snapshot.Length}\r\n"));
        link.Send([.. snapshot, .. CommandLine.Encode("SET stream 2")]);
        Patience.Until(() => _client.Call("GET stream").Text == "2");
        _clock.AdvanceMs(3000);
        Assert.True(link.IsSilent(150));
        link.Dispose();
    }

    [Fact]
    public void The_snapshot_may_come_in_any_pieces()
    {
        (RespConnection link, _) = _primary.AcceptToPsync();
        byte[] all =
        [
            .. "\n\n"u8, .. Encoding.ASCII.GetBytes($"+FULLRESYNC {FakePrimary.Id} 7\r\n\n$EOF:{FakePrimary.Id}\r\n"),
            .. FakePrimary.SnapshotOf("new", "1"), .. Encoding.ASCII.GetBytes(FakePrimary.Id),
        ];
        foreach (byte piece in all)
        {
            link.Send([piece]);
        }
        Assert.Equal("REPLCONF ACK 7", FakePrimary.NextAcknowledgement(link));
        foreach (byte piece in CommandLine.Encode("SET a 1"))
        {
            link.Send([piece]);
        }
        Patience.Until(() => _client.Call("GET a").Text == "1");
        Assert.Equal("1", _client.Call("GET new").Text);
        link.Dispose();
    }

    [Fact]
    public void Names_of_a_history_change_under_its_replicas()
    {
        using RespConnection link = _primary.AcceptToStream(FakePrimary.EmptySnapshot, 10);
        using FakeReplica replica = new(_server.Address);
        replica.Connection.Send("PSYNC ? -1");
        Patience.Until(() =>
        {
            _clock.AdvanceMs(100);
            return !replica.Connection.IsSilent(10);
        });
        link.Dispose();
        using RespConnection again = NextToPsync(out string request);
        Assert.Equal($"PSYNC {FakePrimary.Id} 11", request);
        string id = new('e', 40);
        again.Send(Encoding.ASCII.GetBytes($"+CONTINUE {id}\r\n"));
        Patience.Until(() => ReplicaPair.Field(_client, "master_replid") == id);
        Assert.Equal(FakePrimary.Id, ReplicaPair.Field(_client, "master_replid2"));
        Assert.Equal(11, ReplicaPair.Number(_client, "second_repl_offset"));
        replica.Connection.ReadToEnd();
        using FakeReplica other = new(_server.Address);
        other.Connection.Send($"PSYNC {FakePrimary.Id} 11");
        Assert.Equal($"+CONTINUE {id}", other.ReadLine());
    }

    /// <summary>The next attempt finds a primary that does what it should.</summary>
    private void SucceedNext()
    {
        RespConnection link = NextToPsync(out string request);
        Assert.Equal("PSYNC ? -1", request);
        link.Send(Encoding.ASCII.GetBytes($"+FULLRESYNC {FakePrimary.Id} 0\r\n$EOF:{FakePrimary.Id}\r\n"));
        link.Send([.. FakePrimary.SnapshotOf("new", "1"), .. Encoding.ASCII.GetBytes(FakePrimary.Id)]);
        Assert.Equal("REPLCONF ACK 0", FakePrimary.NextAcknowledgement(link));
        Assert.Equal("1", _client.Call("GET new").Text);
        Assert.Equal("0", _client.Call("EXISTS old").Text);
        link.Dispose();
    }

    /// <summary>What it could not take would come again.</summary>
    private void AssertAsksForAll()
    {
        using RespConnection link = NextToPsync(out string request);
        Assert.Equal("PSYNC ? -1", request);
    }

    private RespConnection NextToPsync(out string request)
    {
        (RespConnection link, request) = _primary.AcceptToPsync(_clock, stepMs: 20);
        return link;
    }

    /// <summary>A request of two megabytes is too large for it.</summary>
    private sealed class SmallRequestsModule : Module
    {
        public override void Add(ServerBuilder server) => server.Get<Follower>().RequestSizeMax = 2 << 20;
    }
}
