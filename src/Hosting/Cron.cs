using Bixbite.Engine.Lifecycle;
using Bixbite.Keyspace;
using Bixbite.Platform;

namespace Bixbite.Hosting;

/// <summary>
/// What happens by itself, on the first loop between its rounds: waits that end, keys that expire, memory that is given back, rates that
/// are sampled. Each part takes a bounded slice and says when it wants the next one.
/// </summary>
internal sealed class Cron
{
    public const int IdleTickMs = 100;
    private const int ExpiryTickMs = 10;
    private const int SamplingIntervalMs = 100;
    private const long ExpirySliceUs = 1000;
    private const long LazyFreeSliceUs = 1000;
    private const long UsPerMs = 1000;

    /// <summary>Databases that are looked at, whether they are empty, in one sampling interval.</summary>
    private const int GivenBackCount = 1024;

    private readonly CronSwitch _switch;
    private readonly CronKeyspace _keyspace;
    private readonly CronFiles _files;
    private readonly CronWaits _waits;
    private readonly CronClients _clients;
    private readonly Sampling _sampling;
    private readonly IClock _clock;
    private long _nextSamplingMs;

    public Cron(
        CronSwitch cronSwitch, CronKeyspace keyspace, CronFiles files, CronWaits waits, CronClients clients, Sampling sampling,
        IClock clock)
    {
        _switch = cronSwitch;
        _keyspace = keyspace;
        _files = files;
        _waits = waits;
        _clients = clients;
        _sampling = sampling;
        _clock = clock;
    }

    /// <summary>When to tick next for something that is due in so many milliseconds; the far off is looked after anyway.</summary>
    public static int TickMsUntil(long dueMs) => (int)Math.Clamp(dueMs, 0, IdleTickMs);

    /// <summary>Does what is due, under the execution lock; returns the milliseconds until something is due again.</summary>
    public int Tick()
    {
        long startedUs = _clock.MonotonicUs;
        int nextMs = RunParts(startedUs);
        _sampling.NoteTick(_clock.MonotonicUs - startedUs);
        return nextMs;
    }

    private int RunParts(long nowUs)
    {
        long nowMs = nowUs / UsPerMs;
        long nextMs = _waits.RunTimeouts(nowMs);
        if (nowMs >= _nextSamplingMs && !_switch.IsPaused)
        {
            _nextSamplingMs = nowMs + SamplingIntervalMs;
            _sampling.Run();
            _keyspace.Databases.GiveBackSome(GivenBackCount);
            _clients.Run(nowMs);
        }
        nextMs = Math.Min(nextMs, _switch.IsPaused ? long.MaxValue : _nextSamplingMs);
        nextMs = Math.Min(nextMs, nowMs + _files.Run(_switch.IsPaused, _waits.IsTight));
        bool isLeft = !_files.IsLoading && !_waits.IsPaused && !_switch.IsPaused && RunRemoval();
        _waits.RunBetweenRounds(nowUs);
        isLeft |= RunLazyFree() | _keyspace.FreedPages.GiveBackSome();
        nextMs = Math.Min(nextMs, nowMs + RunDefragmentation());
        if (isLeft)
        {
            return 0;
        }
        int wantedMs = _keyspace.Expiry.HasWork ? ExpiryTickMs : IdleTickMs;
        return (int)Math.Clamp(nextMs - nowMs, 0, wantedMs);
    }

    /// <summary>Removes keys whose time has come, and keys for which there is no room; whether some are left.</summary>
    private bool RunRemoval() => _keyspace.Expiry.Run(ExpirySliceUs) | _keyspace.Eviction.RunSlice();

    /// <summary>Moves blocks off sparse pages if it is time to; returns the milliseconds until it is again.</summary>
    private long RunDefragmentation() =>
        _files.IsLoading || _switch.IsPaused ? IdleTickMs : (_keyspace.Defragmentation.Run() + UsPerMs - 1) / UsPerMs;

    private bool RunLazyFree()
    {
        LazyFree lazyFree = _keyspace.LazyFree;
        if (lazyFree.IsIdle && _waits.Removal.IsIdle)
        {
            return false;
        }
        long endUs = _clock.MonotonicUs + LazyFreeSliceUs;
        Func<bool> isOver = () => _clock.MonotonicUs >= endUs;
        _waits.Removal.Run(isOver);
        lazyFree.Run(isOver);
        return !(lazyFree.IsIdle && _waits.Removal.IsIdle);
    }
}
