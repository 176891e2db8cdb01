namespace Bixbite.Engine.Statistics;

/// <summary>
/// A counter's rate per second over the last 1.6 seconds: sixteen samples, one each 100 ms, averaged, as INFO's instantaneous_ fields.
/// </summary>
public sealed class InstantRate
{
    private const int SampleCount = 16;

    private readonly long[] _samples = new long[SampleCount];
    private long _lastValue;
    private long _lastUs;
    private int _next;

    /// <summary>Units per second.</summary>
    public long PerSecond
    {
        get
        {
            long sum = 0;
            foreach (long sample in _samples)
            {
                sum += sample;
            }
            return sum / SampleCount;
        }
    }

    public void Sample(long value, long nowUs)
    {
        long elapsedUs = nowUs - _lastUs;
        if (_lastUs != 0 && elapsedUs > 0)
        {
            _samples[_next] = Math.Max(value - _lastValue, 0) * 1_000_000 / elapsedUs;
            _next = (_next + 1) % SampleCount;
        }
        _lastValue = value;
        _lastUs = nowUs;
    }

    public void Reset() => Array.Clear(_samples);
}
