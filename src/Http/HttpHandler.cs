using Bixbite.Http.Replies;
using Bixbite.Http.Requests;
using Bixbite.Memory;
using Bixbite.Net;
using Bixbite.Platform;

namespace Bixbite.Http;

/// <summary>
/// Serves the connections of one loop that speak HTTP/1.1: a request of each in a round, as soon as its head is whole. The end of a head is
/// searched for without the execution lock. Who is late, or one too many, is closed; docs/OBSERVABILITY.md says when.
/// </summary>
internal sealed class HttpHandler(HttpSite site, HttpSettings settings, int loopCount, EventLoop loop, IClock clock) : IConnectionHandler
{
    /// <summary>After a request that cannot be understood, so long and so much may still come.</summary>
    private const int DrainMs = 2000;
    private const int DrainSizeMax = 1024 * 1024;

    private readonly HttpReply _reply = new(loop.Output);
    private readonly RequestParser _parser = new();
    private readonly List<Arrival> _arrivals = [];
    private readonly List<HttpConnection> _open = [];
    private HttpCounts _counts;

    /// <summary>The connections and requests so far. Any thread may read it.</summary>
    public ref readonly HttpCounts Counts => ref _counts;

    private long NowMs => clock.MonotonicUs / 1000;

    private long NextDeadlineMs => NowMs + (settings.TimeoutSeconds.Value * 1000L);

    public void Opened(Connection connection)
    {
        // Nothing here tells of changes that are not durable yet.
        connection.Lines = 0;
        if (_open.Count >= Math.Max(settings.ConnectionsMax.Value / loopCount, 1))
        {
            DropLatest();
        }
        HttpConnection state = new(connection) { Index = _open.Count, DeadlineMs = NextDeadlineMs };
        _open.Add(state);
        connection.State = state;
        _counts.Open = _open.Count;
    }

    public void Received(Connection connection, ulong address, int length)
    {
        var state = connection.State as HttpConnection;
        int end = state is { IsDraining: false } ? state.HeadEnd.Find(Native.Bytes(address, length)) : 0;
        _arrivals.Add(new Arrival(connection, state, address, length, end));
    }

    public void Execute()
    {
        foreach (Arrival arrival in _arrivals)
        {
            Run(arrival);
        }
        _arrivals.Clear();
    }

    public void Closed(Connection connection)
    {
        if (connection.State is HttpConnection state)
        {
            Forget(state);
        }
    }

    /// <summary>Closes whoever is late. Now and then, on the loop's thread.</summary>
    public void CloseLate()
    {
        long nowMs = NowMs;
        for (int i = _open.Count - 1; i >= 0; i--)
        {
            HttpConnection state = _open[i];
            Connection connection = state.Connection;
            if (state.DeadlineMs > nowMs)
            {
                continue;
            }
            bool isWaited = connection.PendingOutput > 0 || state.IsDraining || connection.IsClosing;
            if (isWaited)
            {
                connection.Abort();
                continue;
            }
            if (connection.PendingInput > 0)
            {
                Refuse(state, HttpStatus.RequestTimeout, "The request has not come whole in time.");
            }
            state.DeadlineMs = nowMs + DrainMs;
            connection.CloseAfterFlush();
        }
    }

    private void Run(in Arrival arrival)
    {
        Connection connection = arrival.Connection;
        if (arrival.State is not { } state || connection.IsClosing)
        {
            connection.Consume(arrival.Length, again: false);
            return;
        }
        if (state.IsDraining)
        {
            connection.Consume(arrival.Length, again: false);
            state.DrainedSize += arrival.Length;
            if (state.DrainedSize > DrainSizeMax)
            {
                connection.Abort();
            }
            return;
        }
        int size = arrival.End == 0 ? arrival.Length : arrival.End;
        if (size > settings.HeadSizeMax.Value)
        {
            Reject(arrival, state, HttpStatus.RequestHeaderFieldsTooLarge, "The head of the request is too long.");
        }
        else if (arrival.End == HeadEnd.Broken)
        {
            Reject(arrival, state, HttpStatus.BadRequest, "This is no request of HTTP.");
        }
        else if (arrival.End > 0)
        {
            state.HeadEnd = default;
            // An empty line may stand in front of a request.
            int consumed = arrival.End == 2 ? 2 : Answer(arrival, state);
            connection.Consume(consumed, again: consumed < arrival.Length && !state.IsDraining);
        }
    }

    /// <summary>Answers the request; returns how many bytes are done with.</summary>
    private int Answer(in Arrival arrival, HttpConnection state)
    {
        Connection connection = arrival.Connection;
        HttpStatus problem = _parser.Parse(Native.Bytes(arrival.Address, arrival.End), out RequestHead request);
        if (problem != HttpStatus.None)
        {
            Refuse(state, problem, TextFor(problem));
            return arrival.Length;
        }
        int start = loop.Output.Length;
        _reply.Expect(request.IsHead, request.KeepsAlive);
        ReadOnlySpan<byte> rest = Native.Bytes(arrival.Address + (ulong)arrival.End, arrival.Length - arrival.End);
        switch (site.Answer(new Exchange(connection, request, _reply, rest, clock.UnixMs)))
        {
            case AnswerResult.Postponed:
                return 0;
            case AnswerResult.HandedOver:
                Forget(state);
                _counts.Requests++;
                return arrival.Length;
            default:
                break;
        }
        _counts.Requests++;
        connection.EndReplies(start);
        state.DeadlineMs = NextDeadlineMs;
        if (!_reply.KeepsAlive)
        {
            connection.CloseAfterFlush();
        }
        return arrival.End;
    }

    private void Reject(in Arrival arrival, HttpConnection state, HttpStatus status, string text)
    {
        Refuse(state, status, text);
        arrival.Connection.Consume(arrival.Length, again: false);
    }

    /// <summary>Answers that there is no going on.</summary>
    private void Refuse(HttpConnection state, HttpStatus status, string text)
    {
        int start = loop.Output.Length;
        _reply.Expect(isHead: false, keepsAlive: false);
        _reply.Text(status, text, clock.UnixMs);
        state.Connection.EndReplies(start);
        state.IsDraining = true;
        state.DeadlineMs = NowMs + DrainMs;
        _counts.Refused++;
    }

    private static string TextFor(HttpStatus problem) => problem switch
    {
        HttpStatus.ContentTooLarge or HttpStatus.NotImplemented => "No request has a body here.",
        HttpStatus.HttpVersionNotSupported => "Only HTTP/1.1 and HTTP/1.0 are spoken here.",
        HttpStatus.RequestHeaderFieldsTooLarge => "The request has too many fields.",
        _ => "This is no request of HTTP/1.1.",
    };

    /// <summary>The connection that must act soonest gives its place to a new one.</summary>
    private void DropLatest()
    {
        HttpConnection latest = _open[0];
        foreach (HttpConnection state in _open)
        {
            if (state.DeadlineMs < latest.DeadlineMs)
            {
                latest = state;
            }
        }
        Forget(latest);
        latest.Connection.State = null;
        latest.Connection.Abort();
        _counts.Dropped++;
    }

    private void Forget(HttpConnection state)
    {
        HttpConnection last = _open[^1];
        last.Index = state.Index;
        _open[state.Index] = last;
        _open.RemoveAt(_open.Count - 1);
        _counts.Open = _open.Count;
    }

    /// <summary>The bytes of a connection in this round; <paramref name="End"/> as <see cref="HeadEnd.Find"/> has it.</summary>
    private readonly record struct Arrival(Connection Connection, HttpConnection? State, ulong Address, int Length, int End);
}

/// <summary>The work of a loop so far.</summary>
internal struct HttpCounts
{
    /// <summary>Connections that are open.</summary>
    public int Open;

    /// <summary>Requests that were answered.</summary>
    public long Requests;

    /// <summary>Requests that could not be understood, or did not come in time.</summary>
    public long Refused;

    /// <summary>Connections that gave their places to others.</summary>
    public long Dropped;
}
