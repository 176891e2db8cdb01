using Bixbite.Engine.Lifecycle;
using Bixbite.Keyspace;
using Bixbite.Memory;

namespace Bixbite.Engine.Statistics;

/// <summary>
/// Sums up what data and clients hold; maxmemory is compared with this sum, so it is exact and the same every time:
/// <code>
///   UsedBytes    data heap: keys, values, indexes
///                clients:   heaps of the loops (unsent output, unconsumed input), and what sessions hold by their own sums
///                tables:    what the server remembers for clients (tracked keys)
/// </code>
/// What the server itself uses again and again is not in it, nor the runtime's managed heap: neither grows with data or clients for longer
/// than a moment, and evicting keys would not make either smaller. The runtime's share is sampled from time to time, to be shown.
/// </summary>
/// <param name="data">The heap of keys, values and indexes.</param>
/// <param name="raised">Where it raises that there is a limit.</param>
public sealed class MemoryGauge(Heap data, RaisedConcerns raised) : IMemoryGauge
{
    /// <summary>Less than an empty server of any kind takes: such a limit asks for no keys at all, whatever clients hold.</summary>
    private const long SmallLimit = 1 << 20;

    private Func<long>[] _clients = [];
    private Func<long>[] _tables = [];
    private Func<long>[] _workspaces = [];
    private Func<long>[] _excused = [];
    private long _limitBytes;

    /// <summary>The limit in bytes; 0 for none.</summary>
    public long LimitBytes
    {
        get => _limitBytes;
        set
        {
            _limitBytes = value;
            if (value > 0)
            {
                // Lowered by the gate itself, once nothing is left to be done.
                raised.Set(Concern.MemoryLimit, true);
            }
        }
    }

    /// <summary>The limit does not hold: a primary sees to it that memory is enough.</summary>
    public bool IsLimitSuspended { get; set; }

    /// <summary>Bytes of keys, values and indexes.</summary>
    public long DataBytes => data.UsedBytes;

    /// <summary>Bytes of the system's pages that hold keys, values and indexes.</summary>
    public long DataMappedBytes => data.MappedBytes;

    /// <summary>Bytes of these pages that are empty and kept for the next allocation.</summary>
    public long DataKeptBytes => data.KeptBytes;

    /// <summary>Bytes that clients hold: buffers of their connections, and the state of their sessions.</summary>
    public long ClientBytes => Sum(_clients);

    /// <summary>Bytes of what the server remembers for clients.</summary>
    public long TableBytes => Sum(_tables);

    /// <summary>Bytes of buffers that are used again in every round.</summary>
    public long WorkspaceBytes => Sum(_workspaces);

    /// <summary>Bytes of the managed heap when last sampled.</summary>
    public long RuntimeBytes { get; private set; }

    /// <summary>
    /// Bytes of clients and tables that do not count against the limit: output that eviction has made and that is not sent yet, what is
    /// about to be freed since its client is being cut, and what only slow replicas still need.
    /// </summary>
    public long ExcusedBytes => Sum(_excused);

    /// <summary>
    /// Bytes of the data's heap that only a snapshot still needs, and that do not count against the limit: no key would go for them.
    /// </summary>
    public Func<long> SavedBytes { get; set; } = static () => 0;

    public bool IsExcusing
    {
        set => ExcusingSet?.Invoke(value);
    }

    /// <summary>Who marks what clients are made to hold as excused; called while the server is put together.</summary>
    public Action<bool>? ExcusingSet { private get; set; }

    /// <summary>Bytes of the append only log's buffer, which is a workspace.</summary>
    public Func<long> AofBuffer { get; set; } = static () => 0;

    public long UsedBytes => data.UsedBytes + ClientBytes + TableBytes;

    public long PeakBytes { get; private set; }

    /// <summary>Unix seconds of the peak.</summary>
    public long PeakTime { get; private set; }

    /// <summary>Bytes that the server used before it held any data.</summary>
    public long StartupBytes { get; private set; }

    public bool IsOverLimit => LimitInForce > 0 && CountedBytes > LimitInForce;

    private long LimitInForce => IsLimitSuspended ? 0 : LimitBytes;

    private long CountedBytes => Math.Max(data.UsedBytes - SavedBytes(), 0) + CountedBytesOfOthers;

    private long CountedBytesOfOthers => Math.Max(ClientBytes + TableBytes - ExcusedBytes, 0);

    public bool IsOverLimitWith(long added) => LimitInForce > 0 && CountedBytes > LimitInForce - added;

    public bool IsOverLimitWithoutData(long added) => LimitInForce > 0 && CountedBytesOfOthers > LimitInForce - added;

    public bool IsLimitHeldByClients => LimitInForce > 0 && CountedBytesOfOthers > Math.Max(LimitInForce, SmallLimit);

    /// <summary>Adds a source of memory that clients hold; called while the server is put together.</summary>
    public void AddClients(Func<long> usedBytes) => _clients = [.. _clients, usedBytes];

    /// <summary>Adds a part of what clients and tables hold that is excused; called while the server is put together.</summary>
    public void AddExcused(Func<long> bytes) => _excused = [.. _excused, bytes];

    /// <summary>Adds a table that is kept for clients; called while the server is put together.</summary>
    public void AddTable(Func<long> usedBytes) => _tables = [.. _tables, usedBytes];

    /// <summary>Adds memory that is used again in every round; called while the server is put together.</summary>
    public void AddWorkspace(Func<long> usedBytes) => _workspaces = [.. _workspaces, usedBytes];

    /// <summary>Takes the readings that are worth something when taken regularly; called from time to time.</summary>
    public void Sample(long unixSeconds)
    {
        RuntimeBytes = GC.GetTotalMemory(false);
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

    private static long Sum(Func<long>[] sources)
    {
        long sum = 0;
        foreach (Func<long> source in sources)
        {
            sum += source();
        }
        return sum;
    }
}
