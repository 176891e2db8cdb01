using Bixbite.Engine.Execution;
using Bixbite.Engine.Sessions;
using Bixbite.Net;
using Bixbite.Protocol;

namespace Bixbite.Server;

/// <summary>
/// Stands between the connections of one loop and the engine. In a round it first parses what every connection sent, without the turn; then
/// it takes the turn once and runs all the requests, prefetching a group's keys before running the group.
/// </summary>
internal sealed class Gateway : IConnectionHandler
{
    /// <summary>A connection whose replies of one round exceed this lets the others go first; its other requests wait for the next round.</summary>
    private const int ReplySizeMax = 1 << 20;

    /// <summary>Requests looked ahead for prefetching: enough to hide memory latency, few enough to stay in the first cache.</summary>
    private const int PrefetchCount = 32;

    private readonly EventLoop _loop;
    private readonly Engine _engine;
    private readonly CommandContext _context;
    private readonly RequestParser _parser = new();
    private readonly RequestBatch _batch = new();
    private readonly List<Arrival> _arrivals = [];
    private readonly Cron? _cron;

    public Gateway(EventLoop loop, Engine engine, Cron? cron)
    {
        _loop = loop;
        _engine = engine;
        _cron = cron;
        _context = engine.CreateContext(new ReplyWriter(loop.Output));
    }

    public void Opened(Connection connection)
    {
        _engine.Turn.Take();
        _engine.Doorman.Welcome(connection);
        _engine.Turn.GiveBack();
    }

    public void Received(Connection connection, ulong address, int length)
    {
        var session = (Session?)connection.State;
        if (session is null || session.Has(SessionFlags.Closing))
        {
            _arrivals.Add(new Arrival(connection, null, _batch.Count, _batch.Count, length, ParseStatus.Complete));
            return;
        }
        int first = _batch.Count;
        ParseState? state = session.ParseState;
        ParseResult result = _parser.Parse(address, length, _batch, ref state, _engine.ParseLimits(session));
        session.ParseState = state;
        if (result.SizeNeeded > length)
        {
            connection.Expect(result.SizeNeeded);
        }
        _arrivals.Add(new Arrival(connection, session, first, _batch.Count, result.Consumed, result.Status));
    }

    public void Execute()
    {
        _engine.Turn.Take();
        _engine.Executor.BeginRound();
        foreach (Arrival arrival in _arrivals)
        {
            Run(arrival);
        }
        _engine.Turn.GiveBack();
        _arrivals.Clear();
        _batch.Clear();
    }

    public void Closed(Connection connection)
    {
        if (connection.State is Session session)
        {
            _engine.Turn.Take();
            _engine.Doorman.Farewell(session);
            _engine.Turn.GiveBack();
            connection.State = null;
        }
    }

    public int Tick() => _cron?.Tick() ?? Cron.IdleTickMs;

    private void Run(in Arrival arrival)
    {
        if (arrival.Session is not { } session)
        {
            arrival.Connection.Consume(arrival.Consumed, again: false);
            return;
        }
        int start = _loop.Output.Length;
        int consumed = RunRequests(arrival, session, start, out bool isHeld);
        bool isCut = consumed < arrival.Consumed;
        if (isCut)
        {
            session.ParseState = null;
        }
        else if (arrival.Status == ParseStatus.Failed && session.IsReady)
        {
            _context.Reply.Version = session.ProtocolVersion;
            _context.Reply.Error(_parser.ErrorText);
            session.Close();
        }
        session.Activity.LastSeenMs = _engine.NowMs;
        session.Activity.BytesReceived += consumed;
        session.Activity.BytesSent += _loop.Output.Length - start;
        arrival.Connection.EndReplies(start);
        arrival.Connection.Consume(consumed, again: isCut && !isHeld);
        if (isHeld && !session.Has(SessionFlags.Closing))
        {
            arrival.Connection.PauseReading();
        }
    }

    /// <summary>Runs the arrival's requests until one cannot go on; returns how many bytes are done with.</summary>
    private int RunRequests(in Arrival arrival, Session session, int start, out bool isHeld)
    {
        int consumed = 0;
        isHeld = false;
        for (int i = arrival.First; i < arrival.End; i++)
        {
            if ((i - arrival.First) % PrefetchCount == 0)
            {
                _engine.Prefetcher.Prefetch(session.Database, _batch, i, Math.Min(i + PrefetchCount, arrival.End));
            }
            Request request = _batch[i];
            Outcome outcome = _engine.Executor.Execute(_context, session, _batch.Arguments, request.First, request.Count);
            if (outcome == Outcome.Postponed)
            {
                isHeld = true;
                return consumed;
            }
            consumed = request.End;
            if (!session.IsReady)
            {
                isHeld = true;
                return session.Has(SessionFlags.Closing) ? arrival.Consumed : consumed;
            }
            if (_loop.Output.Length - start > ReplySizeMax && i + 1 < arrival.End)
            {
                return consumed;
            }
        }
        return arrival.Consumed;
    }

    private readonly record struct Arrival(Connection Connection, Session? Session, int First, int End, int Consumed, ParseStatus Status);
}
