using System.Collections.Concurrent;
using System.Diagnostics;

namespace Bixbite.Library;

/// <summary>Direct calls are spans, named as OpenTelemetry's conventions for databases have it.</summary>
[Collection(AloneCollection.Name)]
public sealed class TraceTests : IDisposable
{
    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly ActivityListener _listener;

    public TraceTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == BixbiteServer.ActivitySourceName,
            Sample = static (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EachCallIsASpan()
    {
        await using BixbiteServer server = await BixbiteServer.StartAsync(Cancellation);
        using Activity parent = new Activity("a request").Start();
        Task<BixbiteReply> call = server.ExecuteAsync("set", "key", "value");
        Assert.Same(parent, Activity.Current);
        await call;
        Activity span = Assert.Single(_ended);
        Assert.Equal(("SET", ActivityKind.Client, parent.SpanId), (span.DisplayName, span.Kind, span.ParentSpanId));
        Assert.Equal("redis", span.GetTagItem("db.system.name"));
        Assert.Equal("SET", span.GetTagItem("db.operation.name"));
        Assert.Equal("0", span.GetTagItem("db.namespace"));
        Assert.Equal(ActivityStatusCode.Unset, span.Status);
        Assert.DoesNotContain(span.TagObjects, static tag => tag.Value is string text && text.Contains("value", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AFailureIsTold()
    {
        await using BixbiteServer server = await BixbiteServer.StartAsync(Cancellation);
        await server.ExecuteAsync("LPUSH", "list", 1);
        await Assert.ThrowsAsync<BixbiteException>(() => server.ExecuteAsync("INCR", "list"));
        using CancellationTokenSource giveUp = new();
        Task<BixbiteReply> waiting = server.ExecuteAsync("BLPOP", ["nothing", 0], giveUp.Token);
        await BixbiteCalls.UntilBlockedAsync(server, 1);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Activity failed = _ended.Single(static span => span.DisplayName == "INCR");
        Assert.Equal(ActivityStatusCode.Error, failed.Status);
        Assert.Equal("WRONGTYPE", failed.GetTagItem("db.response.status_code"));
        Assert.Equal("WRONGTYPE", failed.GetTagItem("error.type"));
        Activity cancelled = _ended.Single(static span => span.DisplayName == "BLPOP");
        Assert.Equal(ActivityStatusCode.Error, cancelled.Status);
        Assert.EndsWith("CanceledException", Assert.IsType<string>(cancelled.GetTagItem("error.type")), StringComparison.Ordinal);
    }

    public void Dispose() => _listener.Dispose();
}
