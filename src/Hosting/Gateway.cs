using Bixbite.Engine.Execution;
using Bixbite.Engine.Requests;
using Bixbite.Engine.Sessions;
using Bixbite.Hosting.Telemetry;
using Bixbite.Keyspace;
using Bixbite.Memory;
using Bixbite.Net;
using Bixbite.Protocol;

namespace Bixbite.Hosting;

/// <summary>
/// Stands between the RESP connections of one loop and the engine. In a round it first parses what every connection sent, without the lock;
/// then, with the lock, it runs all the requests, prefetching a group's keys before running the group.
/// </summary>
internal sealed class Gateway : IConnectionHandler, IDisposable
{
    /// <summary>
    /// A connection whose replies of one round exceed this lets the others go first; its other requests wait for the next round.
    /// </summary>
    private const int ReplySizeMax = 1 << 20;

    /// <summary>Requests looked ahead for prefetching: enough to hide memory latency, few enough to stay in the first cache.</summary>
    private const int PrefetchCount = 32;

    private readonly Executor _executor;
    private readonly Rounds _rounds;
    private readonly ClientAdmission _admission;
    private readonly RequestParser _parser = new();
    private readonly List<Arrival> _arrivals = [];
    private readonly EventLoop _loop;
    private readonly RequestBatch _batch;
    private readonly CommandContext _context;
    private readonly ReplyFlow _flow;
    private readonly RequestWatch _watch;
    private int _prefetchedEnd;

    public Gateway(
        Executor executor, Rounds rounds, ContextFactory contexts, ClientAdmission admission, PinnedBlocks pinned, RequestTraces traces,
        EventLoop loop)
    {
        _executor = executor;
        _rounds = rounds;
        _admission = admission;
        _loop = loop;
        _batch = new RequestBatch(loop.Workspace);
        _context = contexts.Create(new ReplyWriter(loop.Output));
        _flow = new ReplyFlow(pinned);
        _watch = new RequestWatch(traces);
        loop.Pinned = pinned;
    }

    public void Opened(Connection connection) => _admission.Accept(connection);

    public void Received(Connection connection, ulong address, int length)
    {
        var session = (Session?)connection.State;
        int first = _batch.Count;
        if (session is null || session.Has(SessionFlags.Closing))
        {
            _arrivals.Add(new Arrival(connection, null, first, first, new ParseResult(ParseStatus.Done, length)));
            return;
        }
        if (session.Input is not null)
        {
            _arrivals.Add(new Arrival(connection, session, first, first, new ParseResult(ParseStatus.Done, length))
            {
                Raw = new Argument(address, length),
            });
            return;
        }
        ParseState? state = session.ParseState;
        ParseLimits limits = _admission.Limits.RequestsOf(session);
        ParseResult result = _parser.Parse(address, length, _batch, ref state, limits, connection.LooseBlocks);
        session.ParseState = state;
        if (result.PendingSize > 0)
        {
            connection.Expect(result.PendingSize);
            connection.ExpectArgument(result.BulkStart, result.BulkLength);
        }
        bool isTooLong = result.Status == ParseStatus.NeedMore
            && Math.Max(result.PendingSize, length - result.Consumed) + result.LooseBytes > _admission.Limits.QueryBufferSizeMax;
        _arrivals.Add(new Arrival(connection, session, first, _batch.Count, result) { IsTooLong = isTooLong });
    }

    public void Execute()
    {
        _rounds.Begin();
        _watch.BeginRound();
        _prefetchedEnd = 0;
        for (int i = 0; i < _arrivals.Count; i++)
        {
            Run(i);
        }
        _rounds.End();
        _arrivals.Clear();
        _batch.Clear();
    }

    public void Closed(Connection connection)
    {
        if (connection.State is Session session)
        {
            _admission.Close(session);
            Discard(session);
            connection.State = null;
        }
    }

    public void Dispose() => _batch.Dispose();

    public void OutputLimitExceeded(Connection connection)
    {
        if (connection.State is Session session)
        {
            _admission.Log.OutputLimitExceeded(session);
        }
    }

    public void Sent(Connection connection, in ServedRound round) => _watch.Sent(connection, round);

    /// <summary>Forgets an incomplete request; its bytes are gone or will be parsed anew.</summary>
    private void Discard(Session session)
    {
        ParseState? state = session.ParseState;
        _parser.Discard(ref state);
        session.ParseState = state;
    }

    private void Run(int arrivalIndex)
    {
        Arrival arrival = _arrivals[arrivalIndex];
        Connection connection = arrival.Connection;
        if (arrival is { IsTooLong: true, Session: { } talkative } && !connection.IsClosing)
        {
            _admission.Reject(connection, talkative);
        }
        if (arrival.Session is not { } session || connection.IsClosing)
        {
            // Somebody closed it before its requests' turn came: they never happened.
            connection.Consume(arrival.Result.Consumed, again: false);
            return;
        }
        if (arrival.Raw.Length > 0)
        {
            session.Activity.LastSeenMs = _rounds.NowMs;
            session.Input?.Received(arrival.Raw.Bytes);
            connection.Consume(arrival.Result.Consumed, again: false);
            return;
        }
        ReplyWriter reply = _context.Reply;
        long beganUs = _rounds.NowUs;
        BeginReplies(connection);
        _loop.Replying = connection;
        _watch.Begin(beganUs);
        int consumed = RunRequests(arrivalIndex, session);
        _loop.Replying = null;
        if (session.Has(SessionFlags.Gone) || reply.IsGone)
        {
            _loop.Output.Truncate(reply.ClientStart);
            connection.Consume(arrival.Result.Consumed, again: false);
            connection.Abort();
            return;
        }
        bool isCut = consumed < arrival.Result.Consumed;
        bool isHeld = !session.IsReady;
        if (isCut || session.Input is not null)
        {
            Discard(session);
        }
        else if (arrival.Result.Status == ParseStatus.ProtocolError && !isHeld)
        {
            reply.Version = session.ProtocolVersion;
            ErrorText.Protocol(reply, arrival.Result);
            _admission.Log.ProtocolError(session, reply.LastError);
            session.Close();
        }
        session.Activity.LastSeenMs = _rounds.NowMs;
        session.Activity.BytesReceived += consumed;
        reply.EndClient();
        long replySize = reply.ClientSize;
        connection.EndReplies(reply.ClientStart);
        if (arrival.End > arrival.First)
        {
            ServiceTimes.NoteServed(connection, beganUs, _rounds.NowUs);
            if (_watch.IsOn)
            {
                _watch.End(connection, consumed, replySize);
            }
        }
        connection.Consume(consumed, again: !isHeld && (isCut || arrival.Result.Status == ParseStatus.LimitReached));
        if (isHeld && !session.Has(SessionFlags.Closing))
        {
            connection.PauseReading();
        }
    }

    /// <summary>
    /// Directs replies to this connection; long ones flow to it while they are written, so that its limit sees them in time.
    /// </summary>
    private void BeginReplies(Connection connection)
    {
        _flow.Connection = connection;
        _context.Reply.BeginClient(_flow, connection.OutputLimit.UntriedBytesMax);
    }

    /// <summary>Runs the arrival's requests until one cannot go on; returns how many bytes are done with.</summary>
    private int RunRequests(int arrivalIndex, Session session)
    {
        Arrival arrival = _arrivals[arrivalIndex];
        ReplyWriter reply = _context.Reply;
        int consumed = 0;
        for (int i = arrival.First; i < arrival.End; i++)
        {
            if (i >= _prefetchedEnd)
            {
                PrefetchGroup(arrivalIndex, session.Database, i);
            }
            Outcome outcome = _executor.Execute(_context, session, _batch, i);
            if (_watch.IsOn)
            {
                _watch.Ran(session, _rounds.NowUs);
            }
            if (arrival.Connection.EndReply(reply.ClientStart))
            {
                reply.RestartClient();
            }
            if (outcome is Outcome.Postponed or Outcome.Unfinished)
            {
                return consumed;
            }
            consumed = _batch[i].EndOffset;
            if (session.Has(SessionFlags.Closing) || reply.IsGone)
            {
                return arrival.Result.Consumed;
            }
            if (session.Input is not null)
            {
                return consumed;
            }
            bool isLast = i + 1 == arrival.End;
            if (!isLast && (!session.IsReady || reply.ClientSize > ReplySizeMax))
            {
                return consumed;
            }
        }
        return arrival.Result.Consumed;
    }

    /// <summary>
    /// Prefetches the group of requests that begins with <paramref name="first"/>. It goes on into the next arrivals while they use the
    /// same database: without pipelining every arrival is a single request, and the connections together make the group.
    /// </summary>
    private void PrefetchGroup(int arrivalIndex, Database database, int first)
    {
        int end = _arrivals[arrivalIndex].End;
        for (int next = arrivalIndex + 1; next < _arrivals.Count && end < first + PrefetchCount; next++)
        {
            Arrival arrival = _arrivals[next];
            if (arrival.Session is { } session && session.Database != database)
            {
                break;
            }
            end = arrival.End;
        }
        _prefetchedEnd = Math.Min(end, first + PrefetchCount);
        _executor.Prefetch(database, _batch, first, _prefetchedEnd);
    }

    /// <summary>The requests of a connection in this round's batch, and how the parser ended.</summary>
    private readonly record struct Arrival(Connection Connection, Session? Session, int First, int End, ParseResult Result)
    {
        /// <summary>The bytes that the client sent in the place of requests.</summary>
        public Argument Raw { get; init; }

        /// <summary>The unfinished request exceeds client-query-buffer-limit.</summary>
        public bool IsTooLong { get; init; }
    }
}
