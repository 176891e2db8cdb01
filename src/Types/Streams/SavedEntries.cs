using Bixbite.Structures.Ordered;

namespace Bixbite.Types.Streams;

/// <summary>
/// Pending entries in the order of their IDs as they were when a snapshot began: those of a tree as it is now, and old ones instead of
/// those that have changed since. Neither tree may change meanwhile.
/// <code>
///   now    3        6'  7'  9         6' was given to somebody else, 7' has come since
///   old       4 5   6   7x            4 and 5 were acknowledged, 7x says that there was none
/// </code>
/// </summary>
internal ref struct SavedEntries
{
    private TreeWalk _now;
    private TreeWalk _old;
    private bool _hasNow;
    private bool _hasOld;

    public SavedEntries(TreeWalk now, TreeWalk old)
    {
        _now = now;
        _old = old;
        _hasNow = _now.MoveNext();
        _hasOld = _old.MoveNext();
    }

    /// <summary>The block of the entry; of an old one that of the copy.</summary>
    public ulong Current { get; private set; }

    /// <summary>It is an old one.</summary>
    public bool IsOld { get; private set; }

    public bool MoveNext()
    {
        if (!_hasNow && !_hasOld)
        {
            return false;
        }
        int order = !_hasNow ? 1 : !_hasOld ? -1 : IdBlocks.IdOf(_now.Current).CompareTo(IdBlocks.IdOf(_old.Current));
        IsOld = order >= 0;
        Current = IsOld ? _old.Current : _now.Current;
        if (order >= 0)
        {
            _hasOld = _old.MoveNext();
        }
        if (order <= 0)
        {
            _hasNow = _now.MoveNext();
        }
        return true;
    }
}
