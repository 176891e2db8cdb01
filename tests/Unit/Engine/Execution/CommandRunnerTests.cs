using Bixbite.Engine.ClientTracking;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Sessions;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Types;
using Bixbite.Unit.Engine.Commands;
using Bixbite.Unit.Engine.Propagation;
using Xunit;

namespace Bixbite.Unit.Engine.Execution;

/// <summary>What follows from who asks for a command to run.</summary>
public sealed class CommandRunnerTests : IDisposable
{
    /// <summary>More than one slice, less than two.</summary>
    private const int SliceCount = 5000;

    private readonly EngineFixture _engine = new(
        EngineFixture.Probe("change", "write", Change),
        EngineFixture.Probe("fail", "write", static context => context.Reply.Error("ERR failed"u8)),
        EngineFixture.Probe("sleep", "blocking", Sleep),
        EngineFixture.Probe("slice", "readonly", Slice));

    private readonly CollectingSink _sink = new();
    private readonly RequestBatch _batch;
    private readonly EngineClient _client;
    private readonly EngineClient _monitor;
    private Outcome _outcome;

    public CommandRunnerTests()
    {
        _batch = new RequestBatch(_engine.Workspace);
        _client = _engine.Connect();
        _monitor = _engine.Connect();
    }

    /// <summary>Each origin, and of it: counted, shown, propagated, tracked.</summary>
    public static TheoryData<string, bool, bool, bool, bool> Origins => new()
    {
        { "client", true, true, true, true },
        { "retry", true, false, true, true },
        { "slice", false, false, true, false },
        { "log", false, false, false, false },
        { "transaction", true, true, true, true },
        { "transaction of a log", false, false, false, false },
    };

    public void Dispose()
    {
        _batch.Dispose();
        _engine.Dispose();
    }

    [Theory]
    [MemberData(nameof(Origins))]
    public void OnlySomeAreCountedShownToldAndTracked(string origin, bool isCounted, bool isShown, bool isPropagated, bool isTracked)
    {
        _engine.Monitors.Add(_monitor.Session);
        _engine.Propagator.Attach(_sink);
        _engine.Tracking.Start(_client.Session, TrackingModes.None, redirectId: 0, []);
        Assert.Equal("+OK", Run("change k", Named(origin)));
        Assert.Equal(isCounted ? 1 : 0, _engine.Statistics.CommandsProcessed);
        Assert.Equal(isCounted ? 1 : 0, _engine.Command("change").Statistics.Calls);
        Assert.Equal(isShown, _monitor.Received().Contains("\"change\" \"k\"", StringComparison.Ordinal));
        Assert.Equal(isPropagated ? "0: change k" : "", _sink.Take());
        Run("get k", Named(origin));
        Assert.Equal(isTracked ? 1 : 0, _engine.Tracking.KeyCount);
    }

    [Theory]
    [MemberData(nameof(Origins))]
    public void AnErrorIsTheCommandsOrALogs(string origin, bool isCounted, bool isShown, bool isPropagated, bool isTracked)
    {
        _ = (isShown, isPropagated, isTracked);
        Assert.Equal("-ERR failed", Run("fail", Named(origin)));
        Assert.Equal(isCounted ? 1 : 0, _engine.Command("fail").Statistics.FailedCalls);
        Assert.Equal(isCounted ? 1 : 0, _engine.Statistics.ErrorReplies);
        Assert.Equal(isCounted ? 0 : 1, _engine.Statistics.UnexpectedErrorReplies);
    }

    [Theory]
    [InlineData("client", true)]
    [InlineData("retry", true)]
    [InlineData("slice", true)]
    [InlineData("log", false)]
    [InlineData("transaction", false)]
    [InlineData("transaction of a log", false)]
    public void OnlySomeMayWait(string origin, bool mayWait)
    {
        Assert.Equal(mayWait ? "" : ":0", Run("sleep", Named(origin)));
        Assert.Equal(mayWait, _client.Session.Has(SessionFlags.Blocked));
        Assert.Equal(mayWait ? 1 : 0, _engine.Blocked.Count);
        Assert.Equal(mayWait ? Outcome.Suspended : Outcome.Done, _outcome);
        Assert.Equal(0, _engine.Command("sleep").Statistics.Calls - (mayWait || origin.EndsWith("log", StringComparison.Ordinal) ? 0 : 1));
    }

    [Fact]
    public void AWaitIsOneCallOfAllItsTime()
    {
        _engine.Recorder.BeginRound();
        Run("sleep", Origin.Client);
        _engine.AdvanceMs(500);
        Assert.Equal(0, _engine.Command("sleep").Statistics.Calls);
        _engine.AdvanceMs(500);
        Assert.Equal(":0", _client.Received());
        Assert.Equal(1, _engine.Command("sleep").Statistics.Calls);
        Assert.Equal(1, _client.Link.ResumeCount);
        Assert.False(_client.Session.Has(SessionFlags.Blocked));
    }

    [Fact]
    public void DueKeysAreRemovedHiddenOrLeftAlone()
    {
        _client.Send("set k v px 10");
        _engine.Clock.AdvanceMs(11);
        _engine.Recorder.BeginRound();
        Assert.Equal("$1 v", Run("get k", Origin.Log));
        _engine.Pause.Pause(_engine.NowMs + 1000, forAll: false);
        Assert.Equal("$-1", Run("get k", Origin.Client));
        Assert.Equal(1, _engine.Databases[0].Count);
        _engine.Pause.End();
        Assert.Equal("$-1", Run("get k", Origin.Client));
        Assert.Equal(0, _engine.Databases[0].Count);
    }

    [Fact]
    public void AReplyInSlicesIsUnfinished()
    {
        string first = Run("slice", Origin.Client);
        Assert.Equal(Outcome.Unfinished, _outcome);
        Assert.Equal(1, _engine.Statistics.CommandsProcessed);
        string second = Run("slice", Origin.NextSlice);
        Assert.Equal(Outcome.Done, _outcome);
        Assert.Equal(1, _engine.Statistics.CommandsProcessed);
        Assert.Equal($"*{SliceCount} " + string.Join(' ', Enumerable.Repeat(":1", SliceCount)), $"{first} {second}");
    }

    [Fact]
    public void WhereNothingMayComeBetweenAReplyIsMadeAtOnce()
    {
        Run("slice", Origin.Client.WithinTransaction);
        Assert.Equal(Outcome.Done, _outcome);
        Assert.False(_client.Session.Has(SessionFlags.Unfinished));
    }

    private static Origin Named(string name) => name switch
    {
        "client" => Origin.Client,
        "retry" => Origin.Retry,
        "slice" => Origin.NextSlice,
        "log" => Origin.Log,
        "transaction" => Origin.Client.WithinTransaction,
        _ => Origin.Log.WithinTransaction,
    };

    private string Run(string line, Origin origin)
    {
        _batch.Clear();
        _batch.Add(PinnedRequest.Of(line));
        CommandContext context = _engine.Context;
        context.Begin(_client.Session, _batch, 0);
        context.Reply.Begin();
        context.Resolve(_engine.Command(line.Split(' ')[0]));
        _outcome = _engine.Runner.Run(context, origin);
        return EngineFixture.Take(context.Reply);
    }

    private static void Change(CommandContext context)
    {
        context.Changed(context[1], KeyEventClass.Generic, "change"u8);
        context.Reply.Ok();
    }

    private static void Sleep(CommandContext context) => context.Suspend(new Nap(context.Session, deadlineMs: 2000));

    private static void Slice(CommandContext context)
    {
        var draw = new Ones(context.Reply);
        UnfinishedReply.Write(context, SliceCount, SliceCount, ref draw);
    }

    private readonly struct Ones(ReplyWriter reply) : IElementDraw
    {
        public void Draw(int count)
        {
            for (; count > 0; count--)
            {
                reply.Integer(1);
            }
        }
    }

    /// <summary>Waits for its time only. The clock begins at a second.</summary>
    private sealed class Nap(Session session, long deadlineMs) : BlockedOperation(session, deadlineMs)
    {
        public override WaitReason Reason => WaitReason.Replicas;

        public override void AnswerTimeout(ReplyWriter reply) => reply.Integer(0);
    }
}
