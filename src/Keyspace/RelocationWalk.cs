using Bixbite.Memory;
using Bixbite.Types;

namespace Bixbite.Keyspace;

/// <summary>
/// One walk over all databases that moves what lies in slabs that are to be emptied, in slices. Between two slices anything may happen to
/// the databases: it holds a cursor of the index and the names of keys, no addresses.
/// </summary>
internal sealed class RelocationWalk(Databases databases, Evacuation evacuation)
{
    private const long NoValue = -1;

    private int _database;
    private ulong _cursor;
    private bool _isDatabaseDone;
    private RelocationCursor _inValue;
    private long _movedBeforeValue = NoValue;

    public LargeValues Large { get; } = new();

    public void Restart()
    {
        _database = 0;
        _cursor = 0;
        _isDatabaseDone = false;
        _inValue = default;
        _movedBeforeValue = NoValue;
        Large.Clear();
    }

    /// <summary>Goes on until the evacuation says that it is enough; false at the end.</summary>
    public bool Step()
    {
        while (!evacuation.IsEnough)
        {
            ReadOnlySpan<Database> all = databases.All;
            if (_database >= all.Length)
            {
                return false;
            }
            Database database = all[_database];
            if (Large.TryPeek(out byte[]? key))
            {
                MoveValue(database, key);
            }
            else if (_isDatabaseDone)
            {
                _isDatabaseDone = false;
                _database++;
            }
            else
            {
                _cursor = database.Relocate(_cursor, evacuation, Large);
                _isDatabaseDone = _cursor == 0;
            }
        }
        return true;
    }

    /// <summary>Moves a part of the collection whose turn it is.</summary>
    private void MoveValue(Database database, byte[] key)
    {
        if (_movedBeforeValue == NoValue)
        {
            _movedBeforeValue = evacuation.MovedCount;
        }
        if (!database.RelocateValue(key, ref _inValue, evacuation, Large))
        {
            Large.Count(hasMoved: evacuation.MovedCount != _movedBeforeValue);
            Large.Dequeue();
            _inValue = default;
            _movedBeforeValue = NoValue;
        }
    }
}
