using System.Diagnostics;

namespace Bixbite.Keyspace;

/// <summary>
/// The 24 bits of a record that eviction reads, as Redis keeps them.
/// <code>
///  LRU policies:  | 24 bits: seconds, modulo 2^24 (194 days)          |
///  LFU policies:  | 16 bits: minutes, modulo 2^16 | 8 bits: counter   |
/// </code>
/// The counter grows logarithmically (a chance of 1 / (hits * lfu-log-factor + 1) each time) and loses one every
/// lfu-decay-time minutes. Both clocks are read from the command's steady time: no system call is made here, and nothing ages when the
/// system's time is set.
/// </summary>
public sealed class AccessClock
{
    private const int LruResolutionMs = 1000;
    private const long LruResolutionUs = LruResolutionMs * 1000;
    private const long MinuteUs = 60_000_000;
    private const uint ClockMask = 0xFF_FFFF;
    private const byte LfuStart = 5;

    private readonly CommandTime _time;
    private readonly Random _random = new();

    public AccessClock(CommandTime time) => _time = time;

    public bool IsLfu { get; set; }

    public int LfuLogFactor { get; set; } = 10;

    /// <summary>Minutes for the counter to lose one; 0 never decays.</summary>
    public int LfuDecayTimeMinutes { get; set; } = 1;

    /// <summary>The LRU clock now, in seconds modulo 2^24.</summary>
    public uint LruNow => (uint)(_time.SteadyUs / LruResolutionUs) & ClockMask;

    private uint MinutesNow => (uint)(_time.SteadyUs / MinuteUs) & 0xFFFF;

    /// <summary>The access field of a new record.</summary>
    public uint Fresh() => IsLfu ? (MinutesNow << 8) | LfuStart : LruNow;

    /// <summary>The access field after one more use of a record that had <paramref name="access"/>.</summary>
    public uint Touched(uint access)
    {
        if (!IsLfu)
        {
            return LruNow;
        }
        return (MinutesNow << 8) | Incremented(Frequency(access));
    }

    /// <summary>The decayed LFU counter, 0 to 255.</summary>
    public byte Frequency(uint access)
    {
        uint counter = access & 0xFF;
        if (LfuDecayTimeMinutes == 0)
        {
            return (byte)counter;
        }
        uint last = access >> 8;
        uint now = MinutesNow;
        uint elapsed = now >= last ? now - last : 0xFFFF - last + now;
        uint periods = elapsed / (uint)LfuDecayTimeMinutes;
        return (byte)(periods > counter ? 0 : counter - periods);
    }

    /// <summary>How long the record has not been used, in milliseconds, to the clock's resolution.</summary>
    public long IdleMs(uint access)
    {
        uint now = LruNow;
        uint seconds = now >= access ? now - access : now + (ClockMask - access);
        return (long)seconds * LruResolutionMs;
    }

    /// <summary>The access word for RESTORE's IDLETIME, in seconds.</summary>
    public uint FromIdleSeconds(long seconds)
    {
        long clock = LruNow - seconds;
        return (uint)(clock < 0 ? clock + ClockMask : clock) & ClockMask;
    }

    /// <summary>The access word for RESTORE's FREQ.</summary>
    public uint FromFrequency(byte frequency) => (MinutesNow << 8) | frequency;

    private uint Incremented(byte counter)
    {
        Debug.Assert(LfuLogFactor >= 0, "The log factor is a natural number.");
        if (counter == byte.MaxValue)
        {
            return counter;
        }
        double above = Math.Max(counter - LfuStart, 0);
        double chance = 1.0 / ((above * LfuLogFactor) + 1);
        return _random.NextDouble() < chance ? counter + 1u : counter;
    }
}
