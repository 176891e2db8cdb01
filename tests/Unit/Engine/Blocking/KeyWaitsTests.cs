using Bixbite.Engine.Execution;
using Bixbite.Engine.Sessions;
using Xunit;

namespace Bixbite.Unit.Engine.Blocking;

/// <summary>Commands that wait for keys: who is served, in which order, and how a wait ends otherwise.</summary>
public sealed class KeyWaitsTests : IDisposable
{
    private readonly EngineFixture _engine = new();
    private readonly EngineClient _pusher;
    private readonly EngineClient _first;
    private readonly EngineClient _second;

    public KeyWaitsTests()
    {
        _pusher = _engine.Connect();
        _first = _engine.Connect();
        _second = _engine.Connect();
    }

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void WhoComesFirstIsServedFirst()
    {
        Assert.Equal("", _first.Send("blpop list 0"));
        Assert.Equal(Outcome.Suspended, _first.Outcome);
        Assert.Equal("", _second.Send("blpop list 0"));
        Assert.Equal(1, _engine.Waits.KeyCount);
        Assert.Equal(":1", _pusher.Send("rpush list a"));
        Assert.Equal("*2 $4 list $1 a", _first.Received());
        Assert.Equal("", _second.Received());
        Assert.Equal(1, _first.Link.ResumeCount);
        Assert.Equal(0, _second.Link.ResumeCount);
        _pusher.Send("rpush list b c");
        Assert.Equal("*2 $4 list $1 b", _second.Received());
        Assert.Equal("$1 c", _pusher.Send("lpop list"));
        Assert.Equal(0, _engine.Waits.KeyCount);
        Assert.Equal(0, _engine.Blocked.Count);
    }

    [Fact]
    public void WhoWaitsForSeveralKeysGetsTheFirstThatHasSomething()
    {
        _first.Send("blpop a b b c 0");
        Assert.Equal(3, _engine.Waits.KeyCount);
        _pusher.Send("rpush b x");
        Assert.Equal("*2 $1 b $1 x", _first.Received());
        Assert.Equal(0, _engine.Waits.KeyCount);
        _pusher.Send("rpush a y");
        Assert.Equal("", _first.Received());
    }

    [Fact]
    public void WhoFindsSomethingDoesNotWait()
    {
        _pusher.Send("rpush list a");
        Assert.Equal("*2 $4 list $1 a", _first.Send("blpop list 0"));
        Assert.Equal(Outcome.Done, _first.Outcome);
        Assert.True(_first.Session.IsReady);
    }

    [Fact]
    public void AnotherTypeOrAnotherDatabaseServesNobody()
    {
        _first.Send("blpop list 0");
        _pusher.Send("set list text");
        Assert.Equal("", _first.Received());
        _pusher.Send("del list");
        _pusher.Send("select 1");
        _pusher.Send("rpush list a");
        Assert.Equal("", _first.Received());
        _pusher.Send("select 0");
        _pusher.Send("rpush list b");
        Assert.Equal("*2 $4 list $1 b", _first.Received());
    }

    [Fact]
    public void TimeEndsAWait()
    {
        _first.Send("blpop list 0.1");
        _second.Send("blpop list 0.3");
        Assert.Equal(2, _engine.Blocked.TimedCount);
        _engine.AdvanceMs(99);
        Assert.Equal("", _first.Received());
        _engine.AdvanceMs(1);
        Assert.Equal("*-1", _first.Received());
        Assert.True(_first.Session.IsReady);
        Assert.Equal("", _second.Received());
        _pusher.Send("rpush list a");
        Assert.Equal("*2 $4 list $1 a", _second.Received());
        _engine.AdvanceMs(1000);
        Assert.Equal("", _second.Received());
        Assert.Equal(0, _engine.Blocked.TimedCount);
    }

    [Theory]
    [InlineData(false, "*-1")]
    [InlineData(true, "-UNBLOCKED client unblocked via CLIENT UNBLOCK")]
    public void AnybodyMayEndAWait(bool withError, string reply)
    {
        _first.Send("blpop list 0");
        Assert.True(_engine.Blocked.Unblock(_first.Session, withError));
        Assert.False(_engine.Blocked.Unblock(_first.Session, withError));
        Assert.Equal(reply, _first.Received());
        Assert.Equal(withError ? 1 : 0, _engine.Command("blpop").Statistics.FailedCalls);
    }

    [Fact]
    public void WhoIsGoneIsNotServed()
    {
        long held = _first.Session.StateBytes;
        _first.Send("blpop list 0");
        Assert.True(_first.Session.StateBytes > held);
        _second.Send("blpop list 0");
        _engine.Disconnect(_first);
        Assert.Equal(held, _first.Session.StateBytes);
        _pusher.Send("rpush list a");
        Assert.Equal("", _first.Received());
        Assert.Equal("*2 $4 list $1 a", _second.Received());
    }

    [Fact]
    public void AWaitIsCountedOnceWithItsReply()
    {
        _first.Send("blpop list 0");
        Assert.Equal(0, _engine.Command("blpop").Statistics.Calls);
        _pusher.Send("rpush list a");
        Assert.Equal(1, _engine.Command("blpop").Statistics.Calls);
        Assert.Equal(2, _engine.Statistics.CommandsProcessed);
    }

    [Fact]
    public void AReplyThatIsNotWantedIsNotSent()
    {
        _first.Session.ReplyMode = ReplyMode.Off;
        _first.Send("blpop list 0");
        _pusher.Send("rpush list a");
        Assert.Equal("", _first.Received());
        Assert.True(_first.Session.IsReady);
    }

    [Fact]
    public void AnEndlessTimeoutIsRefusedAtOnce()
    {
        Assert.Equal("-ERR timeout is out of range", _first.Send("blpop list 1e300"));
        Assert.Equal("-ERR timeout is negative", _first.Send("blpop list -1"));
        Assert.Equal("-ERR timeout is not a float or out of range", _first.Send("blpop list nan"));
        Assert.Equal(0, _engine.Blocked.Count);
    }
}
