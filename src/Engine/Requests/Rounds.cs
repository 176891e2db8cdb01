using Bixbite.Engine.Blocking;
using Bixbite.Engine.ClientTracking;
using Bixbite.Engine.Durability;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Sessions;
using Bixbite.Memory;

namespace Bixbite.Engine.Requests;

/// <summary>
/// The beginning and the end of the requests that whoever serves clients runs together. All under the execution lock.
/// <code>
///   Begin ── Executor: a request, another, ... ── End                       a round
///   the lock is taken ── rounds, a tick, whatever ── EndTurn ── it is given back
/// </code>
/// </summary>
public sealed class Rounds
{
    private readonly Prefetcher _prefetcher;
    private readonly CommandRecorder _recorder;
    private readonly ReadyKeyDispatcher _readyKeys;
    private readonly KeyTracking _tracking;
    private readonly ClientEviction _eviction;
    private readonly DurabilityLines _lines;
    private readonly PinnedBlocks _pinned;

    public Rounds(
        Prefetcher prefetcher, CommandRecorder recorder, ReadyKeyDispatcher readyKeys, KeyTracking tracking, ClientEviction eviction,
        DurabilityLines lines, PinnedBlocks pinned)
    {
        _prefetcher = prefetcher;
        _recorder = recorder;
        _readyKeys = readyKeys;
        _tracking = tracking;
        _eviction = eviction;
        _lines = lines;
        _pinned = pinned;
    }

    /// <summary>Monotonic milliseconds, as they were after the latest command.</summary>
    public long NowMs => _recorder.LatestUs / 1000;

    /// <summary>Monotonic microseconds, as they were after the latest command.</summary>
    public long NowUs => _recorder.LatestUs;

    /// <summary>Requests are about to run.</summary>
    public void Begin()
    {
        _pinned.Collect();
        _eviction.RunInRound();
        _prefetcher.Forget();
        _recorder.BeginRound();
    }

    /// <summary>All of them have run.</summary>
    public void End()
    {
        _recorder.EndRound();
        if (_tracking.IsOn)
        {
            _tracking.EndRound();
        }
    }

    /// <summary>
    /// The lock is about to be given back, whatever was done with it: see <see cref="DurabilityLines.EndTurn"/>.
    /// </summary>
    public ReadOnlySpan<long> EndTurn() => _lines.EndTurn();

    /// <summary>To be called from time to time: keys changed by themselves, or a limit was lowered.</summary>
    public void RunBetween()
    {
        _readyKeys.RunBetweenRounds();
        if (_tracking.IsOn)
        {
            _tracking.LimitKeys();
            _tracking.EndRound();
        }
    }
}
