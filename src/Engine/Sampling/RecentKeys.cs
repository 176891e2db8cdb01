namespace Bixbite.Engine.Sampling;

/// <summary>The beginning of a key that was used, and for how many uses it stands.</summary>
public readonly ref struct RecentKey(int database, ReadOnlySpan<byte> start, long weight)
{
    public int Database { get; } = database;

    public ReadOnlySpan<byte> Start { get; } = start;

    public long Weight { get; } = weight;
}

/// <summary>
/// The last keys that sampled requests have used: a ring from which is estimated how often keys with a prefix are used, whatever the
/// prefix.
/// <code>
///   entry   | database 4 | length 1 | first bytes of the key 59 |      64 bytes
/// </code>
/// </summary>
public sealed class RecentKeys
{
    public const int CountMax = 2048;
    private const int EntrySize = 64;
    private const int KeySizeMax = EntrySize - 5;

    private readonly byte[] _entries = new byte[CountMax * EntrySize];
    private readonly long[] _weights = new long[CountMax];
    private readonly long[] _timesUs = new long[CountMax];
    private int _next;

    public int Count { get; private set; }

    public static long MemoryBytes => CountMax * (EntrySize + (2L * sizeof(long)));

    /// <summary>When the oldest one was used, by the monotonic clock.</summary>
    public long OldestUs => Count == 0 ? 0 : _timesUs[Count < CountMax ? 0 : _next];

    /// <summary>A key by its age, 0 being the one that stands first in the ring.</summary>
    public RecentKey this[int index]
    {
        get
        {
            ReadOnlySpan<byte> entry = _entries.AsSpan(index * EntrySize, EntrySize);
            return new RecentKey(BitConverter.ToInt32(entry), entry.Slice(5, entry[4]), _weights[index]);
        }
    }

    public void Add(int database, ReadOnlySpan<byte> key, long weight, long nowUs)
    {
        Span<byte> entry = _entries.AsSpan(_next * EntrySize, EntrySize);
        ReadOnlySpan<byte> start = key[..Math.Min(key.Length, KeySizeMax)];
        BitConverter.TryWriteBytes(entry, database);
        entry[4] = (byte)start.Length;
        start.CopyTo(entry[5..]);
        _weights[_next] = weight;
        _timesUs[_next] = nowUs;
        _next = (_next + 1) % CountMax;
        Count = Math.Min(Count + 1, CountMax);
    }

    public void Clear()
    {
        Count = 0;
        _next = 0;
    }
}
