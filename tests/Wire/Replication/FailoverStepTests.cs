using System.Globalization;
using System.Text;
using Bixbite.Platform;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Replication;

/// <summary>
/// FAILOVER to a replica of which the test says every byte: it is slow, goes away, refuses, lies or says nothing, at every step. The server
/// is a primary again, with all data, unless the replica may be one.
/// </summary>
public sealed class FailoverStepTests : IDisposable
{
    private const int SilenceMs = 30;
    private const string NewId = "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee";

    private readonly ManualClock _clock = new();
    private readonly TestServer _server;
    private readonly RespConnection _client;

    /// <summary>Where the replica says that clients reach it.</summary>
    private readonly FakePrimary _target = new();

    private FakeReplica _replica;

    public FailoverStepTests()
    {
        _server = TestServer.StartAt(
            _clock, "--enable-debug-command", "yes", "--repl-diskless-sync-delay", "0", "--repl-timeout", "5", "--io-threads", "2");
        _client = _server.Connect();
        _replica = Follow(_target.Port);
        Assert.Equal("OK", _client.Call("SET k 1").Text);
        Catch();
    }

    public void Dispose()
    {
        _replica.Dispose();
        _target.Dispose();
        _client.Dispose();
        _server.Dispose();
    }

    [Fact]
    public void Meanwhile_nobody_writes_and_nothing_expires()
    {
        Assert.Equal("OK", _client.Call("SET due v PX 10").Text);
        Begin("FAILOVER");
        Assert.StartsWith("SET due v PXAT", _replica.NextRequest(), StringComparison.Ordinal);
        Assert.Equal("REPLCONF GETACK *", _replica.NextRequest());
        Assert.Equal("waiting-for-sync", State);
        Assert.Equal("failover_in_progress", ReplicaPair.Field(_client, "paused_reason"));
        using RespConnection writer = _server.Connect();
        writer.Send("SET k 2");
        Assert.True(writer.IsSilent(SilenceMs), "written while the place is handed over");
        Assert.Equal("1", _client.Call("GET k").Text);
        _clock.AdvanceMs(100);
        Assert.Equal("", _client.Call("GET due").Text);
        Assert.Equal("OK", _client.Call("CLIENT UNPAUSE").Text);
        Assert.Equal("ERR FAILOVER already in progress.", _client.Call("FAILOVER").Text);
        Assert.Equal("REPLICAOF not allowed while failing over.", _client.Call("REPLICAOF NO ONE").Text[4..]);
        Assert.Equal("REPLICAOF not allowed while failing over.", _client.Call("SLAVEOF 127.0.0.1 1").Text[4..]);
        using RespConnection another = _server.Connect();
        Assert.Equal("NOMASTERLINK Can't SYNC while failing over", another.Call("PSYNC ? -1").Text);
        Assert.Equal("NOMASTERLINK Can't SYNC while failing over", another.Call("SYNC").Text);
        Assert.True(writer.IsSilent(SilenceMs), "written while the place is handed over");
        Assert.True(_replica.Connection.IsSilent(SilenceMs), "something has changed");

        Assert.Equal("OK", _client.Call("FAILOVER ABORT").Text);
        Assert.Equal("OK", writer.Read().Text);
        Assert.Equal("no-failover", State);
        Assert.Equal("none", ReplicaPair.Field(_client, "paused_reason"));
        _clock.AdvanceMs(100);
        string[] next = [_replica.NextRequest(), _replica.NextRequest()];
        Assert.Equal(["DEL due", "SET k 2"], next.Order(StringComparer.Ordinal));
        _server.WaitForLine("FAILOVER to any replica aborted: Failover manually aborted");
    }

    [Fact]
    public void One_that_is_too_slow_does_not_take_over()
    {
        using RespConnection writer = BeginBefore("FAILOVER TIMEOUT 5000", "SET k 3");
        _replica.Acknowledge(_replica.End);
        _clock.AdvanceMs(4900);
        Assert.True(writer.IsSilent(SilenceMs), "it gave up too early");
        _clock.AdvanceMs(101);
        Assert.Equal("OK", writer.Read().Text);
        _server.WaitForLine("aborted: Replica never caught up before timeout");
        Assert.False(_target.HasCaller);
        Assert.Equal("master", ReplicaPair.Field(_client, "role"));
        Assert.Equal("SET k 1", _replica.NextRequest());
    }

    [Fact]
    public void One_that_is_too_slow_takes_over_where_that_is_wanted()
    {
        Assert.Equal("OK", _client.Call("SET k 2").Text);
        Begin($"FAILOVER TO 127.0.0.1 {_target.Port} TIMEOUT 100 FORCE");
        _clock.AdvanceMs(101);
        (RespConnection link, string request) = _target.AcceptToPsync();
        Assert.EndsWith(" FAILOVER", request, StringComparison.Ordinal);
        Assert.Equal("failover-in-progress", State);
        Assert.Equal("slave", ReplicaPair.Field(_client, "role"));
        _server.WaitForLine("time out exceeded, failing over.");
        link.Send(Encoding.ASCII.GetBytes($"+FULLRESYNC {NewId} 7\r\n$EOF:{NewId}\r\n"));
        link.Send([.. FakePrimary.SnapshotOf("k", "9"), .. Encoding.ASCII.GetBytes(NewId)]);
        Assert.Equal("REPLCONF ACK 7", FakePrimary.NextAcknowledgement(link));
        Assert.Equal("no-failover", State);
        Assert.Equal("9", _client.Call("GET k").Text);
        link.Dispose();
    }

    [Fact]
    public void Who_waits_for_the_replica_is_answered_before_it_takes_over()
    {
        using RespConnection durable = _server.Connect();
        Assert.Equal("OK", durable.Call("CLIENT DURABILITY REPLICAS 1").Text);
        durable.Send("SET k 2");
        using RespConnection waiting = _server.Connect();
        Assert.Equal("OK", waiting.Call("SET other 2").Text);
        waiting.Send("WAIT 1 0");
        _client.AwaitBlocked(1);
        Begin("FAILOVER");
        Assert.Equal("waiting-for-sync", State);
        Assert.True(durable.IsSilent(SilenceMs), "answered before it was acknowledged");
        Catch();
        using RespConnection link = _target.AcceptToPsync().Link;
        Assert.Equal("OK", durable.Read().Text);
        Assert.Equal("1", waiting.Read().Text);
        Assert.StartsWith("READONLY", durable.Call("SET k 3").Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("FAILOVER")]
    [InlineData("FAILOVER TO 127.0.0.1 PORT TIMEOUT 1000000")]
    public void One_that_goes_away_is_not_waited_for(string request)
    {
        using RespConnection writer = BeginBefore(request, "SET k 3");
        _replica.Dispose();
        AwaitState("no-failover");
        Assert.Equal("OK", writer.Read().Text);
        _server.WaitForLine("aborted: The replica is gone");
        _replica = Follow(_target.Port);
    }

    [Fact]
    public void One_that_goes_away_may_be_forced_and_is_not_there()
    {
        using RespConnection writer = BeginBefore($"FAILOVER TO 127.0.0.1 {_target.Port} TIMEOUT 1000 FORCE", "SET k 3");
        _replica.Dispose();
        _target.Dispose();
        _clock.AdvanceMs(900);
        Assert.True(writer.IsSilent(SilenceMs), "it gave up too early");
        _clock.AdvanceMs(101);
        Assert.Equal("OK", writer.Read().Text);
        _server.WaitForLine("time out exceeded, failing over.");
        Assert.Equal("master", ReplicaPair.Field(_client, "role"));
        Assert.Equal("3", _client.Call("GET k").Text);
    }

    [Theory]
    [InlineData("-NOPERM no", "Failover target rejected psync request: -NOPERM no")]
    [InlineData("-ERR PSYNC FAILOVER can't be sent to a master.", "Failover target rejected psync request: -ERR PSYNC FAILOVER")]
    [InlineData("-ERR unknown command", "Failover target rejected psync request: -ERR unknown command")]
    [InlineData("-LOADING x", "Failover target rejected psync request: -LOADING x")]
    [InlineData("-NOMASTERLINK x", "Failover target rejected psync request: -NOMASTERLINK x")]
    [InlineData("HTTP/1.1 400", "Failover target rejected psync request: HTTP/1.1 400")]
    [InlineData("+OK", "Failover target rejected psync request: +OK")]
    [InlineData("+CONTINUE zzz", "wrong +CONTINUE syntax")]
    [InlineData("+FULLRESYNC zzz", "wrong +FULLRESYNC syntax")]
    [InlineData("+FULLRESYNC " + NewId + " 0", "it would send all data up to byte 0")]
    [InlineData("+FULLRESYNC " + NewId + " 1", "it would send all data up to byte 1")]
    public void One_that_refuses_leaves_everything_as_it_was(string answer, string line)
    {
        (RespConnection link, string request, RespConnection writer) = HandOver();
        string id = Words(request)[1];
        link.Send(Encoding.ASCII.GetBytes($"{answer}\r\n"));
        Assert.Equal("OK", writer.Read().Text);
        Assert.Contains(line, _server.WaitForLine("aborted: "), StringComparison.Ordinal);
        Assert.Equal("master", ReplicaPair.Field(_client, "role"));
        Assert.Equal("no-failover", State);
        Assert.Equal(id, ReplicaPair.Field(_client, "master_replid2"));
        // The replica comes again, and goes on in the history before.
        _replica.Connection.ReadToEnd();
        using FakeReplica again = new(_server.Address);
        again.Connection.Send($"PSYNC {id} {_replica.End + 1}");
        Assert.StartsWith("+CONTINUE ", again.ReadLine(), StringComparison.Ordinal);
        link.Dispose();
        writer.Dispose();
    }

    [Fact]
    public void One_that_accepts_is_the_primary()
    {
        (RespConnection link, string request, RespConnection writer) = HandOver();
        string[] words = Words(request);
        Assert.Equal(["PSYNC", ReplicaPair.Field(_client, "master_replid"), Number(_replica.End + 1), "FAILOVER"], words);
        Assert.Equal("slave", _client.Call("ROLE").Items[0].Text);
        link.Send(Encoding.ASCII.GetBytes($"+CONTINUE {NewId}\r\n"));
        Assert.Equal($"REPLCONF ACK {_replica.End}", FakePrimary.NextAcknowledgement(link));
        Assert.StartsWith("READONLY", writer.Read().Text, StringComparison.Ordinal);
        Assert.Equal("no-failover", State);
        link.Send(CommandLine.Encode("SELECT 0"));
        link.Send(CommandLine.Encode("SET k 9"));
        Patience.Until(() => _client.Call("GET k").Text == "9");
        link.Dispose();
        writer.Dispose();
    }

    [Theory]
    [InlineData("+CONTINUE " + NewId, "REDIRECT 127.0.0.1:PORT")]
    [InlineData("-NOPERM no", "")]
    public void Who_can_be_sent_on_waits_until_it_is_known_where_to(string answer, string reply)
    {
        using RespConnection reader = _server.Connect();
        Assert.Equal("OK", reader.Call("CLIENT CAPA redirect").Text);
        (RespConnection link, _, RespConnection writer) = HandOver();
        reader.Send("GETRANGE another 0 -1");
        _client.AwaitBlocked(2);
        Assert.True(reader.IsSilent(SilenceMs), "answered while nobody is the primary");
        Assert.Equal("1", _client.Call("GET k").Text);
        link.Send(Encoding.ASCII.GetBytes($"{answer}\r\n"));
        Assert.Equal(reply.Replace("PORT", Number(_target.Port), StringComparison.Ordinal), reader.Read().Text);
        link.Dispose();
        writer.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void One_that_cannot_be_asked_leaves_everything_as_it_was(int step)
    {
        using RespConnection writer = BeginBefore("FAILOVER", "SET k 2");
        Catch();
        using (RespConnection link = _target.Accept())
        {
            link.Send(step == 0 ? ""u8 : step == 1 ? "+PONG\r\n"u8 : "+PONG\r\n:5\r\n"u8);
            if (step < 2)
            {
                link.ShutdownSend();
            }
            Assert.Equal("OK", writer.Read().Text);
        }
        _server.WaitForLine("aborted: ");
        Assert.Equal("master", ReplicaPair.Field(_client, "role"));
    }

    [Theory]
    [InlineData("FAILOVER TIMEOUT 3000", "The target was not reached before timeout")]
    [InlineData("FAILOVER", "timeout connecting to the primary")]
    public void One_that_is_silent_before_it_is_asked_is_not_waited_for(string request, string line)
    {
        using RespConnection writer = BeginBefore(request, "SET k 2");
        Catch();
        using RespConnection link = _target.Accept();
        AwaitState("failover-in-progress");
        Patience.Until(() =>
        {
            _clock.AdvanceMs(50);
            return !writer.IsSilent(1);
        });
        Assert.Equal("OK", writer.Read().Text);
        Assert.Contains(line, _server.WaitForLine("aborted: "), StringComparison.Ordinal);
    }

    [Fact]
    public void One_whose_answer_is_lost_is_asked_again()
    {
        (RespConnection link, _, RespConnection writer) = HandOver();
        for (int i = 0; i < 3; i++)
        {
            link.Dispose();
            (link, string request) = NextToPsync();
            Assert.EndsWith(" FAILOVER", request, StringComparison.Ordinal);
            Assert.Equal("failover-in-progress", State);
            link.Send(i == 1 ? "-LOADING x\r\n"u8 : ""u8);
        }
        link.Send("-ERR PSYNC FAILOVER can't be sent to a master.\r\n"u8);
        link.Dispose();
        (link, string last) = NextToPsync();
        Assert.Equal(3, Words(last).Length);
        Assert.True(writer.IsSilent(SilenceMs));
        link.Send(Encoding.ASCII.GetBytes($"+CONTINUE {NewId}\r\n"));
        Assert.StartsWith("READONLY", writer.Read().Text, StringComparison.Ordinal);
        Assert.Equal(NewId, ReplicaPair.Field(_client, "master_replid"));
        link.Dispose();
        writer.Dispose();
    }

    [Fact]
    public void A_primary_that_is_somebody_else_is_not_followed()
    {
        (RespConnection link, _, RespConnection writer) = HandOver();
        link.Dispose();
        (link, _) = NextToPsync();
        link.Send("-ERR PSYNC FAILOVER can't be sent to a master.\r\n"u8);
        link.Dispose();
        (link, _) = NextToPsync();
        link.Send(Encoding.ASCII.GetBytes($"+FULLRESYNC {NewId} 1000000\r\n$EOF:{NewId}\r\n"));
        Assert.Equal("OK", writer.Read().Text);
        Assert.Equal("2", _client.Call("GET k").Text);
        Assert.Equal("master", ReplicaPair.Field(_client, "role"));
        link.Dispose();
        writer.Dispose();
    }

    [Fact]
    public void It_is_aborted_at_the_last_step()
    {
        (RespConnection link, string request, RespConnection writer) = HandOver();
        Assert.Equal("ERR FAILOVER already in progress.", _client.Call("FAILOVER").Text);
        using RespConnection another = _server.Connect();
        Assert.Equal("NOMASTERLINK Can't SYNC while failing over", another.Call(request).Text);
        Assert.Equal("failover-in-progress", State);
        Assert.Equal("OK", _client.Call("FAILOVER ABORT").Text);
        Assert.Equal("OK", writer.Read().Text);
        Assert.Equal("ERR No failover in progress.", _client.Call("FAILOVER ABORT").Text);
        Assert.Equal("master", ReplicaPair.Field(_client, "role"));
        Assert.Empty(link.ReadToEnd());
        _clock.AdvanceMs(3000);
        Assert.Equal("2", _client.Call("GET k").Text);
        Assert.False(_target.HasCaller);
        link.Dispose();
        writer.Dispose();
    }

    [Fact]
    public void One_that_acknowledges_the_future_or_has_no_port_is_no_danger()
    {
        _replica.Acknowledge(long.MaxValue);
        using FakeReplica portless = Follow(0);
        using FakeReplica impossible = Follow(70_000);
        Assert.Equal("OK", _client.Call("FAILOVER TO 127.0.0.1 70000 TIMEOUT 100 FORCE").Text);
        impossible.Acknowledge(long.MaxValue);
        Patience.Until(() =>
        {
            _clock.AdvanceMs(10);
            return State == "no-failover";
        });
        _server.WaitForLine("aborted: Nobody can be reached at port 70000");
        (RespConnection link, _, RespConnection writer) = HandOver();
        link.Send(Encoding.ASCII.GetBytes($"+CONTINUE {NewId}\r\n"));
        Assert.StartsWith("READONLY", writer.Read().Text, StringComparison.Ordinal);
        link.Dispose();
        writer.Dispose();
    }

    [Fact]
    public void A_replica_takes_over_if_it_is_of_the_same_history()
    {
        using TestServer replica = TestServer.Start("--replicaof", "127.0.0.1", $"{_server.Address.Port}");
        using RespConnection client = replica.Connect();
        Patience.Until(() =>
        {
            _clock.AdvanceMs(100);
            return ReplicaPair.Field(client, "master_link_status") == "up";
        });
        using RespConnection asking = replica.Connect();
        Assert.Equal("ERR PSYNC FAILOVER replid must match my replid.", asking.Call($"PSYNC {NewId} 1 FAILOVER").Text);
        Assert.Equal("ERR PSYNC FAILOVER replid must match my replid.", asking.Call("PSYNC ? -1 FAILOVER").Text);
        Assert.Equal("slave", ReplicaPair.Field(client, "role"));
        string id = ReplicaPair.Field(client, "master_replid");
        string end = Number(ReplicaPair.Number(client, "slave_repl_offset") + 1);
        asking.Call("REPLCONF capa psync2");
        asking.Send($"PSYNC {id.ToUpperInvariant()} {end} failover");
        Assert.StartsWith("+CONTINUE ", asking.ReadLine(), StringComparison.Ordinal);
        Assert.Equal("master", ReplicaPair.Field(client, "role"));
        Assert.Equal("OK", client.Call("SET k 2").Text);
        using RespConnection another = replica.Connect();
        Assert.Equal("ERR PSYNC FAILOVER can't be sent to a master.", another.Call($"PSYNC {id} {end} FAILOVER").Text);
        replica.WaitForLine($"Failover request received for replid {id.ToUpperInvariant()}");
    }

    private string State => ReplicaPair.Field(_client, "master_failover_state");

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string[] Words(string request) => request.Split(' ');

    /// <summary>A replica that gets the stream.</summary>
    private FakeReplica Follow(int port)
    {
        FakeReplica replica = new(_server.Address, $"listening-port {port} capa eof capa psync2");
        replica.Connection.Send("PSYNC ? -1");
        Patience.Until(() =>
        {
            _clock.AdvanceMs(10);
            return !replica.Connection.IsSilent(1);
        });
        replica.ReadSnapshot();
        replica.Acknowledge(replica.End);
        Patience.Until(() =>
        {
            _clock.AdvanceMs(1);
            return _client.Call("INFO replication").Text.Contains($"port={port},state=online", StringComparison.Ordinal);
        });
        return replica;
    }

    /// <summary>The replica has everything that there is by now.</summary>
    private void Catch()
    {
        long end = ReplicaPair.Number(_client, "master_repl_offset");
        while (_replica.End < end)
        {
            _replica.NextRequest();
        }
        _replica.Acknowledge(end);
    }

    private void Begin(string request) => Assert.Equal(
        "OK", _client.Call(request.Replace("PORT", Number(_target.Port), StringComparison.Ordinal)).Text);

    /// <summary>It begins, the replica does not have everything, and somebody waits to write.</summary>
    private RespConnection BeginBefore(string request, string write)
    {
        Assert.Equal("OK", _client.Call("SET k 1").Text);
        Begin(request);
        RespConnection writer = _server.Connect();
        writer.Send(write);
        _client.AwaitBlocked(1);
        return writer;
    }

    /// <summary>The replica has everything and is asked to take over; somebody waits to write.</summary>
    private (RespConnection Link, string Request, RespConnection Writer) HandOver()
    {
        RespConnection writer = BeginBefore("FAILOVER", "SET k 2");
        Catch();
        (RespConnection link, string request) = _target.AcceptToPsync();
        Catch();
        Assert.Equal("failover-in-progress", State);
        return (link, request, writer);
    }

    private (RespConnection Link, string Request) NextToPsync() => _target.AcceptToPsync(_clock, stepMs: 50);

    private void AwaitState(string state) => Patience.Until(
        () =>
        {
            _clock.AdvanceMs(10);
            return State == state;
        },
        () => $"{state} does not come:\n{_server.Log}");
}
