using Bixbite.Engine.Commands;
using Bixbite.Engine.Observing;
using Bixbite.Engine.Sessions;
using Bixbite.Engine.Statistics;
using Bixbite.Keyspace;
using Bixbite.Platform;
using Bixbite.Protocol;

namespace Bixbite.Engine.Execution;

/// <summary>Runs one request at a time: gates, command, and then what is counted and logged of it.</summary>
public sealed class Executor
{
    private readonly Admission _admission;
    private readonly ServerStatistics _statistics;
    private readonly SlowLog _slowLog;
    private readonly LatencyMonitor _latency;
    private readonly MonitorFeed _monitors;
    private readonly CommandTime _time;
    private readonly IClock _clock;
    private long _lastUs;
    private long _unixOffsetUs;

    public Executor(
        Admission admission, ServerStatistics statistics, SlowLog slowLog, LatencyMonitor latency, MonitorFeed monitors, CommandTime time,
        IClock clock)
    {
        _admission = admission;
        _statistics = statistics;
        _slowLog = slowLog;
        _latency = latency;
        _monitors = monitors;
        _time = time;
        _clock = clock;
    }

    /// <summary>Command durations enter the histograms of LATENCY HISTOGRAM (latency-tracking).</summary>
    public bool IsTracking { get; set; } = true;

    /// <summary>The command that runs, or the last one that ran: for the report of a crash.</summary>
    public Command? Latest { get; private set; }

    /// <summary>Reads the clocks; called once before the requests of a round.</summary>
    public void BeginRound()
    {
        _lastUs = _clock.MonotonicUs;
        _unixOffsetUs = _clock.UnixUs - _lastUs;
        _time.Set((_lastUs + _unixOffsetUs) / 1000);
    }

    /// <summary>Runs the request; its reply is appended to the context's writer unless the client does not want it.</summary>
    public Outcome Execute(CommandContext context, Session session, RequestBatch batch, int request)
    {
        context.Begin(session, batch, request);
        ReplyWriter reply = context.Reply;
        int start = reply.Buffer.Length;
        long errors = reply.ErrorCount;
        Verdict verdict = _admission.Decide(context);
        if (verdict == Verdict.Postponed)
        {
            return Outcome.Postponed;
        }
        if (verdict == Verdict.Admitted)
        {
            Run(context, session);
        }
        if (reply.ErrorCount != errors)
        {
            CountError(context, verdict);
        }
        if (session.ReplyMode != ReplyMode.On)
        {
            Suppress(context, session, start);
        }
        return Outcome.Done;
    }

    private void Run(CommandContext context, Session session)
    {
        Command command = context.Command;
        context.Keys.IsTouching = !session.Has(SessionFlags.NoTouch);
        session.Activity.LastCommand = command;
        Latest = command;
        command.Handler(context);

        if (_monitors.Count > 0 && !command.Has(CommandFlags.SkipMonitor | CommandFlags.Admin))
        {
            _monitors.Tell(session, context.Logged, _lastUs + _unixOffsetUs);
        }
        long nowUs = _clock.MonotonicUs;
        long durationUs = nowUs - _lastUs;
        _lastUs = nowUs;
        _time.Set((nowUs + _unixOffsetUs) / 1000);
        _statistics.CommandsProcessed++;
        _statistics.CommandUs += durationUs;
        session.Activity.CommandCount++;
        command.Statistics.Count(durationUs, IsTracking);
        if (_slowLog.IsSlow(durationUs) || _latency.ThresholdMs > 0)
        {
            LogSlow(context, command, durationUs);
        }
    }

    private void LogSlow(CommandContext context, Command command, long durationUs)
    {
        long unixSeconds = _time.UnixMs / 1000;
        if (_slowLog.IsSlow(durationUs) && !command.Has(CommandFlags.SkipSlowLog))
        {
            Session session = context.Session;
            _slowLog.Add(context.Logged, unixSeconds, durationUs, session.Link.PeerAddress, session.Identity.Name);
        }
        _latency.Add(command.Has(CommandFlags.Fast) ? "fast-command" : "command", durationUs / 1000, unixSeconds);
    }

    private void CountError(CommandContext context, Verdict verdict)
    {
        _statistics.ErrorReplies++;
        if (verdict == Verdict.Admitted)
        {
            context.Command.Statistics.FailedCalls++;
        }
        _statistics.Errors.Count(context.Reply.LastError);
    }

    private static void Suppress(CommandContext context, Session session, int start)
    {
        switch (session.ReplyMode)
        {
            case ReplyMode.Off:
            case ReplyMode.Skipping:
                context.Reply.Buffer.Truncate(start);
                break;
        }
        session.ReplyMode = session.ReplyMode switch
        {
            ReplyMode.SkipNext => ReplyMode.Skipping,
            ReplyMode.Skipping => ReplyMode.On,
            _ => session.ReplyMode,
        };
    }
}
