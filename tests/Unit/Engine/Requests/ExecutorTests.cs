using Bixbite.Engine.Sessions;
using Bixbite.Protocol;
using Bixbite.Unit.Engine.Commands;
using Bixbite.Unit.Engine.Propagation;
using Xunit;

namespace Bixbite.Unit.Engine.Requests;

/// <summary>One request from its arrival to its reply, and one of a log.</summary>
public sealed class ExecutorTests : IDisposable
{
    private readonly EngineFixture _engine = new();
    private readonly EngineClient _client;

    public ExecutorTests() => _client = _engine.Connect();

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void WhatIsNoCommandIsAnErrorThatCounts()
    {
        Assert.Equal("-ERR unknown command 'none', with args beginning with: 'a' 'b'", _client.Send("none a b"));
        Assert.Null(_client.Session.Activity.LastCommand);
        Assert.Equal("-ERR wrong number of arguments for 'get' command", _client.Send("get"));
        Assert.Equal("get"u8.ToArray(), _client.Session.Activity.LastCommand);
        Assert.Equal(2, _engine.Statistics.ErrorReplies);
        Assert.Equal(0, _engine.Statistics.CommandsProcessed);
        Assert.Equal(1, _engine.Command("get").Statistics.RejectedCalls);
    }

    [Theory]
    [InlineData("POST / HTTP/1.1")]
    [InlineData("host: example.com")]
    public void ABrowserIsCutOffWithoutAWord(string line)
    {
        Assert.Equal("", _client.Send(line));
        Assert.True(_client.Session.Has(SessionFlags.Gone));
        Assert.Equal(0, _engine.Statistics.ErrorReplies);
    }

    [Fact]
    public void TheTimeOfARoundEndsEachCommandAndBeginsTheNext()
    {
        _engine.SlowLog.Threshold = 0;
        _client.Send("set k v");
        _engine.AdvanceMs(5);
        _client.Send("get k");
        Assert.Equal(["get", "set"], _engine.SlowLog.Newest.Select(entry => System.Text.Encoding.ASCII.GetString(entry.Arguments[0])));
        Assert.All(_engine.SlowLog.Newest, entry => Assert.Equal(0, entry.Value));
    }

    [Fact]
    public void ALogIsRepeatedWithoutGatesCountsAndFollowers()
    {
        var sink = new CollectingSink();
        _engine.Propagator.Attach(sink);
        _engine.State.IsLoading = true;
        _engine.Memory.LimitBytes = 1;
        EngineClient log = _engine.Connect();
        Assert.Equal("+OK", Replay(log, "set k 1"));
        Assert.Equal("+OK", Replay(log, "select 1"));
        Assert.Equal("+OK", Replay(log, "multi"));
        Assert.Equal("+QUEUED", Replay(log, "incr n"));
        Assert.Equal("*1 :1", Replay(log, "exec"));
        Assert.StartsWith("-ERR", Replay(log, "get k"), StringComparison.Ordinal);
        Assert.StartsWith("(no command) -ERR unknown command", Replay(log, "none"), StringComparison.Ordinal);
        Assert.Equal("", sink.Take());
        Assert.Equal(0, _engine.Statistics.CommandsProcessed);
        _engine.State.IsLoading = false;
        Assert.Equal("$1 1", _client.Send("get k"));
        Assert.Equal("$-1", _client.Send("get n"));
    }

    private string Replay(EngineClient log, string line)
    {
        using var batch = new RequestBatch(_engine.Workspace);
        batch.Add(PinnedRequest.Of(line));
        bool isDone = _engine.Executor.Replay(_engine.Context, log.Session, batch, 0);
        return (isDone ? "" : "(no command) ") + EngineFixture.Take(_engine.Context.Reply);
    }
}
