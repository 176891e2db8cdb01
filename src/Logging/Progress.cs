using System.Globalization;

namespace Bixbite.Logging;

/// <summary>Tells the log how far long work has come: every few seconds a line with percent, speed and the time left.</summary>
public sealed class Progress
{
    private const long IntervalUs = 5_000_000;

    private readonly ServerLog _log;
    private readonly string _verb;
    private readonly string _unit;
    private readonly long _total;
    private readonly long _startedUs;
    private long _nextUs;

    /// <param name="log">Where the lines go.</param>
    /// <param name="verb">What is done: "Saving".</param>
    /// <param name="unit">What is counted: "keys".</param>
    /// <param name="total">The count at the end; 0 if that is not known.</param>
    /// <param name="nowUs">Monotonic microseconds.</param>
    public Progress(ServerLog log, string verb, string unit, long total, long nowUs)
    {
        _log = log;
        _verb = verb;
        _unit = unit;
        _total = total;
        _startedUs = nowUs;
        _nextUs = nowUs + IntervalUs;
    }

    /// <summary>To be called often; writes a line when it is time for one.</summary>
    public void Report(long done, long nowUs)
    {
        if (nowUs < _nextUs || done == 0)
        {
            return;
        }
        _nextUs = nowUs + IntervalUs;
        double seconds = (nowUs - _startedUs) / 1e6;
        double perSecond = done / seconds;
        double percent = 100.0 * done / Math.Max(_total, 1);
        double left = (_total - done) / perSecond;
        _log.Write(
            LogLevel.Notice,
            _total == 0
                ? string.Create(CultureInfo.InvariantCulture, $"{_verb}: {done} {_unit}, {perSecond:0} {_unit}/s")
                : string.Create(CultureInfo.InvariantCulture, $"{_verb}: {percent:0.0}%, {perSecond:0} {_unit}/s, {left:0} seconds left"));
    }
}
