using Bixbite.Platform;

namespace Bixbite.Replication.Primary;

/// <summary>
/// Replicas that were given up because they were too far behind, several times in a row: more is written than their links carry, and all
/// data would be sent again in vain. They wait before they get it once more, each time for twice as long. One that has caught up is
/// forgotten. Belongs to <see cref="FullSyncs"/>, under the execution lock.
/// <code>
///   given up       once    twice    three times    ...  six times and more
///   then waits     0       60 s     120 s               16 min               from when it was given up
/// </code>
/// </summary>
internal sealed class FullSyncPauses(IClock clock)
{
    private const long FirstPauseMs = 60_000;
    private const int DoublingsMax = 4;
    private const int EntryCountMax = 64;

    private readonly Dictionary<string, Entry> _entries = [];

    /// <summary>Nobody was given up.</summary>
    public bool IsEmpty => _entries.Count == 0;

    private long NowMs => clock.MonotonicUs / 1000;

    /// <summary>A replica with this name was given up.</summary>
    public void NoteGivenUp(string name)
    {
        if (_entries.Count >= EntryCountMax && !_entries.ContainsKey(name))
        {
            _entries.Remove(_entries.MinBy(static entry => entry.Value.SinceMs).Key);
        }
        _entries[name] = new Entry(CountOf(name) + 1, NowMs);
    }

    /// <summary>A replica with this name would not need all data now if it were cut off.</summary>
    public void NoteCaughtUp(string name) => _entries.Remove(name);

    /// <summary>How many times in a row it was given up.</summary>
    public int CountOf(string name) => _entries.GetValueOrDefault(name).Count;

    /// <summary>The milliseconds until it may get all data; 0 if it may now.</summary>
    public long LeftMs(string name)
    {
        Entry entry = _entries.GetValueOrDefault(name);
        return entry.Count < 2
            ? 0
            : Math.Max(entry.SinceMs + (FirstPauseMs << Math.Min(entry.Count - 2, DoublingsMax)) - NowMs, 0);
    }

    /// <summary>How many times in a row, and when it was last.</summary>
    private readonly record struct Entry(int Count, long SinceMs);
}
