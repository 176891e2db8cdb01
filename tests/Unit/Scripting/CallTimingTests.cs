using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Observability;
using Bixbite.Unit.Engine;
using Xunit;

namespace Bixbite.Unit.Scripting;

/// <summary>Of the fast commands that scripts call some are timed, and yet all count, and no slow one is missed.</summary>
public sealed class CallTimingTests : IDisposable
{
    private readonly Queue<long> _durations = new();
    private readonly Command _fast;
    private readonly Command _other;
    private readonly EngineFixture _engine;
    private readonly EngineClient _client;

    public CallTimingTests()
    {
        _fast = EngineFixture.Probe("fastone", "readonly fast", Pass);
        _other = EngineFixture.Probe("other", "readonly", Pass);
        _engine = new EngineFixture(_fast, _other);
        _client = _engine.Connect();
    }

    public void Dispose() => _engine.Dispose();

    [Theory]
    [InlineData(10_000)]
    [InlineData(0)]
    [InlineData(-1)]
    public void AllCallsCount(long thresholdUs)
    {
        _engine.SlowLog.Threshold = thresholdUs;
        Call("fastone", 100, durationUs: 3);
        Assert.Equal(100, _fast.Statistics.Calls);
        Assert.Equal(300, _fast.Statistics.DurationUs);
        Assert.Equal(100, _fast.Statistics.Latency!.Count);
    }

    [Fact]
    public void TheLastTimedCallStandsForThoseAfterIt()
    {
        for (int i = 0; i < 16; i++)
        {
            _durations.Enqueue(i == 8 ? 5 : 2);
        }

        Call("fastone", 16);
        Assert.Equal((8 * 2) + (8 * 5), _fast.Statistics.DurationUs);
    }

    [Fact]
    public void WhereSingleCallsAreLookedAtEachIsTimed()
    {
        _engine.SlowLog.Threshold = 5;
        for (int i = 0; i < 16; i++)
        {
            _durations.Enqueue(i);
        }

        Call("fastone", 16);
        Assert.Equal(120, _fast.Statistics.DurationUs);
        Assert.Equal([15L, 14L, 13L, 12L, 11L, 10L, 9L, 8L, 7L, 6L, 5L], SlowDurations("fastone"));
    }

    [Fact]
    public void ASlowCallIsNotMissed()
    {
        for (int i = 0; i < 64; i++)
        {
            _durations.Enqueue(i == 13 ? 30_000 : 1);
        }

        Call("fastone", 64);
        long slow = Assert.Single(SlowDurations("fastone"));
        Assert.InRange(slow, 30_000, 30_064);
    }

    [Fact]
    public void CommandsThatAreNotFastAreEachTimed()
    {
        for (int i = 0; i < 16; i++)
        {
            _durations.Enqueue(i);
        }

        Call("other", 16);
        Assert.Equal(120, _other.Statistics.DurationUs);
    }

    private void Pass(CommandContext context)
    {
        _engine.Clock.AdvanceUs(_durations.Count > 1 ? _durations.Dequeue() : _durations.Peek());
        context.Reply.Integer(1);
    }

    private void Call(string command, int count, long durationUs = 0)
    {
        if (_durations.Count == 0)
        {
            _durations.Enqueue(durationUs);
        }

        Assert.Equal(":1", _client.SendWords("eval", $"for i = 1, {count} do redis.call('{command}') end return 1", "0"));
    }

    private long[] SlowDurations(string command) =>
        [.. _engine.SlowLog.Newest.Where(entry => IsOf(entry, command)).Select(entry => entry.Value)];

    private static bool IsOf(LoggedCommand entry, string command) =>
        entry.Arguments[0].AsSpan().SequenceEqual(System.Text.Encoding.ASCII.GetBytes(command));
}
