using System.Diagnostics;
using System.Globalization;
using System.Text;
using Bixbite.AccessControl.Sessions;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Sessions;
using Bixbite.Net;
using Bixbite.Platform;

namespace Bixbite.Hosting.Telemetry;

/// <summary>
/// Traces of requests that took long: a span for each, and within it one for each stage that took time. Whoever listens is called by a
/// thread of the pool, so that he holds up nobody; where he is too slow, requests are not traced. Any thread.
/// </summary>
/// <remarks>docs/OBSERVABILITY.md tells what is in a trace.</remarks>
internal sealed class RequestTraces(SessionUsers users, IClock clock)
{
    /// <summary>So many wait for the pool at most.</summary>
    private const int WaitingMax = 64;

    private static readonly byte[] s_noCommand = "unknown"u8.ToArray();

    private static readonly ActivitySource s_source = new(ServerIdentity.TelemetryName, ServerIdentity.Version);

    private static readonly (ServiceStage Stage, string Name)[] s_stages =
        [.. Enum.GetValues<ServiceStage>().Select(static stage => (stage, stage.ToString().ToLowerInvariant()))];

    private readonly Lock _lock = new();
    private long _second;
    private int _countOfSecond;
    private int _waiting;

    /// <summary>Somebody listens, and wants to.</summary>
    public bool IsOn => SlowerThanUs >= 0 && s_source.HasListeners();

    /// <summary>Requests that took so long are traced; none if negative.</summary>
    public long SlowerThanUs { get; set; } = -1;

    /// <summary>How many of a second are traced.</summary>
    public int PerSecondMax { get; set; } = 1;

    /// <summary>A request of this session has just run.</summary>
    public void Describe(Session session, TracedRequest request)
    {
        request.Command = session.Activity.LastCommand ?? s_noCommand;
        request.DatabaseNumber = session.Database.Number;
        request.ClientName = session.Identity.Name;
        request.UserName = users.Of(session).Name;
    }

    /// <summary>A request has been answered.</summary>
    /// <param name="clientId">Whose it was.</param>
    /// <param name="asked">What was described of it.</param>
    /// <param name="round">Its times.</param>
    public void Tell(long clientId, TracedRequest asked, in ServedRound round)
    {
        long nowUs = clock.MonotonicUs;
        if (SlowerThanUs < 0 || !MayTrace(nowUs))
        {
            return;
        }
        SlowRequest request = new()
        {
            Command = Encoding.ASCII.GetString(asked.Command).ToUpperInvariant(),
            BeganAt = DateTime.UnixEpoch.AddMicroseconds(clock.UnixUs - (nowUs - round.BeganUs)),
            Round = round,
            DatabaseNumber = asked.DatabaseNumber,
            ClientId = clientId,
            ClientName = Encoding.UTF8.GetString(asked.ClientName),
            UserName = Encoding.UTF8.GetString(asked.UserName),
        };
        Interlocked.Increment(ref _waiting);
        ThreadPool.UnsafeQueueUserWorkItem(
            static call =>
            {
                Interlocked.Decrement(ref call.Traces._waiting);
                Trace(call.Request);
            },
            (Traces: this, Request: request),
            preferLocal: false);
    }

    private static void Trace(SlowRequest request)
    {
        ServedRound round = request.Round;
        using Activity? span = s_source.StartActivity(
            request.Command, ActivityKind.Server, default(ActivityContext), TagsOf(request), links: null, request.BeganAt);
        if (span is null)
        {
            return;
        }
        DateTime at = request.BeganAt;
        foreach ((ServiceStage stage, string name) in s_stages)
        {
            if (round[stage] == 0)
            {
                continue;
            }
            using Activity? part = s_source.StartActivity(
                name, ActivityKind.Internal, span.Context, tags: null, links: null, at);
            at = at.AddMicroseconds(round[stage]);
            part?.SetEndTime(at);
        }
        span.SetEndTime(at);
    }

    private static List<KeyValuePair<string, object?>> TagsOf(SlowRequest request)
    {
        ServedAbout about = request.Round.About;
        List<KeyValuePair<string, object?>> tags =
        [
            new("db.system.name", "redis"),
            new("db.operation.name", request.Command),
            new("db.namespace", request.DatabaseNumber.ToString(CultureInfo.InvariantCulture)),
            new("bixbite.user", request.UserName),
            new("bixbite.client.id", request.ClientId),
            new("bixbite.request.bytes", about.RequestSize),
            new("bixbite.reply.bytes", about.ReplySize),
        ];
        if (request.ClientName.Length > 0)
        {
            tags.Add(new("bixbite.client.name", request.ClientName));
        }
        if (about.RequestCount > 1)
        {
            tags.Add(new("db.operation.batch.size", (long)about.RequestCount));
        }
        return tags;
    }

    private bool MayTrace(long nowUs)
    {
        lock (_lock)
        {
            long second = nowUs / 1_000_000;
            if (second != _second)
            {
                _second = second;
                _countOfSecond = 0;
            }
            if (_countOfSecond >= PerSecondMax || Volatile.Read(ref _waiting) >= WaitingMax)
            {
                return false;
            }
            _countOfSecond++;
            return true;
        }
    }
}
