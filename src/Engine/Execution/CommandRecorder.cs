using Bixbite.Engine.Commands;
using Bixbite.Engine.Observability;
using Bixbite.Engine.Sampling;
using Bixbite.Engine.Sessions;
using Bixbite.Engine.Statistics;
using Bixbite.Keyspace;
using Bixbite.Platform;
using Bixbite.Protocol;

namespace Bixbite.Engine.Execution;

/// <summary>
/// Counts, times and logs every command that ran. One reading of the clock ends a command and begins the next;
/// a command that runs others (EXEC) takes as long as they do.
/// </summary>
public sealed class CommandRecorder
{
    /// <summary>Of the calls of a fast command by scripts, one in so many is timed; a power of two.</summary>
    private const int CallsPerTiming = 8;

    /// <summary>The coarse clock shows every command that takes so long, in milliseconds.</summary>
    private const int CoarseTickMs = 10;

    private readonly ServerStatistics _statistics;
    private readonly CommandLogs _logs;
    private readonly LatencyMonitor _latency;
    private readonly MonitorClients _monitors;
    private readonly RequestSampler _sampler;
    private readonly CommandTime _time;
    private readonly IClock _clock;
    private readonly CommandCalendar _calendar;
    private long _commandsBefore;
    private bool _isEstimated;
    private long _coarseMs;

    public CommandRecorder(
        ServerStatistics statistics, CommandLogs logs, LatencyMonitor latency, MonitorClients monitors, RequestSampler sampler,
        CommandTime time, IClock clock)
    {
        _statistics = statistics;
        _logs = logs;
        _latency = latency;
        _monitors = monitors;
        _sampler = sampler;
        _time = time;
        _clock = clock;
        _calendar = new CommandCalendar(time, clock);
        BeginRound();
    }

    /// <summary>Command durations enter the histograms of LATENCY HISTOGRAM (latency-tracking).</summary>
    public bool IsTracking { get; set; } = true;

    /// <summary>Told of every call; null while nobody wants to know of all. Calls that the sampler passes over cost nothing.</summary>
    public ICallObserver? CallObserver
    {
        get;
        set
        {
            field = value;
            _sampler.LooksAtAll = value is not null;
        }
    }

    /// <summary>The latest reading of the monotonic clock: when the command before ended.</summary>
    internal long LatestUs { get; private set; }

    /// <summary>Reads the clocks; called once before the requests of a round.</summary>
    public void BeginRound()
    {
        _commandsBefore = _statistics.CommandsProcessed;
        LatestUs = _clock.MonotonicUs;
        _calendar.Begin(LatestUs);
        SetTime();
    }

    /// <summary>Called once after the requests of a round.</summary>
    public void EndRound() => _statistics.NoteRound(_commandsBefore);

    /// <summary>
    /// A script is about to call a command. To read the clock takes as long as many a fast command, so of these one in some is timed, from
    /// here on, and the others count with its duration: see <see cref="Estimate"/>.
    /// </summary>
    internal void BeginScripted(Command command)
    {
        _isEstimated = command.Has(CommandFlags.Fast) && (command.Statistics.Calls & (CallsPerTiming - 1)) != 0 && MayEstimate;
        if (!_isEstimated)
        {
            ReadClock();
        }
    }

    /// <summary>
    /// The context's command has run. One that waits now is a call only when its wait is over, with all the time that its runs took.
    /// </summary>
    public void Ran(CommandContext context, bool hasFailed)
    {
        Command command = context.Command;
        if (context.Origin.IsScripted)
        {
            RanScripted(context, hasFailed);
            return;
        }
        if (_monitors.Count > 0 && context.Origin.IsShown && !command.Has(CommandFlags.SkipMonitor | CommandFlags.Admin))
        {
            Show(context);
        }
        if (!command.Has(CommandFlags.Untimed))
        {
            ReadClock();
        }
        if (!context.Origin.SharesTime)
        {
            SetTime();
        }
        long durationUs = LatestUs - context.BeganUs;
        if (context.Suspension is { } suspension)
        {
            suspension.DurationUs += durationUs;
            return;
        }
        if (context.Waiting is { } waiting)
        {
            durationUs += waiting.DurationUs;
        }
        Count(context.Session, command, context.Origin, context.Logged, durationUs, context.Sizes);
        if (hasFailed)
        {
            CountFailure(context.Session, command, context.Reply);
        }
    }

    /// <summary>Shows a request to the clients of MONITOR, as one of its script where one called it.</summary>
    public void Show(CommandContext context)
    {
        if (_monitors.Count > 0)
        {
            _monitors.Tell(context.Session, context.Logged, _calendar.UnixUsAt(LatestUs), context.Origin.IsScripted);
        }
    }

    /// <summary>A wait ended without its command's running again: its time is over, or somebody ended it with an error.</summary>
    public void Ended(BlockedOperation operation, ReplyWriter reply, bool hasFailed)
    {
        Count(
            operation.Session, operation.Command, Origin.Retry, operation.Logged, operation.DurationUs,
            new MessageSizes(long.MaxValue, reply.ClientSize));
        if (hasFailed)
        {
            CountFailure(operation.Session, operation.Command, reply);
        }
    }

    /// <summary>A repeated request has answered an error, which it cannot have done when it was logged.</summary>
    public void FailedUnexpectedly() => _statistics.UnexpectedErrorReplies++;

    /// <summary>An error was answered in place of a command.</summary>
    public void Refused(CommandContext context) => CountError(context.Session, context.Reply);

    /// <summary>Nobody looks at single commands that take less than a tick of the coarse clock.</summary>
    private bool MayEstimate =>
        _monitors.Count == 0 && (_logs.Slow.Threshold is < 0 or >= CoarseTickMs * 1000) && (_latency.ThresholdMs is 0 or >= CoarseTickMs);

    private void RanScripted(CommandContext context, bool hasFailed)
    {
        Command command = context.Command;
        if (_monitors.Count > 0 && context.Origin.IsShown && !command.Has(CommandFlags.SkipMonitor | CommandFlags.Admin))
        {
            Show(context);
        }
        long durationUs = _isEstimated ? Estimate(command.Statistics) : Time(command.Statistics, context.BeganUs);
        if (context.Suspension is { } suspension)
        {
            suspension.DurationUs += durationUs;
            return;
        }
        durationUs += context.Waiting?.DurationUs ?? 0;
        Count(context.Session, command, context.Origin, context.Logged, durationUs, default);
        if (hasFailed)
        {
            CountFailure(context.Session, command, context.Reply);
        }
    }

    private long Time(CommandStatistics statistics, long beganUs)
    {
        ReadClock();
        return statistics.TimedUs = LatestUs - beganUs;
    }

    /// <summary>
    /// The duration of the last call that was timed; but where the coarse clock shows that time has passed since the clock was read, and
    /// that so much has that the command may have been slow, it counts with all of that.
    /// </summary>
    private long Estimate(CommandStatistics statistics)
    {
        long coarseMs = _clock.CoarseMs;
        if (coarseMs == _coarseMs)
        {
            return statistics.TimedUs;
        }
        _coarseMs = coarseMs;
        long beganUs = LatestUs;
        ReadClock();
        long passedUs = LatestUs - beganUs;
        return passedUs < CoarseTickMs * 1000 ? statistics.TimedUs : passedUs;
    }

    private void ReadClock()
    {
        long nowUs = _clock.MonotonicUs;
        _statistics.CommandUs += nowUs - LatestUs;
        LatestUs = nowUs;
    }

    /// <summary>Sets the time that the next command sees. All commands of a transaction see one time, as in Redis.</summary>
    private void SetTime() => _calendar.Set(LatestUs);

    private void Count(
        Session session, Command command, Origin origin, in LoggedRequest request, long durationUs, in MessageSizes sizes)
    {
        _statistics.CommandsProcessed++;
        session.Activity.CommandCount++;
        if (sizes.RequestMax > 0)
        {
            session.Activity.NoteCall(durationUs);
        }
        command.Statistics.Count(durationUs, IsTracking);
        if (_logs.MayKeep(durationUs, sizes) || _latency.ThresholdMs > 0)
        {
            Log(session, command, request, durationUs, sizes);
        }
        if (_sampler.IsNext())
        {
            _sampler.Look(session, command.Keys, request, durationUs, sizes);
            CallObserver?.Ran(new CommandCall
            {
                Session = session, Command = command, Origin = origin, Arguments = request.Arguments, DurationUs = durationUs,
                ReplySize = sizes.Reply,
            });
        }
    }

    private void CountFailure(Session session, Command command, ReplyWriter reply)
    {
        command.Statistics.FailedCalls++;
        CountError(session, reply);
    }

    private void CountError(Session session, ReplyWriter reply)
    {
        session.Activity.NoteError();
        _statistics.ErrorReplies++;
        _statistics.Errors.Count(reply.LastError);
    }

    /// <summary>Calls of a script are logged as its client's.</summary>
    private void Log(Session session, Command command, in LoggedRequest request, long durationUs, in MessageSizes sizes)
    {
        long unixSeconds = _time.UnixMs / 1000;
        if (!command.Has(CommandFlags.SkipSlowLog))
        {
            _logs.Keep(session, request, durationUs, sizes, unixSeconds);
        }
        _latency.Add(command.Has(CommandFlags.Fast) ? "fast-command" : "command", durationUs / 1000, unixSeconds);
    }
}
