using Bixbite.Engine.Commands;
using Bixbite.Engine.Observing;
using Bixbite.Engine.Sessions;
using Bixbite.Engine.Statistics;
using Bixbite.Keyspace;
using Bixbite.Platform;

namespace Bixbite.Engine.Execution;

/// <summary>
/// What is counted, timed and logged of every command that ran. One reading of the clock ends a command and begins the next.
/// </summary>
public sealed class CommandRecorder
{
    private readonly ServerStatistics _statistics;
    private readonly SlowLog _slowLog;
    private readonly LatencyMonitor _latency;
    private readonly MonitorFeed _monitors;
    private readonly CommandTime _time;
    private readonly IClock _clock;
    private long _lastUs;
    private long _unixOffsetUs;

    public CommandRecorder(
        ServerStatistics statistics, SlowLog slowLog, LatencyMonitor latency, MonitorFeed monitors, CommandTime time, IClock clock)
    {
        _statistics = statistics;
        _slowLog = slowLog;
        _latency = latency;
        _monitors = monitors;
        _time = time;
        _clock = clock;
    }

    /// <summary>Command durations enter the histograms of LATENCY HISTOGRAM (latency-tracking).</summary>
    public bool IsTracking { get; set; } = true;

    /// <summary>Reads the clocks; called once before the requests of a round.</summary>
    public void BeginRound()
    {
        _lastUs = _clock.MonotonicUs;
        _unixOffsetUs = _clock.UnixUs - _lastUs;
        _time.Set((_lastUs + _unixOffsetUs) / 1000);
    }

    /// <summary>The context's command has run.</summary>
    public void Ran(CommandContext context)
    {
        Command command = context.Command;
        if (_monitors.Count > 0 && !command.Has(CommandFlags.SkipMonitor | CommandFlags.Admin))
        {
            _monitors.Tell(context.Session, context.Logged, _lastUs + _unixOffsetUs);
        }
        long durationUs = Lap();
        _statistics.CommandsProcessed++;
        context.Session.Activity.CommandCount++;
        command.Statistics.Count(durationUs, IsTracking);
        LogIfSlow(context, durationUs);
    }

    /// <summary>The context's command, which had waited, has run once more: its time counts, but it is no other call.</summary>
    public void RanAgain(CommandContext context)
    {
        long durationUs = Lap();
        context.Command.Statistics.AddTime(durationUs);
        LogIfSlow(context, durationUs);
    }

    /// <summary>The context's command has answered an error.</summary>
    public void Failed(CommandContext context)
    {
        context.Command.Statistics.FailedCalls++;
        Refused(context);
    }

    /// <summary>An error was answered in place of a command.</summary>
    public void Refused(CommandContext context)
    {
        _statistics.ErrorReplies++;
        _statistics.Errors.Count(context.Reply.LastError);
    }

    private long Lap()
    {
        long nowUs = _clock.MonotonicUs;
        long durationUs = nowUs - _lastUs;
        _lastUs = nowUs;
        _time.Set((nowUs + _unixOffsetUs) / 1000);
        _statistics.CommandUs += durationUs;
        return durationUs;
    }

    private void LogIfSlow(CommandContext context, long durationUs)
    {
        if (_slowLog.IsSlow(durationUs) || _latency.ThresholdMs > 0)
        {
            LogSlow(context, context.Command, durationUs);
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
}
