using Bixbite.Engine.Sessions;
using Bixbite.Net;

namespace Bixbite.Hosting.Telemetry;

/// <summary>
/// Has the requests of one loop watched until their replies have left, and finds which command of a round took longest, by the times that
/// are taken anyway. While nothing is traced, a request costs it a branch. On the loop's thread.
/// </summary>
internal sealed class RequestWatch(RequestTraces traces)
{
    private static readonly byte[] s_noCommand = "unknown"u8.ToArray();

    private byte[] _longest = s_noCommand;
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
            _longest = session.Activity.LastCommand ?? s_noCommand;
        }
    }

    /// <summary>All of them have.</summary>
    public void End(Connection connection, long requestSize, long replySize)
    {
        if (_count > 0)
        {
            ServiceTimes.Watch(connection, new ServedAbout(_longest, _count, requestSize, replySize));
        }
    }

    /// <summary>Their replies have left.</summary>
    public void Sent(Connection connection, in ServedRound round)
    {
        if (round.TotalUs >= traces.SlowerThanUs && connection.State is Session session)
        {
            traces.Tell(session, (byte[])round.About.Subject, round);
        }
    }
}
