using Bixbite.AccessControl.Authenticating;
using Bixbite.Unit.Engine;
using Xunit;

namespace Bixbite.Unit.AccessControl;

/// <summary>How long attempts to log in wait.</summary>
public sealed class AttemptLimiterTests : IDisposable
{
    private readonly EngineFixture _engine = new();
    private readonly AttemptLimiter _limiter;

    public AttemptLimiterTests()
    {
        _limiter = _engine.Get<AttemptLimiter>();
        _limiter.FailuresMax = 20;
    }

    [Fact]
    public void A_connection_fails_a_tenth_as_often_as_an_address()
    {
        EngineClient client = _engine.Connect();
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal(0, _limiter.Begin(client.Session));
            _limiter.Fail(client.Session);
        }
        Assert.Equal(AttemptLimiter.IntervalMs, _limiter.Begin(client.Session));
        Assert.Equal(2 * AttemptLimiter.IntervalMs, _limiter.Begin(client.Session));
        Assert.Equal(2, _limiter.DelayedCount);
        _engine.Clock.AdvanceMs(10_000);
        Assert.Equal(0, _limiter.Begin(client.Session));
    }

    [Fact]
    public void Connections_of_one_address_share_its_budget()
    {
        // All clients of the fixture have the address "peer".
        for (int i = 0; i < 20; i++)
        {
            EngineClient client = _engine.Connect();
            Assert.Equal(0, _limiter.Begin(client.Session));
            _limiter.Fail(client.Session);
            _engine.Disconnect(client);
        }
        Assert.Equal(AttemptLimiter.IntervalMs, _limiter.Begin(_engine.Connect().Session));
        Assert.Equal(2 * AttemptLimiter.IntervalMs, _limiter.Begin(_engine.Connect().Session));
    }

    [Fact]
    public void Who_would_wait_too_long_is_refused()
    {
        for (int i = 0; i < 20; i++)
        {
            _limiter.Fail(_engine.Connect().Session);
        }
        EngineClient client = _engine.Connect();
        for (int i = 1; i <= AttemptLimiter.WaitMsMax / AttemptLimiter.IntervalMs; i++)
        {
            Assert.Equal(i * AttemptLimiter.IntervalMs, _limiter.Begin(client.Session));
        }
        Assert.Equal(-1, _limiter.Begin(client.Session));
        Assert.Equal(-1, _limiter.Begin(_engine.Connect().Session));
        _engine.Clock.AdvanceMs(AttemptLimiter.IntervalMs);
        Assert.Equal(AttemptLimiter.WaitMsMax, _limiter.Begin(_engine.Connect().Session));
    }

    [Fact]
    public void Users_of_one_Unix_socket_do_not_wait_for_each_other()
    {
        for (int i = 0; i < 20; i++)
        {
            _limiter.Fail(Connect(1000).Session);
        }
        Assert.Equal(AttemptLimiter.IntervalMs, _limiter.Begin(Connect(1000).Session));
        Assert.Equal(0, _limiter.Begin(Connect(1001).Session));
        Assert.Equal(0, _limiter.Begin(_engine.Connect().Session));

        EngineClient Connect(uint userId)
        {
            EngineClient client = _engine.Connect();
            client.Link.PeerUserId = userId;
            return client;
        }
    }

    [Fact]
    public void It_can_be_switched_off()
    {
        EngineClient client = _engine.Connect();
        _limiter.FailuresMax = 0;
        for (int i = 0; i < 1000; i++)
        {
            _limiter.Fail(client.Session);
            Assert.Equal(0, _limiter.Begin(client.Session));
        }
        Assert.Equal(0, _limiter.DelayedCount);
    }

    public void Dispose() => _engine.Dispose();
}
