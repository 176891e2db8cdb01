using System.Runtime.InteropServices;
using Bixbite.Platform;
using Bixbite.Structures.Sketches;

namespace Bixbite.Engine.Sampling;

/// <summary>The measures by which keys are hot.</summary>
public enum HotKeyMeasure
{
    Operations,
    Bytes,
}

/// <summary>
/// Which keys are used most, by operations and by bytes on the network, of all databases: always on, in memory that does not grow. Requests
/// are sampled (<see cref="RequestSampler"/>), and counted in windows of time; what is told is the window before and the one under way, so
/// that there is always a whole one in it.
/// </summary>
public sealed class HotKeys
{
    private const ulong DatabaseMultiplier = 0x9E37_79B9_7F4A_7C15;
    private const ulong Multiplier = 0xD6E8_FEB8_6659_FD93;

    private readonly IClock _clock;
    private readonly SampledKeys _operations;
    private readonly SampledKeys _bytes;
    private long _beganUs;
    private Window _before = new([], [], 0, 0);

    internal HotKeys(IClock clock, ulong seed)
    {
        _clock = clock;
        _operations = new SampledKeys(seed);
        _bytes = new SampledKeys(seed + 1);
        _beganUs = clock.MonotonicUs;
    }

    /// <summary>A window's length.</summary>
    public int WindowSeconds { get; set; } = 60;

    /// <summary>One request in so many is looked at now.</summary>
    public long Ratio => _operations.Unit;

    /// <summary>One request in no more than so many is looked at.</summary>
    public long RatioMax
    {
        get => _operations.UnitMax;
        set => _operations.UnitMax = value;
    }

    /// <summary>Microseconds of the last whole window; 0 while there was none.</summary>
    public long WindowUs => _before.DurationUs;

    /// <summary>Requests that were looked at in the last whole window.</summary>
    public long WindowSamples => _before.Samples;

    /// <summary>Microseconds that what is told covers.</summary>
    public long SpanUs => _before.DurationUs + _clock.MonotonicUs - _beganUs;

    /// <summary>The bytes that all of it takes at most.</summary>
    public long MemoryBytes => _operations.MemoryBytes + _bytes.MemoryBytes
        + (2L * SampledKeys.TopCount * (56 + 24 + SampledKeys.KeySizeMax));

    /// <summary>The keys of the last whole window, those with most operations first.</summary>
    public IReadOnlyList<RankedKey> LastWindow => _before.Operations;

    /// <summary>The hottest keys, the hottest first, with what went to each in <see cref="SpanUs"/>.</summary>
    /// <param name="measure">Of what.</param>
    /// <param name="database">Only of the database of this number; of all where it is negative.</param>
    public IReadOnlyList<RankedKey> Top(HotKeyMeasure measure, int database = -1)
    {
        bool isBytes = measure == HotKeyMeasure.Bytes;
        Dictionary<ulong, RankedKey> keys = [];
        foreach (RankedKey key in (isBytes ? _before.Bytes : _before.Operations).Concat((isBytes ? _bytes : _operations).Amounts))
        {
            if (database < 0 || key.Group == database)
            {
                ref RankedKey sum = ref CollectionsMarshal.GetValueRefOrAddDefault(keys, key.Hash, out bool exists);
                sum = exists ? sum with { Count = sum.Count + key.Count } : key;
            }
        }
        return [.. keys.Values.OrderByDescending(static key => key.Count).Take(SampledKeys.TopCount)];
    }

    /// <summary>Forgets everything.</summary>
    public void Reset()
    {
        _operations.Clear();
        _bytes.Clear();
        _before = new Window([], [], 0, 0);
        _beganUs = _clock.MonotonicUs;
    }

    /// <summary>A request that was looked at has used a key.</summary>
    /// <param name="hash">The key's hash.</param>
    /// <param name="database">The number of its database.</param>
    /// <param name="key">Copied where it is kept.</param>
    /// <param name="weight">The requests for which this one stands.</param>
    /// <param name="bytes">Its bytes, and those of the reply, that are the key's share.</param>
    internal void Note(ulong hash, int database, ReadOnlySpan<byte> key, long weight, long bytes)
    {
        ulong mixed = Mix(hash, database);
        _operations.Add(mixed, database, key, weight);
        _bytes.Add(mixed, database, key, weight * bytes);
    }

    /// <summary>A hash that is good in all bits, whatever the key's own hash has in some, and different in each database.</summary>
    internal static ulong Mix(ulong hash, int database)
    {
        ulong mixed = (hash ^ ((ulong)database * DatabaseMultiplier)) * Multiplier;
        return mixed ^ (mixed >> 32);
    }

    /// <summary>To be called ten times a second.</summary>
    internal void Tick(long nowUs)
    {
        _operations.Tick();
        _bytes.Tick();
        long durationUs = nowUs - _beganUs;
        if (durationUs >= WindowSeconds * 1_000_000L)
        {
            long samples = _operations.Units;
            _before = new Window(_operations.Roll(durationUs), _bytes.Roll(durationUs), durationUs, samples);
            _beganUs = nowUs;
        }
    }

    private sealed record Window(RankedKey[] Operations, RankedKey[] Bytes, long DurationUs, long Samples);
}
