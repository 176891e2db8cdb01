using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Bixbite.Library;

/// <summary>The numbers that some meters tell, by the instrument's name and the value of its tag: <c>bixbite.db_keys 0</c>.</summary>
internal sealed class MeterReadings : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, double> _latest = new();
    private readonly ConcurrentDictionary<string, Instrument> _instruments = new();

    internal MeterReadings(Predicate<Meter> isRead)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (isRead(instrument.Meter))
            {
                _instruments[instrument.Name] = instrument;
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>(
            (instrument, number, tags, _) => _latest[tags.Length == 0 ? instrument.Name : $"{instrument.Name} {tags[0].Value}"] = number);
        _listener.Start();
    }

    internal IReadOnlyDictionary<string, Instrument> Instruments => _instruments;

    /// <summary>What all of them tell now.</summary>
    internal IReadOnlyDictionary<string, double> Read()
    {
        _latest.Clear();
        _listener.RecordObservableInstruments();
        return new Dictionary<string, double>(_latest);
    }

    public void Dispose() => _listener.Dispose();
}
