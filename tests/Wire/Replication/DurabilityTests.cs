using Bixbite.Platform;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Replication;

/// <summary>CLIENT DURABILITY: replies to changes wait for replicas, and say so where these do not answer in time.</summary>
public sealed class DurabilityTests : IDisposable
{
    private const int SilenceMs = 30;
    private const string Late = "UNACKED The change was made here, but it was not acknowledged by 1 replicas in time";

    private readonly ManualClock _clock = new();
    private readonly TestServer _server;
    private readonly RespConnection _client;

    public DurabilityTests()
    {
        _server = TestServer.StartAt(_clock, "--repl-diskless-sync-delay", "0", "--io-threads", "4");
        _client = _server.Connect();
    }

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
    }

    [Theory]
    [InlineData("CLIENT DURABILITY local", "ERR CLIENT DURABILITY LOCAL cannot be used when appendonly is disabled.")]
    [InlineData("CLIENT DURABILITY replicas", "ERR syntax error")]
    [InlineData("CLIENT DURABILITY replicas 0", "ERR the number of replicas must be between 1 and 8")]
    [InlineData("CLIENT DURABILITY replicas 9", "ERR the number of replicas must be between 1 and 8")]
    [InlineData("CLIENT DURABILITY replicas x", "ERR the number of replicas must be between 1 and 8")]
    [InlineData("CLIENT DURABILITY replicas 1 -1", "ERR timeout is negative")]
    [InlineData("CLIENT DURABILITY replicas 1 1 1", "ERR syntax error")]
    [InlineData("CLIENT DURABILITY none 1", "ERR syntax error")]
    [InlineData("CLIENT DURABILITY forever", "ERR syntax error")]
    [InlineData(
        "CONFIG SET client-durability forever",
        "ERR CONFIG SET failed (possibly related to argument 'client-durability') - must be none, local, or replicas with their number and "
            + "a timeout in milliseconds")]
    public void What_is_wrong_is_answered_and_changes_nothing(string request, string answer)
    {
        Assert.Equal("none", _client.Call("CLIENT DURABILITY").Text);
        Assert.Equal(answer, _client.Call(request).Text);
        Assert.Equal("none", _client.Call("CLIENT DURABILITY").Text);
        Assert.Equal("OK", _client.Call("SET k 1").Text);
    }

    [Fact]
    public void A_change_waits_for_its_replica_and_nothing_else_does()
    {
        using FakeReplica replica = Online();
        using RespConnection durable = Durable("replicas 1");
        Assert.Equal("", durable.Call("GET nothing").Text);
        durable.Send("SET k 1");
        AwaitValue("k", "1");
        Assert.True(durable.IsSilent(SilenceMs));
        Assert.Equal("OK", _client.Call("SET other 1").Text);
        long before = ReadUpTo(replica, "SET k 1");
        Assert.Equal("REPLCONF GETACK *", Until(replica, "REPLCONF GETACK *"));
        replica.Acknowledge(before - 1);
        Assert.True(durable.IsSilent(SilenceMs));
        replica.Acknowledge(before);
        Assert.Equal("OK", durable.Read().Text);
        Assert.Equal("1", durable.Call("GET k").Text);
    }

    [Fact]
    public void A_pipeline_goes_as_far_as_it_is_acknowledged()
    {
        using FakeReplica replica = Online();
        using RespConnection durable = Durable("replicas 1");
        durable.Send("SET a 1");
        long first = ReadUpTo(replica, "SET a 1");
        durable.Send([.. CommandLine.Encode("GET a"), .. CommandLine.Encode("SET b 2"), .. CommandLine.Encode("GET b")]);
        long second = ReadUpTo(replica, "SET b 2");
        Assert.True(durable.IsSilent(SilenceMs));
        replica.Acknowledge(first);
        Assert.Equal("OK", durable.Read().Text);
        replica.Acknowledge(second);
        Assert.Equal(["1", "OK", "2"], Enumerable.Range(0, 3).Select(_ => durable.Read().Text));
    }

    [Fact]
    public void One_question_covers_all_of_a_turn()
    {
        using FakeReplica replica = Online();
        using RespConnection durable = Durable("replicas 1");
        durable.Send([.. Enumerable.Range(0, 50).SelectMany(i => CommandLine.Encode($"SET key{i} {i}"))]);
        int questions = 0;
        string request;
        do
        {
            request = replica.NextRequest();
            questions += request == "REPLCONF GETACK *" ? 1 : 0;
        }
        while (request != "SET key49 49");
        Assert.InRange(questions, 0, 5);
        Until(replica, "REPLCONF GETACK *");
        replica.Acknowledge(replica.End);
        for (int i = 0; i < 50; i++)
        {
            Assert.Equal("OK", durable.Read().Text);
        }
    }

    [Fact]
    public void What_is_late_says_so_and_stays()
    {
        using FakeReplica replica = Online();
        using RespConnection durable = Durable("replicas 1 100");
        _client.Call("SET n 5");
        durable.Send([.. CommandLine.Encode("SET k 1"), .. CommandLine.Encode("GET k"), .. CommandLine.Encode("INCR n")]);
        AwaitValue("n", "6");
        durable.Send([.. CommandLine.Encode("PING"), .. CommandLine.Encode("APPEND k 23"), .. CommandLine.Encode("STRLEN k")]);
        AwaitValue("k", "123");
        Assert.True(durable.IsSilent(SilenceMs));
        Pass(durable, 120);
        Assert.Equal([Late, "1", Late, "PONG", Late, "3"], Enumerable.Range(0, 6).Select(_ => durable.Read().Text));
        durable.Send("SET k 4");
        replica.Acknowledge(ReadUpTo(replica, "SET k 4"));
        Assert.Equal("OK", durable.Read().Text);
    }

    [Fact]
    public void Some_are_late_and_some_are_not()
    {
        using FakeReplica replica = Online();
        using RespConnection durable = Durable("replicas 1 100");
        durable.Send("SET a 1");
        long first = ReadUpTo(replica, "SET a 1");
        durable.Send("SET b 1");
        ReadUpTo(replica, "SET b 1");
        replica.Acknowledge(first);
        Assert.Equal("OK", durable.Read().Text);
        Pass(durable, 120);
        Assert.Equal(Late, durable.Read().Text);
    }

    [Fact]
    public void A_transaction_and_a_script_are_one_reply()
    {
        using FakeReplica replica = Online();
        using RespConnection durable = Durable("replicas 1 100");
        Queue(durable, "SET a 1", "GET a", "INCR a");
        durable.Send([.. CommandLine.Encode("EXEC"), .. CommandLine.Encode("GET a")]);
        AwaitValue("a", "2");
        Assert.True(durable.IsSilent(SilenceMs));
        Pass(durable, 120);
        Assert.Equal([Late, "2"], Enumerable.Range(0, 2).Select(_ => durable.Read().Text));
        durable.Send("EVAL \"redis.call('set', 'b', 1) return {redis.call('get', 'b'), 2}\" 0");
        long end = ReadUpTo(replica, "set b 1");
        Assert.True(durable.IsSilent(SilenceMs));
        replica.Acknowledge(end);
        Assert.Equal(["1", "2"], durable.Read().Items.Select(static item => item.Text));
        durable.Send("EVAL \"redis.call('set', 'b', 2) return {redis.call('get', 'b'), 2}\" 0");
        AwaitValue("b", "2");
        Pass(durable, 120);
        Assert.Equal(Late, durable.Read().Text);
    }

    [Fact]
    public void A_large_value_in_a_transaction_is_handed_over_in_parts_and_answered_once()
    {
        using FakeReplica replica = Online();
        using RespConnection durable = Durable("replicas 1 100");
        string value = new('v', 200_000);
        Queue(durable, $"SET a {value}", $"SET a {value}x GET", "GET a");
        durable.Send("EXEC");
        durable.Send("GET a");
        durable.Send($"SET a {value} GET");
        Patience.Until(() => _client.Call("STRLEN a").Text == "200000");
        Assert.True(durable.IsSilent(SilenceMs));
        Pass(durable, 120);
        Assert.Equal(Late, durable.Read().Text);
        Assert.Equal(value + "x", durable.Read().Text);
        Assert.Equal(Late, durable.Read().Text);
        Assert.Equal("PONG", durable.Call("PING").Text);
    }

    [Fact]
    public void Who_waited_for_a_key_waits_for_replicas_as_well()
    {
        using FakeReplica replica = Online();
        List<RespConnection> waiting = [];
        for (int i = 0; i < 8; i++)
        {
            waiting.Add(Durable("replicas 1 100"));
            waiting[i].Send($"BLPOP list{i} 0");
        }
        _client.AwaitBlocked(8);
        Push(0);
        ReadUpTo(replica, "LPOP list3");
        // The question before this one may have been asked between the four, and has no answer.
        _clock.AdvanceMs(1);
        ReadUpTo(replica, "REPLCONF GETACK *");
        replica.Acknowledge(replica.End);
        for (int i = 0; i < 4; i++)
        {
            Assert.Equal("x", waiting[i].Read().Items[1].Text);
        }
        Push(4);
        Pass(waiting[4], 120);
        for (int i = 4; i < 8; i++)
        {
            Assert.Equal(Late, waiting[i].Read().Text);
            Assert.Equal("PONG", waiting[i].Call("PING").Text);
        }
        waiting.ForEach(static client => client.Dispose());

        void Push(int first)
        {
            for (int i = first; i < first + 4; i++)
            {
                Assert.Equal("1", _client.Call($"RPUSH list{i} x").Text);
            }
            for (int i = first; i < first + 4; i++)
            {
                Assert.True(waiting[i].IsSilent(SilenceMs / 4));
            }
        }
    }

    [Fact]
    public void Who_wants_no_replies_gets_none()
    {
        using FakeReplica replica = Online();
        using RespConnection durable = Durable("replicas 1 100");
        durable.Send([.. CommandLine.Encode("CLIENT REPLY SKIP"), .. CommandLine.Encode("SET a 1"), .. CommandLine.Encode("GET a")]);
        AwaitValue("a", "1");
        Pass(durable, 120);
        Assert.Equal("1", durable.Read().Text);
    }

    [Fact]
    public void So_many_replicas_as_are_wanted()
    {
        using FakeReplica first = Online();
        using FakeReplica second = Online();
        using RespConnection durable = Durable("replicas 2");
        using RespConnection easier = Durable("replicas 1");
        durable.Send("SET a 1");
        AwaitValue("a", "1");
        easier.Send("SET b 1");
        first.Acknowledge(ReadUpTo(first, "SET b 1"));
        Assert.Equal("OK", easier.Read().Text);
        Assert.True(durable.IsSilent(SilenceMs));
        second.Acknowledge(ReadUpTo(second, "SET a 1"));
        Assert.Equal("OK", durable.Read().Text);
        second.Dispose();
        durable.Send("SET a 2");
        first.Acknowledge(ReadUpTo(first, "SET a 2"));
        Assert.True(durable.IsSilent(SilenceMs));
        using FakeReplica third = Online();
        Patience.Until(() =>
        {
            third.Acknowledge(third.End);
            return !durable.IsSilent(1);
        });
        Assert.Equal("OK", durable.Read().Text);
    }

    [Fact]
    public void Without_any_replica_it_is_late()
    {
        using RespConnection durable = Durable("replicas 1 100");
        durable.Send("SET a 1");
        AwaitValue("a", "1");
        Assert.True(durable.IsSilent(SilenceMs));
        Pass(durable, 120);
        Assert.Equal(Late, durable.Read().Text);
        Assert.Equal("OK", durable.Call("CLIENT DURABILITY none").Text);
        Assert.Equal("OK", durable.Call("SET a 2").Text);
    }

    [Fact]
    public void The_setting_is_for_those_who_come_and_for_reset()
    {
        Assert.Equal("OK", _client.Call("CONFIG SET client-durability \"REPLICAS 1 100\"").Text);
        Assert.Equal("replicas 1 100", _client.Call("CONFIG GET client-durability").Items[1].Text);
        Assert.Equal("OK", _client.Call("SET a 1").Text);
        using RespConnection durable = _server.Connect();
        Assert.Equal("replicas 1 100", durable.Call("CLIENT DURABILITY").Text);
        durable.Send("SET a 2");
        AwaitValue("a", "2");
        Pass(durable, 120);
        Assert.Equal(Late, durable.Read().Text);
        Assert.Equal("OK", durable.Call("CLIENT DURABILITY none").Text);
        Assert.Equal("OK", durable.Call("SET a 3").Text);
        Assert.Equal("RESET", durable.Call("RESET").Text);
        Assert.Equal("replicas 1 100", durable.Call("CLIENT DURABILITY").Text);
        Assert.Equal("OK", _client.Call("CONFIG SET client-durability none").Text);
        Assert.Equal("RESET", durable.Call("RESET").Text);
        Assert.Equal("OK", durable.Call("SET a 4").Text);
    }

    [Fact]
    public void Who_leaves_while_held_is_forgotten()
    {
        using FakeReplica replica = Online();
        RespConnection leaving = Durable("replicas 1 100");
        using RespConnection staying = Durable("replicas 1 100");
        leaving.Send("SET a 1");
        staying.Send("SET b 1");
        AwaitValue("b", "1");
        leaving.Dispose();
        Pass(staying, 120);
        Assert.Equal(Late, staying.Read().Text);
        Assert.Equal("OK", staying.Call("CLIENT DURABILITY none").Text);
        Assert.Equal("OK", staying.Call("SET b 2").Text);
    }

    /// <summary>What is answered in one turn waits together, so that is read before anything changes.</summary>
    private static void Queue(RespConnection client, params string[] commands)
    {
        Assert.Equal("OK", client.Call("MULTI").Text);
        foreach (string command in commands)
        {
            Assert.Equal("QUEUED", client.Call(command).Text);
        }
    }

    private RespConnection Durable(string level)
    {
        RespConnection client = _server.Connect();
        Assert.Equal("OK", client.Call($"CLIENT DURABILITY {level}").Text);
        Assert.Equal(level, client.Call("CLIENT DURABILITY").Text);
        return client;
    }

    private FakeReplica Online()
    {
        FakeReplica replica = new(_server.Address);
        replica.GoOnline();
        // The cron sees to it, and its time is the clock's.
        Patience.Until(() =>
        {
            _clock.AdvanceMs(1);
            return _client.Call("INFO replication").Text.Contains($"state=online,offset={replica.End},", StringComparison.Ordinal);
        });
        return replica;
    }

    /// <summary>Reads up to a request; returns the position behind it.</summary>
    private static long ReadUpTo(FakeReplica replica, string request)
    {
        Until(replica, request);
        return replica.End;
    }

    private static string Until(FakeReplica replica, string wanted)
    {
        string request;
        do
        {
            request = replica.NextRequest();
        }
        while (request != wanted);
        return request;
    }

    private void AwaitValue(string key, string value) =>
        Patience.Until(() => _client.Call($"GET {key}").Text == value, () => $"{key} never has {value}");

    /// <summary>So much time passes, and the client hears of it.</summary>
    private void Pass(RespConnection client, int ms)
    {
        _clock.AdvanceMs(ms);
        Patience.Until(() => !client.IsSilent(1), "what is late is held for ever");
    }
}
