using Bixbite.Engine.Execution;
using Bixbite.Engine.Sessions;
using Xunit;

namespace Bixbite.Unit.Engine.Transactions;

/// <summary>MULTI to EXEC: what is kept, what runs, and what is left afterwards.</summary>
public sealed class TransactionTests : IDisposable
{
    private readonly EngineFixture _engine;
    private readonly EngineClient _client;
    private readonly EngineClient _other;

    public TransactionTests()
    {
        _engine = new EngineFixture(EngineFixture.Probe("now", "readonly", TellTime));
        _client = _engine.Connect();
        _other = _engine.Connect();
    }

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void RequestsAreKeptUntilExec()
    {
        Assert.Equal("+OK", _client.Send("multi"));
        Assert.Equal("+QUEUED", _client.Send("set k v"));
        Assert.Equal("+QUEUED", _client.Send("get k"));
        Assert.Equal("$-1", _other.Send("get k"));
        Assert.Equal("*2 +OK $1 v", _client.Send("exec"));
        Assert.Equal("$1 v", _other.Send("get k"));
        Assert.Equal(1, _engine.Command("set").Statistics.Calls);
        Assert.Equal(1, _engine.Command("exec").Statistics.Calls);
    }

    [Fact]
    public void AnErrorWithinIsOneReplyOfMany()
    {
        _client.Send("multi");
        _client.Send("set k text");
        _client.Send("incr k");
        _client.Send("get k");
        Assert.Equal("*3 +OK -ERR value is not an integer or out of range $4 text", _client.Send("exec"));
        Assert.Equal(1, _engine.Command("incr").Statistics.FailedCalls);
        Assert.Equal(0, _engine.Command("exec").Statistics.FailedCalls);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("set k")]
    public void WhatCannotBeKeptSpoilsIt(string line)
    {
        _client.Send("multi");
        _client.Send("set k v");
        Assert.StartsWith("-ERR ", _client.Send(line), StringComparison.Ordinal);
        Assert.Equal("-EXECABORT Transaction discarded because of previous errors.", _client.Send("exec"));
        Assert.Equal("$-1", _client.Send("get k"));
    }

    [Fact]
    public void NothingIsHeldOnceItIsOver()
    {
        long held = _client.Session.StateBytes;
        foreach (string end in (ReadOnlySpan<string>)["exec", "discard"])
        {
            _client.Send("watch k");
            _client.Send("multi");
            _client.Send("set k a-value-of-some-length");
            Assert.True(_client.Session.StateBytes > held);
            _client.Send(end);
            Assert.Equal(held, _client.Session.StateBytes);
            Assert.Equal(0, _engine.Watches.SessionCount);
        }
    }

    [Theory]
    [InlineData("set k w")]
    [InlineData("del k")]
    public void AChangeOfAWatchedKeyByAnyoneBreaksIt(string change)
    {
        _client.Send("set k v");
        foreach (EngineClient changing in (ReadOnlySpan<EngineClient>)[_other, _client])
        {
            _client.Send("set k v");
            _client.Send("watch k");
            changing.Send(change);
            _client.Send("multi");
            _client.Send("get k");
            Assert.Equal("*-1", _client.Send("exec"));
        }
        _client.Send("multi");
        Assert.Equal("*0", _client.Send("exec"));
    }

    [Fact]
    public void OtherKeysAndReadingBreakNothing()
    {
        _client.Send("set k v");
        _client.Send("watch k");
        _other.Send("set other v");
        _other.Send("get k");
        _other.Send("select 1");
        _other.Send("set k v");
        _client.Send("multi");
        _client.Send("get k");
        Assert.Equal("*1 $1 v", _client.Send("exec"));
    }

    [Fact]
    public void AWatchedKeyWhoseTimeComesBreaksIt()
    {
        _client.Send("set k v px 100");
        _client.Send("watch k");
        _engine.AdvanceMs(101);
        _client.Send("multi");
        _client.Send("get k");
        Assert.Equal("*-1", _client.Send("exec"));
    }

    [Fact]
    public void NobodyWaitsWithinIt()
    {
        _client.Send("multi");
        _client.Send("blpop list 0");
        _client.Send("wait 1 0");
        _client.Send("wait 1 0");
        _client.Send("set k v");
        Assert.Equal("*4 *-1 :0 :0 +OK", _client.Send("exec"));
        Assert.Equal(Outcome.Done, _client.Outcome);
        Assert.True(_client.Session.IsReady);
        Assert.Equal(0, _engine.Blocked.Count);
    }

    [Fact]
    public void AllOfItSeesOneTime()
    {
        long now = _engine.Clock.UnixMs;
        Assert.Equal($":{now} :{now + 5}", _client.SendAll("now", "now"));
        _client.Send("multi");
        _client.Send("now");
        _client.Send("now");
        now = _engine.Clock.UnixMs;
        Assert.Equal($"*2 :{now} :{now}", _client.Send("exec"));
    }

    [Fact]
    public void WhatItPushedIsTakenAfterIt()
    {
        _other.Send("blpop list 0");
        _client.Send("multi");
        _client.Send("rpush list a");
        _client.Send("lpop list");
        Assert.Equal("*2 :1 $1 a", _client.Send("exec"));
        Assert.Equal("", _other.Received());
        _client.Send("multi");
        _client.Send("rpush list a b");
        _client.Send("exec");
        Assert.Equal("*2 $4 list $1 a", _other.Received());
    }

    [Fact]
    public void AClientThatGoesLeavesNothing()
    {
        _client.Send("watch k");
        _client.Send("multi");
        _client.Send("set k v");
        _engine.Disconnect(_client);
        Assert.Equal(0, _engine.Watches.SessionCount);
        Assert.Null(_engine.Transactions.Of(_client.Session));
        _other.Send("set k w");
        Assert.False(_engine.Watches.IsKnownBroken(_client.Session));
    }

    [Fact]
    public void RepliesThatAreNotWantedAreNotSent()
    {
        _client.Session.ReplyMode = ReplyMode.Off;
        Assert.Equal("", _client.Send("multi"));
        Assert.Equal("", _client.Send("set k v"));
        Assert.Equal("", _client.Send("exec"));
        Assert.Equal("", _client.Send("none"));
        Assert.Equal("$1 v", _other.Send("get k"));
        _client.Session.ReplyMode = ReplyMode.SkipNext;
        _client.Send("get k");
        Assert.Equal("", _client.Send("get k"));
        Assert.Equal("$1 v", _client.Send("get k"));
    }

    /// <summary>A command that takes 5 milliseconds.</summary>
    private void TellTime(CommandContext context)
    {
        context.Reply.Integer(context.NowMs);
        _engine.Clock.AdvanceMs(5);
    }
}
