using Bixbite.Engine.Statistics;

namespace Bixbite.Tool.Benchmarks;

/// <summary>The figures of a test that goes on: written by all its connections, so whoever uses them holds the lock.</summary>
internal sealed class BenchResult(string name)
{
    private readonly Lock _lock = new();
    private readonly LatencyHistogram _latencies = new();
    private long _totalNs;

    public string Name => name;

    public long Count { get; private set; }

    /// <summary>The first error that the server has answered with; null for none.</summary>
    public string? Error { get; private set; }

    public TimeSpan Took { get; set; }

    public double PerSecond => Count / Math.Max(Took.TotalSeconds, 1e-9);

    public double AverageMs => Count == 0 ? 0 : _totalNs / 1e6 / Count;

    /// <summary>Requests that went at once have taken as long as the last of them.</summary>
    public void Add(int count, TimeSpan took, string? error)
    {
        lock (_lock)
        {
            long ns = (long)took.TotalNanoseconds;
            for (int i = 0; i < count; i++)
            {
                _latencies.Add(ns);
            }
            _totalNs += ns * count;
            Count += count;
            Error ??= error;
        }
    }

    public double PercentileMs(double percent) => _latencies.Count == 0 ? 0 : _latencies.Percentile(percent) / 1e6;
}
