namespace Bixbite.Engine.Observability;

/// <summary>A latency spike: Unix seconds, and the longest duration within that second.</summary>
public readonly record struct LatencySample(long UnixSeconds, long DurationMs);

/// <summary>The last spikes of one kind of event.</summary>
public sealed class LatencySeries
{
    public const int SampleCountMax = 160;

    private readonly LatencySample[] _samples = new LatencySample[SampleCountMax];
    private int _next;
    private int _count;

    public long MaxMs { get; private set; }

    public LatencySample Latest => _samples[(_next + SampleCountMax - 1) % SampleCountMax];

    /// <summary>Samples from the oldest to the newest.</summary>
    public IEnumerable<LatencySample> Samples
    {
        get
        {
            for (int i = 0; i < _count; i++)
            {
                yield return _samples[(_next + SampleCountMax - _count + i) % SampleCountMax];
            }
        }
    }

    public void Add(long unixSeconds, long durationMs)
    {
        MaxMs = Math.Max(MaxMs, durationMs);
        if (_count > 0 && Latest.UnixSeconds == unixSeconds)
        {
            int last = (_next + SampleCountMax - 1) % SampleCountMax;
            _samples[last] = new LatencySample(unixSeconds, Math.Max(_samples[last].DurationMs, durationMs));
            return;
        }
        _samples[_next] = new LatencySample(unixSeconds, durationMs);
        _next = (_next + 1) % SampleCountMax;
        _count = Math.Min(_count + 1, SampleCountMax);
    }
}

/// <summary>The events of LATENCY: those that took longer than latency-monitor-threshold.</summary>
public sealed class LatencyMonitor
{
    private readonly SortedDictionary<string, LatencySeries> _series = new(StringComparer.Ordinal);

    /// <summary>Events at least this long are kept; 0 switches the monitor off.</summary>
    public long ThresholdMs { get; set; }

    public IReadOnlyDictionary<string, LatencySeries> Series => _series;

    public void Add(string eventName, long durationMs, long unixSeconds)
    {
        if (ThresholdMs <= 0 || durationMs < ThresholdMs)
        {
            return;
        }
        if (!_series.TryGetValue(eventName, out LatencySeries? series))
        {
            series = new LatencySeries();
            _series.Add(eventName, series);
        }
        series.Add(unixSeconds, durationMs);
    }

    /// <summary>Forgets the series of an event; false if there was none.</summary>
    public bool Reset(string eventName) => _series.Remove(eventName);

    public int ResetAll()
    {
        int count = _series.Count;
        _series.Clear();
        return count;
    }
}
