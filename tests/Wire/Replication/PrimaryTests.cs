using System.Text;
using Bixbite.Platform;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Replication;

/// <summary>What a replica is sent, and what it may say.</summary>
public sealed class PrimaryTests : IDisposable
{
    private readonly TestServer _server = Start();
    private readonly RespConnection _client;

    public PrimaryTests() => _client = _server.Connect();

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
    }

    [Fact]
    public void It_is_sent_what_repeats_a_change()
    {
        _client.Call("SET before 1");
        using FakeReplica replica = Online();
        _client.Call("SET k v EX 100");
        _client.Call("GET k");
        _client.Call("SADD s a");
        _client.Call("SPOP s");
        Assert.Equal("SELECT 0", replica.NextRequest());
        Assert.StartsWith("SET k v PXAT ", replica.NextRequest(), StringComparison.Ordinal);
        Assert.Equal("SADD s a", replica.NextRequest());
        Assert.Equal("SREM s a", replica.NextRequest());
        _client.Call("SELECT 2");
        _client.Call("MULTI");
        _client.Call("INCR a");
        _client.Call("PUBLISH c m");
        _client.Call("EXEC");
        Assert.Equal(["SELECT 2", "MULTI", "INCR a", "PUBLISH c m", "EXEC"], Enumerable.Range(0, 5).Select(_ => replica.NextRequest()));
        _client.Call("PUBLISH c m");
        Assert.Equal("PUBLISH c m", replica.NextRequest());
    }

    [Fact]
    public void Pings_come_in_their_time_and_not_before()
    {
        ManualClock clock = new();
        using TestServer server = TestServer.StartAt(clock, "--repl-diskless-sync-delay", "0", "--repl-ping-replica-period", "100");
        using RespConnection client = server.Connect();
        using FakeReplica replica = new(server.Address);
        replica.GoOnline();
        for (int i = 0; i < 20; i++)
        {
            clock.AdvanceMs(1000);
            client.Call("PING");
        }
        Assert.Equal(0, ReplicaPair.Number(client, "master_repl_offset"));
        Patience.Until(() =>
        {
            clock.AdvanceMs(1000);
            replica.Acknowledge(0);
            return ReplicaPair.Number(client, "master_repl_offset") == "*1\r\n$4\r\nPING\r\n".Length;
        });
        Assert.InRange(clock.MonotonicUs, 90_000_000, long.MaxValue);
    }

    [Fact]
    public void A_request_may_be_sent_that_nobody_has_run()
    {
        Assert.Equal("OK", _client.Call("DEBUG REPLICATE before").Text);
        using FakeReplica replica = Online();
        Assert.Equal("OK", _client.Call("DEBUG REPLICATE made-up \"two words\"").Text);
        _client.Call("SET a 1");
        Assert.Equal(["made-up two words", "SELECT 0", "SET a 1"], Enumerable.Range(0, 3).Select(_ => replica.NextRequest()));
    }

    [Fact]
    public void Info_tells_of_a_snapshot_on_its_way()
    {
        _client.Call("CONFIG SET rdb-key-save-delay 1000");
        _client.Call("DEBUG POPULATE 100000 key 1000");
        FakeReplica replica = new(_server.Address);
        replica.BeginFull();
        Assert.Equal("1", ReplicaPair.Field(_client, "rdb_bgsave_in_progress"));
        Assert.Contains("state=wait_bgsave", ReplicaPair.Field(_client, "slave0"), StringComparison.Ordinal);
        replica.Dispose();
        Patience.Until(() => ReplicaPair.Field(_client, "rdb_bgsave_in_progress") == "0");
    }

    [Fact]
    public void A_snapshot_with_a_length_is_made_before_it_is_sent()
    {
        _client.Call("CONFIG SET repl-diskless-sync no rdbcompression no rdb-key-save-delay 10000000");
        _client.Call("DEBUG POPULATE 300 key 100000");
        using FakeReplica replica = new(_server.Address);
        replica.Connection.Send("PSYNC ? -1");
        Patience.Until(() => ReplicaPair.Field(_client, "rdb_bgsave_in_progress") == "1");
        Assert.Contains("state=wait_bgsave", ReplicaPair.Field(_client, "slave0"), StringComparison.Ordinal);
        _client.Call("CONFIG SET rdb-key-save-delay 0");
        AwaitState("send_bulk");
        replica.ReadSnapshot();
        replica.Acknowledge(replica.End);
        AwaitState("online");

        void AwaitState(string name) => Patience.Until(
            () => ReplicaPair.Field(_client, "slave0").Contains($"state={name}", StringComparison.Ordinal),
            () => ReplicaPair.Field(_client, "slave0"));
    }

    [Theory]
    [InlineData("SCAN 0")]
    [InlineData("RANDOMKEY")]
    public void Due_keys_that_are_come_across_go_one_by_one(string request)
    {
        using FakeReplica replica = Online();
        _client.Call("DEBUG SET-ACTIVE-EXPIRE 0");
        _client.Call("MSET a 1 b 2");
        Assert.Equal(["SELECT 0", "MSET a 1 b 2"], Enumerable.Range(0, 2).Select(_ => replica.NextRequest()));
        Expire();
        _client.Call(request);
        Assert.Equal(["DEL a", "DEL b"], Enumerable.Range(0, 2).Select(_ => replica.NextRequest()).Order(StringComparer.Ordinal));
        Expire();
        _client.Call("EVAL \"redis.call('scan', 0)\" 0");
        string[] together = [.. Enumerable.Range(0, 4).Select(_ => replica.NextRequest())];
        Assert.Equal(["DEL a", "DEL b", "EXEC", "MULTI"], together.Order(StringComparer.Ordinal));

        void Expire()
        {
            foreach (string key in (string[])["a", "b"])
            {
                _client.Call($"SET {key} v PX 1");
                Assert.StartsWith($"SET {key} v PXAT", replica.NextRequest(), StringComparison.Ordinal);
            }
            Thread.Sleep(5);
        }
    }

    [Fact]
    public void A_script_says_who_is_told()
    {
        using FakeReplica replica = Online();
        _client.Call("EVAL \"redis.set_repl(redis.REPL_AOF) redis.call('set', 'a', 1) redis.set_repl(redis.REPL_REPLICA) "
            + "redis.call('set', 'b', 2) redis.set_repl(redis.REPL_NONE) redis.call('set', 'c', 3)\" 0");
        _client.Call("SET d 4");
        Assert.Equal(["SELECT 0", "set b 2", "SET d 4"], Enumerable.Range(0, 3).Select(_ => replica.NextRequest()));
    }

    [Fact]
    public void A_large_value_comes_whole()
    {
        using FakeReplica replica = Online();
        string value = new('x', 9_000_000);
        _client.Call($"SET big {value}");
        _client.Call("MULTI");
        _client.Call($"SET big2 {value}");
        _client.Call("SET small 1");
        _client.Call("EXEC");
        Assert.Equal("SELECT 0", replica.NextRequest());
        Assert.Equal("SET big " + value, replica.NextRequest());
        Assert.Equal("MULTI", replica.NextRequest());
        Assert.Equal("SET big2 " + value, replica.NextRequest());
        Assert.Equal(["SET small 1", "EXEC"], Enumerable.Range(0, 2).Select(_ => replica.NextRequest()));
    }

    [Fact]
    public void It_goes_on_from_any_byte_that_is_kept()
    {
        string id;
        long from;
        using (FakeReplica replica = Online())
        {
            (id, from) = (replica.Id, replica.End);
            _client.Call("SET a 1");
            replica.NextRequest();
            replica.NextRequest();
        }
        using FakeReplica again = new(_server.Address);
        again.Connection.Send($"PSYNC {id.ToUpperInvariant()} {from + 1}");
        Assert.Equal($"+CONTINUE {id}", again.ReadLine());
        Assert.Equal(["SELECT 0", "SET a 1"], Enumerable.Range(0, 2).Select(_ => again.NextRequest()));
        using FakeReplica old = new(_server.Address, "capa eof");
        old.Connection.Send($"PSYNC {id} {again.End + from + 2}");
        Assert.Equal("+CONTINUE", old.ReadLine());
        Assert.Equal("2", ReplicaPair.Field(_client, "sync_partial_ok"));
    }

    [Theory]
    [InlineData("PSYNC ? -1")]
    [InlineData("PSYNC ? 1")]
    [InlineData("PSYNC 0123456789012345678901234567890123456789 1")]
    [InlineData("PSYNC \"\" 1")]
    [InlineData("PSYNC ID 0")]
    [InlineData("PSYNC ID -9223372036854775808")]
    [InlineData("PSYNC ID 9223372036854775807")]
    [InlineData("PSYNC ID 1000")]
    [InlineData("PSYNC 0000000000000000000000000000000000000000 1")]
    public void It_gets_everything_where_it_cannot_go_on(string request)
    {
        using FakeReplica first = Online();
        using FakeReplica replica = new(_server.Address);
        replica.Connection.Send(request.Replace("ID", first.Id, StringComparison.Ordinal));
        Assert.StartsWith("+FULLRESYNC ", replica.ReadLine(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PSYNC ? x", "ERR value is not an integer or out of range")]
    [InlineData("PSYNC ? 99999999999999999999", "ERR value is not an integer or out of range")]
    [InlineData("PSYNC ?", "ERR wrong number of arguments for 'psync' command")]
    [InlineData("PSYNC ? -1 failover", "ERR PSYNC FAILOVER can't be sent to a master.")]
    [InlineData("SYNC 1", "ERR wrong number of arguments for 'sync' command")]
    [InlineData("REPLCONF listening-port", "ERR syntax error")]
    [InlineData("REPLCONF listening-port x", "ERR value is not an integer or out of range")]
    [InlineData("REPLCONF rdb-only 2", "ERR value is out of range, value must between 0 and 1")]
    [InlineData("REPLCONF rdb-filter-only keys", "ERR Unsupported rdb-filter-only option: keys")]
    [InlineData("REPLCONF nothing 1", "ERR Unrecognized REPLCONF option: nothing")]
    [InlineData("REPLCONF version 8", "ERR Unrecognized version format: 8")]
    [InlineData("REPLCONF version 8.0.1", "OK")]
    [InlineData("REPLCONF capa unheard-of", "OK")]
    [InlineData("REPLCONF", "OK")]
    public void What_is_wrong_is_answered(string request, string answer)
    {
        Assert.Equal(answer, _client.Call(request).Text);
        Assert.Equal("PONG", _client.Call("PING").Text);
    }

    [Fact]
    public void A_wrong_offset_is_told_of()
    {
        _client.Call("PSYNC ? x");
        _server.WaitForLine("asks for synchronization but with a wrong offset");
    }

    [Fact]
    public void Acknowledgements_of_who_is_no_replica_are_not_answered()
    {
        _client.Send("REPLCONF ACK 5");
        _client.Send("REPLCONF ACK x");
        _client.Send("REPLCONF GETACK *");
        Assert.Equal("PONG", _client.Call("PING").Text);
    }

    /// <summary>What Valkey 8 and Redis 8 say that have a channel for snapshots: an ordinary answer has them do without.</summary>
    [Theory]
    [InlineData("capa eof capa psync2 capa dual-channel", "version 8.1.0")]
    [InlineData("capa eof capa psync2 capa rdb-channel-repl", "rdb-only 0")]
    public void One_that_offers_a_channel_for_snapshots_gets_an_ordinary_one(string capabilities, string more)
    {
        using FakeReplica replica = new(_server.Address, capabilities);
        Assert.Equal("OK", replica.Connection.Call($"REPLCONF {more}").Text);
        replica.GoOnline();
        _client.Call("SET a 1");
        Assert.Equal(["SELECT 0", "SET a 1"], Enumerable.Range(0, 2).Select(_ => replica.NextRequest()));
        using RespConnection second = _server.Connect();
        Assert.Equal(
            "ERR Unrecognized REPLCONF option: rdb-channel", second.Call("REPLCONF capa eof rdb-only 1 rdb-channel 1").Text);
    }

    [Fact]
    public void What_is_on_its_way_cannot_come_into_a_snapshot()
    {
        using RespConnection replica = _server.Connect();
        replica.Send([.. CommandLine.Encode("PING"), .. CommandLine.Encode("PSYNC ? -1")]);
        Assert.Equal("PONG", replica.Read().Text);
        Assert.Equal("ERR SYNC and PSYNC are invalid with pending output", replica.Read().Text);
    }

    [Fact]
    public void Sync_comes_with_a_length_and_no_greeting()
    {
        _client.Call("SET k v");
        using RespConnection replica = _server.Connect();
        replica.Send("SYNC");
        string line = Encoding.ASCII.GetString(replica.ReadUpTo("\r\n"u8)).Trim();
        Assert.StartsWith("$", line, StringComparison.Ordinal);
        byte[] snapshot = replica.ReadBytes(int.Parse(line.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal("REDIS0010", Encoding.ASCII.GetString(snapshot[..9]));
        _client.Call("SET k w");
        Assert.Equal("SELECT", replica.Read().Items[0].Text);
    }

    [Fact]
    public void Who_wants_a_snapshot_only_gets_no_stream()
    {
        _client.Call("SET key-of-mine v");
        _client.Call("FUNCTION LOAD \"#!lua name=mylib\\nredis.register_function('f', function() return 1 end)\"");
        using (FakeReplica replica = new(_server.Address, "capa eof rdb-only 1"))
        {
            string text = Encoding.Latin1.GetString(replica.ReadFull());
            Assert.Contains("key-of-mine", text, StringComparison.Ordinal);
            Assert.Contains("mylib", text, StringComparison.Ordinal);
            Assert.Empty(replica.Connection.ReadToEnd());
        }
        using FakeReplica functions = new(_server.Address, "capa eof rdb-only 1 rdb-filter-only functions");
        string filtered = Encoding.Latin1.GetString(functions.ReadFull());
        Assert.DoesNotContain("key-of-mine", filtered, StringComparison.Ordinal);
        Assert.Contains("mylib", filtered, StringComparison.Ordinal);
        using FakeReplica nothing = new(_server.Address, "capa eof rdb-only 1 rdb-filter-only \"\"");
        Assert.DoesNotContain("mylib", Encoding.Latin1.GetString(nothing.ReadFull()), StringComparison.Ordinal);
        using FakeReplica without = new(_server.Address, "rdb-filter-only functions");
        Assert.Equal("ERR Filtered replica requires EOF capability", without.Connection.Call("PSYNC ? -1").Text);
    }

    [Fact]
    public void Clients_wait_for_acknowledgements()
    {
        using FakeReplica replica = Online();
        Assert.Equal("1", _client.Call("WAIT 1 0").Text);
        _client.Call("SET a 1");
        using RespConnection waiting = _server.Connect();
        waiting.Send([.. CommandLine.Encode("SET b 1"), .. CommandLine.Encode("WAIT 1 0")]);
        Assert.Equal("OK", waiting.Read().Text);
        Assert.Equal(["SELECT 0", "SET a 1"], Enumerable.Range(0, 2).Select(_ => replica.NextRequest()));
        long endOfA = replica.End;
        Assert.Equal("SET b 1", replica.NextRequest());
        long endOfB = replica.End;
        Assert.Equal("REPLCONF GETACK *", replica.NextRequest());
        replica.Acknowledge(endOfA);
        Patience.Until(() => ReplicaPair.Field(_client, "slave0").Contains($"offset={endOfA},", StringComparison.Ordinal));
        Assert.True(waiting.IsSilent(20));
        replica.Acknowledge(endOfB);
        Assert.Equal("1", waiting.Read().Text);
    }

    [Fact]
    public void Nobody_has_more_than_there_is()
    {
        using FakeReplica replica = Online();
        replica.Acknowledge(long.MaxValue, " FACK 9223372036854775807");
        Patience.Until(() => ReplicaPair.Field(_client, "slave0").Contains($"offset={replica.End},", StringComparison.Ordinal));
        _client.Call("SET a 1");
        Assert.Equal("0", _client.Call("WAIT 1 5").Text);
        replica.Acknowledge(-5);
        replica.Connection.Send("REPLCONF ACK x");
        _client.Call("PING");
        Assert.Equal("1", ReplicaPair.Field(_client, "connected_slaves"));
    }

    [Fact]
    public void Logs_of_replicas_count_for_WAITAOF()
    {
        using FakeReplica replica = Online();
        _client.Call("SET a 1");
        Assert.Equal(["0", "0"], _client.Call("WAITAOF 0 1 5").Items.Select(static item => item.Text));
        using RespConnection waiting = _server.Connect();
        waiting.Send([.. CommandLine.Encode("SET b 1"), .. CommandLine.Encode("WAITAOF 0 1 0")]);
        waiting.Read();
        while (replica.NextRequest() != "SET b 1")
        {
        }
        replica.Acknowledge(replica.End);
        Assert.True(waiting.IsSilent(20));
        replica.Acknowledge(replica.End, $" FACK {replica.End}");
        Assert.Equal(["0", "1"], waiting.Read().Items.Select(static item => item.Text));
    }

    [Fact]
    public void Writes_are_refused_with_too_few_good_replicas()
    {
        _client.Call("CONFIG SET min-replicas-to-write 1");
        const string Refusal = "NOREPLICAS Not enough good replicas to write.";
        Assert.Equal(Refusal, _client.Call("SET a 1").Text);
        Assert.Equal("0", ReplicaPair.Field(_client, "min_slaves_good_slaves"));
        Assert.StartsWith(Refusal, _client.Call("EVAL \"return redis.call('set', 'a', 1)\" 0").Text, StringComparison.Ordinal);
        Assert.Equal("", _client.Call("GET a").Text);
        using FakeReplica replica = Online();
        Assert.Equal("OK", _client.Call("SET a 1").Text);
        Assert.Equal("1", ReplicaPair.Field(_client, "min_slaves_good_slaves"));
        replica.Dispose();
        Patience.Until(() => _client.Call("SET a 1").Text == Refusal);
        _client.Call("CONFIG SET min-replicas-max-lag 0");
        Assert.Equal("OK", _client.Call("SET a 1").Text);
    }

    [Fact]
    public void Time_ends_what_is_not_wanted()
    {
        ManualClock clock = new();
        using TestServer server = TestServer.StartAt(
            clock, "--repl-diskless-sync-delay", "0", "--repl-timeout", "20", "--repl-backlog-ttl", "100");
        using RespConnection client = server.Connect();
        using FakeReplica replica = new(server.Address);
        replica.GoOnline();
        Await("slave0:", "state=online");
        string id = ReplicaPair.Field(client, "master_replid");
        Assert.Equal(replica.Id, id);
        Pass(15);
        replica.Acknowledge(replica.End);
        client.Call("PING");
        Pass(15);
        Assert.Equal("1", ReplicaPair.Field(client, "connected_slaves"));
        Pass(15);
        Await("connected_slaves:", "connected_slaves:0");
        Assert.Equal("1", ReplicaPair.Field(client, "repl_backlog_active"));
        long end = ReplicaPair.Number(client, "master_repl_offset");
        Pass(60);
        Assert.Equal(id, ReplicaPair.Field(client, "master_replid"));
        Pass(60);
        Await("repl_backlog_active:", "repl_backlog_active:0");
        Assert.NotEqual(id, ReplicaPair.Field(client, "master_replid"));
        Assert.Equal(end, ReplicaPair.Number(client, "master_repl_offset"));

        // The cron sees to it, and its time is the clock's.
        void Await(string line, string wanted) => Patience.Until(
            () =>
            {
                clock.AdvanceMs(1);
                return client.Call("INFO replication").Text.Split("\r\n")
                    .Any(each => each.StartsWith(line, StringComparison.Ordinal) && each.Contains(wanted, StringComparison.Ordinal));
            },
            () => $"{wanted} does not come:\n{client.Call("INFO replication").Text}");

        void Pass(int seconds)
        {
            for (int i = 0; i < seconds; i++)
            {
                clock.AdvanceMs(1000);
                client.Call("PING");
            }
            Thread.Sleep(300);
        }
    }

    private static TestServer Start(params string[] options) =>
        TestServer.Start(["--enable-debug-command", "yes", "--repl-diskless-sync-delay", "0", .. options]);

    private FakeReplica Online()
    {
        FakeReplica replica = new(_server.Address);
        replica.GoOnline();
        Patience.Until(() => _client.Call("INFO replication").Text.Contains("state=online", StringComparison.Ordinal));
        return replica;
    }
}
