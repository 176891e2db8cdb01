using Bixbite.Keyspace;
using Bixbite.Memory;

namespace Bixbite.Engine.Statistics;

/// <summary>
/// Sums up what the server holds: the data heap, the heaps of the loops with the buffers of their clients, and the managed heap with
/// sessions and settings, which is sampled. maxmemory is compared with this sum.
/// </summary>
public sealed class MemoryGauge : IMemoryGauge
{
    private readonly Heap _data;
    private readonly List<Func<long>> _buffers = [];
    private long _managedBytes;

    public MemoryGauge(Heap data)
    {
        _data = data;
        Sample(0);
    }

    /// <summary>The limit in bytes; 0 for none.</summary>
    public long LimitBytes { get; set; }

    /// <summary>Bytes of keys, values and indexes.</summary>
    public long DataBytes => _data.UsedBytes;

    /// <summary>Bytes of the system's pages that hold keys, values and indexes.</summary>
    public long DataMappedBytes => _data.MappedBytes;

    /// <summary>Bytes of the buffers of clients.</summary>
    public long BufferBytes
    {
        get
        {
            long sum = 0;
            foreach (Func<long> buffer in _buffers)
            {
                sum += buffer();
            }
            return sum;
        }
    }

    /// <summary>Bytes of the managed heap when last sampled.</summary>
    public long ManagedBytes => _managedBytes;

    public long UsedBytes => _data.UsedBytes + BufferBytes + _managedBytes;

    public long PeakBytes { get; private set; }

    /// <summary>Unix seconds of the peak.</summary>
    public long PeakTime { get; private set; }

    /// <summary>What the server used before it held any data.</summary>
    public long StartupBytes { get; private set; }

    public bool IsOverLimit => LimitBytes > 0 && UsedBytes > LimitBytes;

    /// <summary>Adds a source of buffer memory; called once per loop while the server is put together.</summary>
    public void AddBuffers(Func<long> usedBytes) => _buffers.Add(usedBytes);

    /// <summary>Takes the reading that costs something; called from time to time.</summary>
    public void Sample(long unixSeconds)
    {
        _managedBytes = GC.GetTotalMemory(false);
        long used = UsedBytes;
        if (used > PeakBytes)
        {
            PeakBytes = used;
            PeakTime = unixSeconds;
        }
    }

    public void MarkStartup()
    {
        Sample(0);
        StartupBytes = UsedBytes;
    }
}
