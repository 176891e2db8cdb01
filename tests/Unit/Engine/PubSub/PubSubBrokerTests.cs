using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.PubSub;
using Xunit;

namespace Bixbite.Unit.Engine.PubSub;

/// <summary>Messages: who gets them, in which form and order; and what a subscriber may still send.</summary>
public sealed class PubSubBrokerTests : IDisposable
{
    private readonly EngineFixture _engine = new();
    private readonly EngineClient _publisher;
    private readonly EngineClient _old;
    private readonly EngineClient _new;

    public PubSubBrokerTests()
    {
        _publisher = _engine.Connect();
        _old = _engine.Connect();
        _new = _engine.Connect();
        _new.Session.ProtocolVersion = 3;
    }

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void EachGetsAMessageInItsProtocol()
    {
        Assert.Equal("*3 $9 subscribe $4 news :1", _old.Send("subscribe news"));
        Assert.Equal(">3 $9 subscribe $4 news :1", _new.Send("subscribe news"));
        Assert.Equal(":2", _publisher.Send("publish news hello"));
        Assert.Equal(":0", _publisher.Send("publish other hello"));
        Assert.Equal("*3 $7 message $4 news $5 hello", _old.Received());
        Assert.Equal(">3 $7 message $4 news $5 hello", _new.Received());
    }

    [Fact]
    public void MessagesKeepTheirOrder()
    {
        _old.Send("subscribe a b");
        _publisher.SendAll("publish a 1", "publish b 2", "publish a 3");
        Assert.Equal("*3 $7 message $1 a $1 1 *3 $7 message $1 b $1 2 *3 $7 message $1 a $1 3", _old.Received());
    }

    [Fact]
    public void AChannelAndAPatternThatFitsAreTwoMessages()
    {
        _old.Send("subscribe news");
        _old.Send("psubscribe n* x*");
        Assert.Equal(":2", _publisher.Send("publish news 1"));
        Assert.Equal("*3 $7 message $4 news $1 1 *4 $8 pmessage $2 n* $4 news $1 1", _old.Received());
    }

    [Fact]
    public void OnlyTheFirstAndTheLastSubscriptionChangeWhatAClientIs()
    {
        var changed = new List<long>();
        _engine.PubSub.KindChanged += session => changed.Add(session.Id);
        _old.Send("subscribe a");
        _old.Send("subscribe a b");
        Assert.Equal([_old.Session.Id], changed);
        Assert.Equal(Concern.Subscriber, _old.Session.Concerns);
        _old.Send("unsubscribe a");
        Assert.Equal(Concern.Subscriber, _old.Session.Concerns);
        _old.Send("unsubscribe");
        Assert.Equal([_old.Session.Id, _old.Session.Id], changed);
        Assert.Equal(Concern.None, _old.Session.Concerns);
        Assert.Equal(0, _engine.PubSub.SubscriberCount);
        Assert.Equal(0, _engine.PubSub.CountOf(ChannelKind.Channel));
    }

    [Fact]
    public void InTheOldProtocolASubscriberMaySendLittle()
    {
        _old.Send("subscribe a");
        _new.Send("subscribe a");
        Assert.StartsWith("-ERR Can't execute 'get'", _old.Send("get k"), StringComparison.Ordinal);
        Assert.Equal("*2 $4 pong $0", _old.Send("ping").TrimEnd());
        Assert.Equal("_", _new.Send("get k"));
        Assert.Equal("*3 $11 unsubscribe $1 a :0", _old.Send("unsubscribe a"));
        Assert.Equal("$-1", _old.Send("get k"));
    }

    [Fact]
    public void WhoIsGoneGetsNothing()
    {
        _old.Send("subscribe a");
        _engine.Disconnect(_old);
        Assert.Equal(":0", _publisher.Send("publish a 1"));
        Assert.Equal("", _old.Received());
    }

    [Fact]
    public void AMessageToItsPublisherComesBesideTheReply()
    {
        _new.Send("subscribe a");
        Assert.Equal(":1", _new.Send("publish a 1"));
        Assert.Equal(">3 $7 message $1 a $1 1", _new.Received());
    }
}
