using Bixbite.Engine.Execution;
using Bixbite.Engine.Lifecycle;
using Bixbite.Scripting;
using Bixbite.Scripting.Running;
using Bixbite.Unit.Engine;
using Bixbite.Unit.Engine.Propagation;
using Xunit;

namespace Bixbite.Unit.Scripting;

/// <summary>What scripts do to the server around them: propagation, transactions, watches, time, gates, memory.</summary>
public sealed class EvalTests : IDisposable
{
    private readonly EngineFixture _engine = new(EngineFixture.Probe("now", "readonly", TellTime));
    private readonly EngineClient _client;

    public EvalTests() => _client = _engine.Connect();

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void NothingOfLuaIsThereBeforeTheFirstScript()
    {
        ScriptMemory scripts = _engine.Get<ScriptMemory>();
        Assert.Equal(0, scripts.Bytes);
        Assert.Equal("*1 :0", _client.Send("script exists e0e1f9fabfc9d4800c877a703b823ac0578ff8db"));
        Assert.Equal(0, scripts.Bytes);
        Assert.Equal(":1", Eval("return 1"));
        Assert.True(scripts.Bytes > 0);
        Assert.Equal("+OK", _client.Send("script flush"));
        Assert.Equal(0, scripts.Bytes);
    }

    [Fact]
    public void ASourceThatIsTooLongIsRefused()
    {
        string reply = Eval("return 1 --" + new string('x', 4 << 20));
        Assert.Equal("-ERR Error compiling script (new function): chunk is longer than 4194304 bytes", reply);
        Assert.Equal(":1", Eval("return 1 --" + new string('x', (4 << 20) - 11)));
        Assert.StartsWith("$", Eval("return select(2, loadstring(('x'):rep(2^23)))"), StringComparison.Ordinal);
    }

    [Fact]
    public void MuchGarbageIsCollectedOnce()
    {
        ScriptGarbage garbage = _engine.Get<ScriptGarbage>();
        garbage.Note((64 << 20) - 1);
        garbage.Collect();
        Assert.Equal(CronTask.Never, garbage.RunIfDue(_engine.Clock.MonotonicUs + 2_000_000));
        garbage.Note(1);
        Assert.Equal(1000, garbage.RunIfDue(_engine.Clock.MonotonicUs));
        byte[][] held = [.. Enumerable.Range(0, 256).Select(static _ => new byte[1 << 20])];
        GC.Collect();
        Assert.Equal(256, held.Length);
        held = [];
        Assert.Equal(CronTask.Never, garbage.RunIfDue(_engine.Clock.MonotonicUs + 1_000_000));
        Assert.Equal(1, garbage.Count);
        Assert.Equal(CronTask.Never, garbage.RunIfDue(_engine.Clock.MonotonicUs + 2_000_000));
        Assert.Equal(1, garbage.Count);
    }

    [Fact]
    public void WhatAScriptChangesIsOneStep()
    {
        var sink = new CollectingSink();
        _engine.Propagator.Attach(sink);
        Eval("redis.call('set','a',1) redis.call('get','a') redis.call('incr','a') return redis.pcall('incr','nosuch','x')");
        Assert.Equal("0: MULTI | 0: set a 1 | 0: incr a | -1: EXEC", sink.Take());
        Eval("return redis.call('set','a',1)");
        Assert.Equal("0: set a 1", sink.Take());
        Eval("return redis.call('get','a')");
        Assert.Equal("", sink.Take());
        Eval("redis.call('set','a',2) redis.call('select',3) redis.call('set','b',3) error('late')");
        Assert.Equal("0: MULTI | 0: set a 2 | 3: set b 3 | -1: EXEC", sink.Take());
        _client.Send("multi");
        _client.Send("set c 1");
        Eval("redis.call('set','d',1) redis.call('set','e',1)");
        _client.Send("exec");
        Assert.Equal("0: MULTI | 0: set c 1 | 0: set d 1 | 0: set e 1 | -1: EXEC", sink.Take());
    }

    [Fact]
    public void TheClientsDatabaseStaysWhatItWas()
    {
        Assert.Equal("+OK", Eval("redis.call('select',3) return redis.call('set','k','v')"));
        Assert.Equal("$-1", _client.Send("get k"));
        Assert.Equal(0, _client.Session.Database.Number);
        Assert.StartsWith("-ERR", Eval("redis.call('select',4) return redis.call('nosuch')"), StringComparison.Ordinal);
        Assert.Equal(0, _client.Session.Database.Number);
    }

    [Fact]
    public void WatchedKeysAreTouched()
    {
        EngineClient other = _engine.Connect();
        other.Send("watch k");
        other.Send("multi");
        other.Send("get k");
        Eval("redis.call('set','k','v')");
        Assert.Equal("*-1", other.Send("exec"));
    }

    [Fact]
    public void ThoseWhoWaitAreServedAfterTheScript()
    {
        EngineClient other = _engine.Connect();
        Assert.Equal("", other.Send("blpop q 0"));
        Assert.Equal("$-1", Eval("redis.call('rpush','q','a') redis.call('lpop','q') return redis.call('lpop','q')"));
        Assert.Equal("", other.Received());
        Assert.Equal(":2", Eval("return redis.call('rpush','q','a','b')"));
        Assert.Equal("*2 $1 q $1 a", other.Received());
    }

    [Fact]
    public void TimeStandsStill()
    {
        string shown = Eval("local a = redis.call('now') for i = 1, 100000 do end return {a, redis.call('now')}");
        string[] parts = shown.Split(' ');
        Assert.Equal(parts[1], parts[2]);
    }

    [Fact]
    public void MonitorShowsTheScriptAndThenWhatItCalls()
    {
        EngineClient monitor = _engine.Connect();
        _engine.Monitors.Add(monitor.Session);
        Eval("return redis.call('set','k','v')");
        string[] lines = monitor.Received().Split('+', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.Contains("\"eval\"", lines[0], StringComparison.Ordinal);
        Assert.Contains("[0 lua] \"set\" \"k\" \"v\"", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void CallsCountAndFailAsCommands()
    {
        Eval("redis.call('set','k','v') redis.pcall('lpush','k','x') return redis.pcall('nosuch')");
        Assert.Equal(1, _engine.Command("set").Statistics.Calls);
        Assert.Equal(1, _engine.Command("lpush").Statistics.FailedCalls);
        Assert.Equal(1, _engine.Command("eval").Statistics.Calls);
        Assert.Equal(1, _engine.Command("eval").Statistics.FailedCalls);
        Assert.Equal(2, _engine.Statistics.ErrorReplies);
        Eval("return redis.call('get')");
        Assert.Equal(1, _engine.Command("get").Statistics.RejectedCalls);
        Assert.Equal(2, _engine.Command("eval").Statistics.FailedCalls);
        Assert.Equal(3, _engine.Statistics.ErrorReplies);
        Eval("error('own')");
        Assert.Equal(4, _engine.Statistics.ErrorReplies);
        _engine.SlowLog.Threshold = 0;
        Eval("return redis.call('get','k')");
        Assert.Equal(
            ["eval", "get"],
            _engine.SlowLog.Newest.Take(2).Select(entry => System.Text.Encoding.ASCII.GetString(entry.Arguments[0])));
        Assert.Equal(_engine.SlowLog.Newest.First().PeerAddress, _engine.SlowLog.Newest.Skip(1).First().PeerAddress);
    }

    [Fact]
    public void WhatADiskRefusesIsRefusedBeforeTheFirstWriteOnly()
    {
        _engine.State.AofErrno = 28;
        string refused = Eval("return redis.call('set','k','v')");
        Assert.StartsWith("-MISCONF Errors writing to the AOF file", refused, StringComparison.Ordinal);
        Assert.Contains("script: ", refused, StringComparison.Ordinal);
        Assert.Equal("$-1", Eval("return redis.call('get','k')"));
        Assert.StartsWith("-MISCONF", Eval("#!lua\nreturn 1"), StringComparison.Ordinal);
        Assert.Equal(":1", Eval("#!lua flags=no-writes\nreturn 1"));
        _engine.State.AofErrno = 0;
        Assert.Equal("+OK", Eval("return redis.call('set','k','v')"));
    }

    [Fact]
    public void MemoryIsRefusedToAScriptThatHasNotWritten()
    {
        Eval("return 1");
        _client.Send("set k v");
        _engine.Memory.LimitBytes = 1;
        Assert.StartsWith("-OOM command not allowed", Eval("return redis.call('set','x','v')"), StringComparison.Ordinal);
        Assert.StartsWith("-OOM", Eval("#!lua\nreturn 1"), StringComparison.Ordinal);
        Assert.Equal("+OK", Eval("#!lua flags=allow-oom\nreturn redis.call('set','x','v')"));
        Assert.Equal("+OK", Eval("redis.call('del','none') return redis.call('set','y','v')"));
        _engine.Memory.LimitBytes = 0;
    }

    [Fact]
    public void OnlyTheScriptsOfEvalGiveWay()
    {
        string kept = _client.SendWords("script", "load", "return 'kept'").Split(' ')[1];
        for (int i = 0; i < 600; i++)
        {
            Assert.Equal($":{i}", Eval($"return {i}"));
        }
        ScriptService scripts = _engine.Get<ScriptService>();
        Assert.Equal(501, scripts.Count);
        Assert.Equal(100, scripts.EvictedCount);
        Assert.Equal("$4 kept", _client.Send($"evalsha {kept} 0"));
        Assert.Equal("$4 kept", _client.Send($"evalsha {kept.ToUpperInvariant()} 0"));
    }

    [Fact]
    public void NothingIsLeftToTheNextScript()
    {
        Eval("KEYS[1] = 'mine' ARGV.x = 1 return 1");
        Assert.Equal("*0", Eval("return KEYS"));
        Assert.Equal("$-1", Eval("return ARGV.x"));
        Assert.StartsWith("-ERR", Eval("redis.setresp(3) redis.call = nil"), StringComparison.Ordinal);
        Assert.Equal(":1", Eval("return true"));
    }

    /// <summary>The numbers are those of Redis.</summary>
    [Fact]
    public void TheSequenceOfRandomNumbersGoesOnFromScriptToScript()
    {
        Assert.Equal("*3 :40 :85 :36", Eval("return {math.random(100), math.random(100), math.random(100)}"));
        Assert.Equal(":45", Eval("return math.random(100)"));
        _client.Send("script flush");
        Assert.Equal(":32", Eval("return math.random(100)"));
        Assert.Equal("*3 :18 :75 :10", Eval("math.randomseed(0) return {math.random(100), math.random(100), math.random(100)}"));
        Assert.Equal(":88", Eval("return math.random(100)"));
    }

    [Fact]
    public void TablesWithinThemselvesEnd()
    {
        string reply = Eval("local t = {} t[1] = t return t");
        Assert.EndsWith("-ERR reached lua stack limit", reply, StringComparison.Ordinal);
        Assert.StartsWith("*1 *1 *1 ", reply, StringComparison.Ordinal);
    }

    [Fact]
    public void NobodyWaitsWithinAScript()
    {
        Assert.Equal("$-1", Eval("return redis.call('blpop','q',0)"));
        Assert.Equal(Outcome.Done, _client.Outcome);
    }

    [Fact]
    public void SourcesAreKeptAndCounted()
    {
        const string Source = "return 'the source'";
        ScriptMemory memory = _engine.Get<ScriptMemory>();
        string sha = _client.SendWords("script", "load", Source).Split(' ')[1];
        Assert.Equal($"${Source.Length} {Source}", _client.Send($"script show {sha.ToUpperInvariant()}"));
        Assert.Equal("-NOSCRIPT No matching script. Please use EVAL.", _client.Send("script show " + new string('0', 40)));
        Assert.Equal("-NOSCRIPT No matching script. Please use EVAL.", _client.Send("script show x"));
        long before = memory.EvalBytes();
        _client.SendWords("script", "load", "return 1 --" + new string('x', 10_000));
        Assert.InRange(memory.EvalBytes() - before, 10_000, 11_000);
    }

    [Fact]
    public void AScriptChoosesWhatIsLogged()
    {
        var sink = new CollectingSink();
        _engine.Propagator.Attach(sink);
        Eval("redis.call('set','a',1) redis.set_repl(redis.REPL_NONE) redis.call('set','b',2) redis.set_repl(redis.REPL_AOF) "
            + "redis.call('set','c',3) redis.set_repl(redis.REPL_REPLICA) redis.call('set','d',4) redis.call('del','a')");
        Assert.Equal("0: MULTI | 0: set a 1 | 0: set c 3 | -1: EXEC", sink.Take());
        Assert.Equal("$1 4", _client.Send("get d"));
        Eval("return redis.call('set','a',1)");
        Assert.Equal("0: set a 1", sink.Take());
        _client.Send("set b 3");
        Assert.Equal("0: set b 3", sink.Take());
    }

    [Fact]
    public void WhatAScriptDeclaresDecidesWhetherATransactionTakesIt()
    {
        string reading = _client.SendWords("script", "load", "#!lua flags=no-writes\nreturn 1").Split(' ')[1];
        string writing = _client.SendWords("script", "load", "#!lua\nreturn 1").Split(' ')[1];
        _engine.State.AofErrno = 28;
        _client.Send("multi");
        Assert.Equal("+QUEUED", Eval("#!lua flags=no-writes\nreturn 1"));
        Assert.Equal("+QUEUED", _client.Send($"evalsha {reading} 0"));
        Assert.Equal("+QUEUED", Eval("return 1"));
        Assert.Equal("+QUEUED", Eval("#!lua flags=unknown\nreturn 1"));
        Assert.Equal("+QUEUED", _client.Send("evalsha unknown 0"));
        Assert.StartsWith("-MISCONF", _client.Send($"evalsha {writing} 0"), StringComparison.Ordinal);
        Assert.StartsWith("-EXECABORT", _client.Send("exec"), StringComparison.Ordinal);
        _client.Send("multi");
        Assert.StartsWith("-MISCONF", Eval("#!lua\nreturn 1"), StringComparison.Ordinal);
        Assert.StartsWith("-EXECABORT", _client.Send("exec"), StringComparison.Ordinal);
        Assert.Equal(1, _engine.Command("eval").Statistics.RejectedCalls);
        Assert.Equal(1, _engine.Command("evalsha").Statistics.RejectedCalls);
        _engine.State.AofErrno = 0;
    }

    [Fact]
    public void APauseOfWritersStopsScriptsThatMayWrite()
    {
        _engine.Pause.Pause(_engine.NowMs + 1000, forAll: false);
        Assert.Equal(":1", Eval("#!lua flags=no-writes\nreturn 1"));
        Eval("return 1");
        Assert.Equal(Outcome.Postponed, _client.Outcome);
        _engine.AdvanceMs(1001);
        Assert.Equal(":1", Eval("return 1"));
    }

    [Fact]
    public void ServerIsRedisWithAName()
    {
        Assert.Equal("*2 $7 bixbite :1", Eval("return {server.SERVER_NAME, redis.SERVER_NAME == nil}"));
        Assert.Equal("*0", Eval(
            "local missing = {} for name, value in pairs(redis) do if server[name] ~= value then missing[#missing + 1] = name end end "
            + "return missing"));
        Assert.Equal("+OK", Eval("return server.call('set', 'a', 1)"));
        Assert.Contains("Attempt to modify a readonly table", Eval("server.call = 1"), StringComparison.Ordinal);
        Assert.Equal("$1 l", _client.SendWords(
            "function", "load",
            "#!lua name=l\nlocal name = server.SERVER_NAME "
                + "server.register_function('f', function() return {name, server.SERVER_NAME} end)"));
        Assert.Equal("*2 $7 bixbite $7 bixbite", _client.Send("fcall f 0"));
    }

    private static void TellTime(CommandContext context) => context.Reply.Integer(context.NowMs);

    private string Eval(string script) => _client.SendWords("eval", script, "0");
}
