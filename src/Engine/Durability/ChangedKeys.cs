namespace Bixbite.Engine.Durability;

/// <summary>
/// Up to where a line must be before what a key shows can no longer be lost: the position that the key's latest change reaches. Keys share
/// places by their hashes, so a key may wait for the change of another one, and none is missed. Keys of one name in several databases have
/// one place.
/// <code>
///   the hash's highest bits ── place ──> | 0 | 120 | this turn | 0 | 77 | ...        longs, 1 MiB while the line is in use
/// </code>
/// The position of a change is known when its turn ends. Under the execution lock.
/// </summary>
internal sealed class ChangedKeys
{
    /// <summary>Stands for the position that this turn's changes will reach.</summary>
    internal const long ThisTurn = long.MaxValue;

    private const int PlaceBits = 17;

    private readonly long[] _ends = new long[1 << PlaceBits];
    private readonly List<int> _changed = [];

    /// <summary>The end of changes of all keys. What was there before the line was in use counts as changed when that began.</summary>
    private long _allEnd = ThisTurn;

    private long _latestBefore;
    private bool _isNew = true;

    /// <summary>The position that the latest change of any key reaches.</summary>
    internal long LatestEnd { get; private set; } = ThisTurn;

    /// <summary>The position that the latest change of the key reaches.</summary>
    internal long EndOf(ulong hash) => Math.Max(_allEnd, _ends[PlaceOf(hash)]);

    /// <summary>The key changes in this turn.</summary>
    internal void Note(ulong hash)
    {
        int place = PlaceOf(hash);
        if (_ends[place] != ThisTurn)
        {
            _ends[place] = ThisTurn;
            _changed.Add(place);
            LatestEnd = ThisTurn;
        }
    }

    /// <summary>Any key may have changed in this turn.</summary>
    internal void NoteAll() => _allEnd = LatestEnd = ThisTurn;

    /// <summary>The turn is over, and its changes reach this position; 0 where nothing has to wait for them.</summary>
    internal void EndTurn(long end, long lineEnd)
    {
        if (LatestEnd != ThisTurn)
        {
            return;
        }
        foreach (int place in _changed)
        {
            _ends[place] = end;
        }
        _changed.Clear();
        if (_allEnd == ThisTurn)
        {
            _allEnd = _isNew ? lineEnd : end;
            _isNew = false;
        }
        _latestBefore = Math.Max(_latestBefore, Math.Max(end, _allEnd));
        LatestEnd = _latestBefore;
    }

    private static int PlaceOf(ulong hash) => (int)(hash >> (64 - PlaceBits));
}
