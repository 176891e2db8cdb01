using System.Text;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Lifecycle;
using Bixbite.Unit.Engine;
using Bixbite.Unit.Engine.Propagation;
using Xunit;

namespace Bixbite.Unit.Scripting;

/// <summary>
/// Scripts that run long, on a clock that they wind themselves: <c>step()</c> takes six seconds and uses up a slice. Between two steps the
/// server does everything else that it may.
/// </summary>
public sealed class LongScriptTests : IDisposable
{
    private const string Busy = "-BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.";
    private const string Step = "local function step() redis.call('tick') for i = 1, 60000 do end end ";
    private const string Endless = Step + "while true do step() end";

    private readonly EngineFixture _engine;
    private readonly EngineClient _client;
    private readonly EngineClient _other;

    public LongScriptTests()
    {
        _engine = new EngineFixture(
            EngineFixture.Probe("tick", "readonly", Tick), EngineFixture.Probe("now", "readonly", TellTime),
            EngineFixture.Probe("free", "allow_busy"));
        _client = _engine.Connect();
        _other = _engine.Connect();
    }

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void OthersAreToldThatTheServerIsBusy()
    {
        Assert.Equal("", Eval("step() step() step() return 'done'"));
        Assert.Equal(Outcome.Suspended, _client.Outcome);
        Assert.Equal(Busy, _other.Send("get k"));
        Assert.Equal(Busy, _other.Send("ping"));
        Assert.Equal("+OK", _other.Send("free"));
        Assert.StartsWith("-ERR unknown command", _other.Send("nosuch"), StringComparison.Ordinal);
        Assert.StartsWith("-ERR wrong number of arguments", _other.Send("get"), StringComparison.Ordinal);
        Assert.Equal("+OK", _other.Send("multi"));
        Assert.Equal(Busy, _other.Send("get k"));
        Assert.Equal("-EXECABORT Transaction discarded because of: " + Busy[1..], _other.Send("exec"));
        Assert.Equal("", _client.Received());
        RunToEnd();
        Assert.Equal("$4 done", _client.Received());
        Assert.Equal(1, _client.Link.ResumeCount);
        Assert.Equal("+PONG", _other.Send("ping"));
        Assert.Equal("+PONG", _client.Send("ping"));
        Assert.False(_engine.Raised.Has(Concern.Busy));
    }

    [Fact]
    public void AScriptThatHasNotWrittenIsKilled()
    {
        Assert.Equal("-NOTBUSY No scripts in execution right now.", _other.Send("script kill"));
        Eval("while true do pcall(step) end");
        Assert.Equal("+OK", _other.Send("script kill"));
        Assert.Equal(Busy, _other.Send("get k"));
        RunToEnd();
        Assert.Matches(
            @"^-ERR Script killed by user with SCRIPT KILL\.\.\. script: [0-9a-f]{40}, on @user_script:1\.$", _client.Received());
        Assert.Equal("-NOTBUSY No scripts in execution right now.", _other.Send("script kill"));
        Assert.Equal(":1", _client.SendWords("eval", "return 1", "0"));
    }

    [Fact]
    public void AScriptThatHasWrittenIsNot()
    {
        Eval("redis.call('set','k','half') step() step() redis.call('set','k','whole')");
        Assert.StartsWith("-UNKILLABLE Sorry the script already", _other.Send("script kill"), StringComparison.Ordinal);
        RunToEnd();
        Assert.Equal("$-1", _client.Received());
        Assert.Equal("$5 whole", _other.Send("get k"));
    }

    [Fact]
    public void ATransactionWaitsWithItsScript()
    {
        var sink = new CollectingSink();
        _engine.Propagator.Attach(sink);
        _client.Send("multi");
        _client.Send("set a 1");
        SendEval("redis.call('incr','a') step() step() redis.call('incr','a') return 'one'");
        _client.Send("incr a");
        SendEval("step() step() return redis.call('incr','a')");
        _client.Send("get a");
        string first = _client.Send("exec");
        Assert.Equal("*5 +OK", first);
        Assert.Equal(Outcome.Suspended, _client.Outcome);
        Assert.Equal(Busy, _other.Send("get a"));
        Assert.Equal("+OK", _other.Send("watch a"));
        Assert.Equal("", sink.Take());
        RunToEnd();
        Assert.Equal("$3 one :4 :5 $1 5", _client.Received());
        Assert.Equal("0: MULTI | 0: set a 1 | 0: incr a | 0: incr a | 0: incr a | 0: incr a | -1: EXEC", sink.Take());
        Assert.Equal(1, _engine.Command("exec").Statistics.Calls);
        Assert.Equal(2, _engine.Command("eval").Statistics.Calls);
        Assert.Equal("+OK", _client.Send("multi"));
        Assert.Equal("+QUEUED", _client.Send("get a"));
        Assert.Equal("*1 $1 5", _client.Send("exec"));
    }

    [Fact]
    public void NothingElseTouchesKeys()
    {
        EngineClient waiting = _engine.Connect();
        EngineClient hasty = _engine.Connect();
        waiting.Send("blpop q 0");
        hasty.Send("blpop r 1");
        _other.Send("set mortal v px 10");
        long keyCount = _engine.Databases.KeyCount;
        Eval("step() redis.call('rpush','q','x') step() redis.call('lpop','q') step() redis.call('rpush','q','y','z') step() "
            + "return redis.call('get','mortal')");
        _engine.AdvanceMs(1);
        _engine.AdvanceMs(1);
        Assert.Equal("", waiting.Received());
        Assert.Equal("*-1", hasty.Received());
        Assert.True(_engine.Databases.KeyCount >= keyCount, "keys stay until the script is over");
        RunToEnd();
        Assert.Equal("$1 v", _client.Received());
        Assert.Equal("*2 $1 q $1 y", waiting.Received());
        _engine.AdvanceMs(100);
        _engine.AdvanceMs(100);
        Assert.Equal(1, _engine.Databases.KeyCount);
    }

    [Fact]
    public void ItsTimeStandsStill()
    {
        Eval("local first = redis.call('now') step() step() return redis.call('now') - first");
        _other.Send("free");
        _engine.AdvanceMs(1);
        _other.Send("free");
        RunToEnd();
        Assert.Equal(":0", _client.Received());
    }

    [Fact]
    public void ItGoesOnWithoutItsClient()
    {
        long before = _engine.Memory.UsedBytes;
        EngineClient leaving = _engine.Connect();
        leaving.SendWords("eval", Step + "redis.call('set','k','half') step() step() step() redis.call('set','k','whole')", "0");
        _engine.Disconnect(leaving);
        Assert.Equal(Busy, _other.Send("get k"));
        RunToEnd();
        Assert.Equal("$5 whole", _other.Send("get k"));
        _other.Send("del k");
        _other.Send("script flush");
        Assert.Equal(before, _engine.Memory.UsedBytes);
    }

    [Fact]
    public void ATransactionGoesOnWithoutItsClient()
    {
        EngineClient leaving = _engine.Connect();
        leaving.Send("watch w");
        leaving.Send("multi");
        leaving.SendWords("eval", Step + "step() step() redis.call('set','k',1)", "0");
        leaving.Send("incr k");
        leaving.Send("exec");
        _engine.Disconnect(leaving);
        RunToEnd();
        Assert.Equal("$1 2", _other.Send("get k"));
    }

    [Fact]
    public void WhatIsSentToTheClientFollowsItsReply()
    {
        _client.Session.ProtocolVersion = 3;
        _client.Send("subscribe c");
        _client.Received();
        _client.Send("multi");
        _client.Send("get k");
        _client.Send("publish c early");
        SendEval("redis.call('publish','c','first') step() step() redis.call('publish','c','second') return 1");
        _client.Send("publish c late");
        string exec = _client.Send("exec");
        Assert.Equal("*4 _ :1", exec);
        Assert.Equal("", _client.Received());
        RunToEnd();
        Assert.Equal(
            ":1 :1 >3 $7 message $1 c $5 early >3 $7 message $1 c $5 first >3 $7 message $1 c $6 second >3 $7 message $1 c $4 late",
            _client.Received());
    }

    [Fact]
    public void ItIsCountedOnce()
    {
        EngineClient monitor = _engine.Connect();
        _engine.Monitors.Add(monitor.Session);
        _engine.SlowLog.Threshold = 1_000_000;
        _engine.Latency.ThresholdMs = 1000;
        Eval("step() step() return 1");
        _other.Send("get k");
        _other.Send("get k");
        RunToEnd();
        Assert.Equal(":1", _client.Received());
        Assert.Equal(1, _engine.Command("eval").Statistics.Calls);
        Assert.Equal(0, _engine.Command("eval").Statistics.FailedCalls);
        Assert.Equal(2, _engine.Command("get").Statistics.RejectedCalls);
        Assert.Contains(_engine.SlowLog.Newest, entry => Encoding.ASCII.GetString(entry.Arguments[0]) == "eval");
        Assert.True(_engine.SlowLog.Newest.First().Value >= 12_000_000, "all its time");
        Assert.True(_engine.Latency.Series["command"].MaxMs >= 12_000, "all its time");
        Assert.Single(monitor.Received().Split("\"eval\""), line => line.Contains("step()", StringComparison.Ordinal));
    }

    [Fact]
    public void TheWholeIsSentWhereRepliesAreLeftOut()
    {
        _client.Session.ReplyMode = Bixbite.Engine.Sessions.ReplyMode.Off;
        Eval("step() step() return 1");
        RunToEnd();
        Assert.Equal("", _client.Received());
        Assert.Equal("+PONG", _other.Send("ping"));
    }

    [Fact]
    public void ALimitOfTimeEndsAScriptThatHasNotWritten()
    {
        Set("script-max-time", "20000");
        Eval("while true do pcall(step) end");
        RunToEnd();
        Assert.StartsWith("-ERR Script exceeded script-max-time script: ", _client.Received(), StringComparison.Ordinal);
        Eval("redis.call('set','k','v') for i = 1, 10 do step() end return 'whole'");
        RunToEnd();
        Assert.Equal("$5 whole", _client.Received());
        Set("script-abort-after-writes", "yes");
        Eval("redis.call('set','k','half') while true do step() end");
        RunToEnd();
        Assert.StartsWith("-ERR Script exceeded script-max-time script: ", _client.Received(), StringComparison.Ordinal);
        Assert.Equal("$4 half", _other.Send("get k"));
        Set("busy-reply-threshold", "0");
        Assert.StartsWith("-ERR Script exceeded script-max-time script: ", Eval("while true do step() end"), StringComparison.Ordinal);
    }

    [Fact]
    public void ALimitOfMemoryEndsAScriptThatHasNotWritten()
    {
        const string Hoard = "local t = {} for i = 1, 100000 do t[i] = 'value ' .. i end return #t";
        Assert.Equal(":100000", Eval(Hoard));
        Set("script-max-memory", "1mb");
        Assert.StartsWith("-ERR not enough memory", Eval(Hoard), StringComparison.Ordinal);
        Assert.Equal(":1", Eval("return 1"));
        Assert.Equal(":100000", Eval("redis.call('set','k','v') " + Hoard));
        string tooLarge = _client.SendWords("eval", "return 1", "0", new string('x', 3 << 20));
        Assert.StartsWith("-ERR not enough memory", tooLarge, StringComparison.Ordinal);
        Set("script-abort-after-writes", "yes");
        Assert.StartsWith("-ERR not enough memory", Eval("redis.call('set','k','v') " + Hoard), StringComparison.Ordinal);
        Set("script-max-memory", "0");
        Assert.Equal(":100000", Eval(Hoard));
    }

    [Fact]
    public void NothingIsEvictedMeanwhile()
    {
        _other.Send("set a " + new string('x', 1000));
        Eval("step() step() return redis.call('get','a')");
        _engine.Memory.LimitBytes = 1;
        Set("maxmemory-policy", "allkeys-lru");
        _other.Send("free");
        _engine.AdvanceMs(0);
        Assert.Equal(1, _engine.Databases.KeyCount);
        RunToEnd();
        Assert.Equal("$1000 " + new string('x', 1000), _client.Received());
        _engine.Memory.LimitBytes = 0;
    }

    [Fact]
    public void RequestsBehindItWait()
    {
        string reply = _client.SendAll("set k 1", "ping");
        Assert.Equal("+OK +PONG", reply);
        Eval("step() step() return 1");
        Assert.False(_client.Session.IsReady);
        RunToEnd();
        Assert.True(_client.Session.IsReady);
    }

    [Fact]
    public void OneWhoReadsAndWritesKeysAsItGoesTellsThoseWhoCacheThem()
    {
        _other.Session.ProtocolVersion = 3;
        _engine.Tracking.Start(_other.Session, default, 0, []);
        _other.Send("get k");
        _client.Session.ProtocolVersion = 3;
        _engine.Tracking.Start(_client.Session, default, 0, []);
        _client.Send("get k");
        Eval("step() redis.call('set','k','v') step() return 1");
        RunToEnd();
        Assert.Equal(":1 >2 $10 invalidate *1 $1 k", _client.Received());
        Assert.Equal(">2 $10 invalidate *1 $1 k", _other.Received());
    }

    [Fact]
    public void WhoeverEndsTheServerWaitsForIt()
    {
        LongCommand command = _engine.Get<LongCommand>();
        int count = 0;
        command.WhenOver(() => count++);
        Assert.Equal(1, count);
        Eval("redis.call('set','k','v') step() step() return 1");
        command.WhenOver(() => count++);
        Assert.False(command.TryStop());
        Assert.Equal(1, count);
        RunToEnd();
        Assert.Equal(2, count);
        Eval("while true do step() end");
        Assert.True(command.TryStop());
        RunToEnd();
        Assert.StartsWith("-ERR Script stopped: the server is shutting down", Last(_client.Received()), StringComparison.Ordinal);
    }

    private static string Last(string replies) => replies[Math.Max(replies.IndexOf("-ERR", StringComparison.Ordinal), 0)..];

    private static void TellTime(CommandContext context) => context.Reply.Integer(context.NowMs);

    private void Tick(CommandContext context)
    {
        _engine.Clock.AdvanceMs(6000);
        context.Reply.Ok();
    }

    private void Set(string name, string value) => Assert.Null(_engine.Settings.Table.Find(name)!.Set([value]));

    private string Eval(string script) => SendEval(script);

    private string SendEval(string script) =>
        _client.SendWords("eval", script.Contains("step", StringComparison.Ordinal) ? Step + script : script, "0");

    private void RunToEnd()
    {
        for (int i = 0; i < 1000 && _engine.Raised.Has(Concern.Busy); i++)
        {
            _engine.AdvanceMs(0);
        }
        Assert.False(_engine.Raised.Has(Concern.Busy), "the script ends");
    }
}
