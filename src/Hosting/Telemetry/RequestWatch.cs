using Bixbite.Engine.Sessions;
using Bixbite.Net;

namespace Bixbite.Hosting.Telemetry;

/// <summary>
/// Has the requests of one loop watched until their replies have left, and finds which command of a round took longest, by the times that
/// are taken anyway. While nothing is traced, a request costs it a branch. On the loop's thread.
/// </summary>
internal sealed class RequestWatch(RequestTraces traces)
{
    /// <summary>Those told of are used again: there are as many as replies have ever waited at once.</summary>
    private readonly Stack<TracedRequest> _free = [];
    private TracedRequest? _longest;
    private long _longestUs;
    private long _latestUs;
    private int _count;

    /// <summary>Requests are traced in this round.</summary>
    public bool IsOn { get; private set; }

    public void BeginRound() => IsOn = traces.IsOn;

    /// <summary>The requests of a connection are about to run.</summary>
    public void Begin(long nowUs)
    {
        _latestUs = nowUs;
        _longestUs = -1;
        _count = 0;
    }

    /// <summary>One of them has run.</summary>
    public void Ran(Session session, long nowUs)
    {
        _count++;
        long us = nowUs - _latestUs;
        _latestUs = nowUs;
        if (us > _longestUs)
        {
            _longestUs = us;
            _longest ??= _free.TryPop(out TracedRequest? used) ? used : new TracedRequest();
            traces.Describe(session, _longest);
        }
    }

    /// <summary>All of them have.</summary>
    public void End(Connection connection, long requestSize, long replySize)
    {
        if (_count > 0 && _longest is { } longest)
        {
            _longest = null;
            ServiceTimes.Watch(connection, new ServedAbout(longest, _count, requestSize, replySize));
        }
    }

    /// <summary>Their replies have left.</summary>
    public void Sent(Connection connection, in ServedRound round)
    {
        var request = (TracedRequest)round.About.Subject;
        if (round.TotalUs >= traces.SlowerThanUs && connection.State is Session session)
        {
            traces.Tell(session.Id, request, round);
        }
        _free.Push(request);
    }
}
