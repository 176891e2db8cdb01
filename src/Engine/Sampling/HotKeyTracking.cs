using System.Collections;
using Bixbite.Platform;
using Bixbite.Structures.Checks;
using Bixbite.Structures.Sketches;

namespace Bixbite.Engine.Sampling;

/// <summary>The arguments of HOTKEYS START.</summary>
/// <param name="Cpu">Keys are ranked by the time that their commands take.</param>
/// <param name="Net">Keys are ranked by the bytes of requests and replies.</param>
/// <param name="Count">How many keys are told.</param>
/// <param name="DurationMs">After which it stops by itself; 0 for never.</param>
/// <param name="Ratio">One command in so many is looked at.</param>
/// <param name="Slots">A bit for each slot: only keys of these are told; null for all.</param>
public readonly record struct HotKeyTrackingOptions(
    bool Cpu, bool Net, int Count, long DurationMs, int Ratio, BitArray? Slots = null);

/// <summary>
/// The tracking that HOTKEYS START of Redis 8.6 begins: for some time, the commands of clients are looked at one by one, and the keys are
/// found to which most time and most bytes go. What a script calls counts as the script's, by the keys that the script names.
/// </summary>
public sealed class HotKeyTracking
{
    /// <summary>More keys are followed than are told, so that those that are told are the right ones.</summary>
    private const int FollowedPerTold = 10;

    private readonly IClock _clock;
    private readonly Random _random = new();
    private readonly CpuTimes _cpuBefore = ProcessFacts.ProcessCpu();
    private readonly HeavyKeeper? _cpu;
    private readonly HeavyKeeper? _net;
    private readonly long _beganUs;
    private long _durationUs = -1;

    internal HotKeyTracking(HotKeyTrackingOptions options, IClock clock)
    {
        _clock = clock;
        Options = options;
        BeganUnixMs = clock.UnixMs;
        _beganUs = clock.MonotonicUs;
        _cpu = options.Cpu ? CreateKeeper(options.Count, seed: 1) : null;
        _net = options.Net ? CreateKeeper(options.Count, seed: 2) : null;
    }

    public HotKeyTrackingOptions Options { get; }

    public long BeganUnixMs { get; }

    /// <summary>It has not been stopped, and its time is not over.</summary>
    public bool IsActive
    {
        get
        {
            long limitUs = Options.DurationMs * 1000;
            if (_durationUs < 0 && limitUs > 0 && _clock.MonotonicUs - _beganUs >= limitUs)
            {
                _durationUs = limitUs;
            }
            return _durationUs < 0;
        }
    }

    public long DurationMs => (IsActive ? _clock.MonotonicUs - _beganUs : _durationUs) / 1000;

    /// <summary>All commands with keys.</summary>
    public Spent All { get; private set; }

    /// <summary>Those of the selected slots.</summary>
    public Spent Selected { get; private set; }

    /// <summary>Those of the selected slots that were looked at.</summary>
    public Spent Sampled { get; private set; }

    /// <summary>The bytes that went to the keys that were looked at.</summary>
    public long KeyBytes => _net?.Total ?? 0;

    /// <summary>The processor's time that the process has used since the beginning.</summary>
    public CpuTimes Cpu
    {
        get
        {
            CpuTimes now = ProcessFacts.ProcessCpu();
            return new CpuTimes(now.UserUs - _cpuBefore.UserUs, now.SystemUs - _cpuBefore.SystemUs);
        }
    }

    /// <summary>The keys to which most time went, in microseconds.</summary>
    public IEnumerable<RankedKey> ByTime => (_cpu?.Top ?? []).Take(Options.Count);

    /// <summary>The keys to which most bytes went.</summary>
    public IEnumerable<RankedKey> ByBytes => (_net?.Top ?? []).Take(Options.Count);

    internal void Stop() => _durationUs = IsActive ? _clock.MonotonicUs - _beganUs : _durationUs;

    /// <summary>A command has run; true if its keys, of which this is the first, are to be told.</summary>
    internal bool Note(ReadOnlySpan<byte> key, Spent spent)
    {
        All = All.With(spent);
        if (Options.Slots is { } slots && !slots[HashSlot.Of(key)])
        {
            return false;
        }
        Selected = Selected.With(spent);
        if (Options.Ratio > 1 && _random.Next(Options.Ratio) != 0)
        {
            return false;
        }
        Sampled = Sampled.With(spent);
        return true;
    }

    internal void NoteKey(ulong hash, int database, ReadOnlySpan<byte> key, Spent share)
    {
        hash = HotKeys.Mix(hash, database);
        if (share.DurationUs > 0)
        {
            _cpu?.Add(hash, database, key, share.DurationUs);
        }
        if (share.Bytes > 0)
        {
            _net?.Add(hash, database, key, share.Bytes);
        }
    }

    private static HeavyKeeper CreateKeeper(int count, ulong seed)
    {
        int widthBits = 10 + int.Log2(Math.Max(count / 10, 1));
        return new HeavyKeeper(widthBits, count * FollowedPerTold, keySizeMax: int.MaxValue, seed);
    }
}
