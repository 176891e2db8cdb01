using System.Diagnostics;
using System.Diagnostics.Metrics;
using Bixbite.Engine.Facts;

namespace Bixbite.Hosting.Telemetry;

/// <summary>
/// An instrument for each number that INFO prints, called as there with <c>bixbite.</c> before it. All of a collection are read at once,
/// under the server's execution lock, when the first of them is asked. Disposed before the server; any thread.
/// </summary>
/// <remarks>The meter keeps its instruments for as long as it lives; those of a server that has ended tell nothing.</remarks>
public sealed class ServerMeter : IDisposable
{
    private const string Prefix = "bixbite.";

    /// <summary>A server that is busy for longer is told as it was the last time.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    /// <summary>Numbers that were read earlier are of an earlier collection, even if nobody has taken them.</summary>
    private static readonly TimeSpan s_ageMax = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, string?> _labels;
    private readonly HashSet<string> _taken = [];
    private ILookup<string, Measurement<double>>? _numbers;
    private long _readAt;
    private ServerInstance? _instance;

    public ServerMeter(Meter meter, ServerInstance instance)
    {
        _instance = instance;
        _labels = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (FactSeries series in instance.Info.Series)
        {
            string name = series.Name;
            _labels.Add(name, series.Label);
            if (series.Kind == FactKind.Counter)
            {
                meter.CreateObservableCounter(Prefix + name, () => Observe(name), UnitOf(series.Unit));
            }
            else
            {
                meter.CreateObservableGauge(Prefix + name, () => Observe(name), UnitOf(series.Unit));
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _instance = null;
        }
    }

    /// <summary>As the Unified Code for Units of Measure has it.</summary>
    private static string? UnitOf(FactUnit unit) => unit switch
    {
        FactUnit.Bytes => "By",
        FactUnit.KibibytesPerSecond => "KiBy/s",
        FactUnit.Seconds => "s",
        FactUnit.Milliseconds => "ms",
        FactUnit.Microseconds => "us",
        FactUnit.Percent => "%",
        FactUnit.Ratio => "1",
        _ => null,
    };

    /// <summary>An instrument is asked once in each collection: who asks again begins another one.</summary>
    private IEnumerable<Measurement<double>> Observe(string name)
    {
        lock (_lock)
        {
            if (_instance is not { } instance)
            {
                return [];
            }
            if (_numbers is null || _taken.Contains(name) || Stopwatch.GetElapsedTime(_readAt) > s_ageMax)
            {
                Read(instance);
            }
            _taken.Add(name);
            return _numbers?[name] ?? [];
        }
    }

    private void Read(ServerInstance instance)
    {
        _taken.Clear();
        _readAt = Stopwatch.GetTimestamp();
        if (instance.IsCurrent)
        {
            return;
        }
        FactSample[] samples = [];
        Task reading = instance.RunAsync(() => samples = [.. instance.Info.Samples]);
        try
        {
            if (reading.Wait(s_patience))
            {
                _numbers = samples.ToLookup(static sample => sample.Name, Measure);
            }
        }
        catch (AggregateException) when (reading.IsCanceled)
        {
            // It has ended meanwhile.
            _numbers = null;
        }
    }

    private Measurement<double> Measure(FactSample sample) => sample.Of is { } thing
        ? new Measurement<double>(sample.Number, new KeyValuePair<string, object?>(_labels[sample.Name]!, thing))
        : new Measurement<double>(sample.Number);
}
