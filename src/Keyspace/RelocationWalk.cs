using Bixbite.Memory;
using Bixbite.Types;

namespace Bixbite.Keyspace;

/// <summary>
/// One walk over all databases that moves what lies in slabs that are to be emptied, in slices. Between two slices anything may happen to
/// the databases: it holds a cursor of the index and the names of keys, no addresses.
/// </summary>
internal sealed class RelocationWalk(Databases databases, Evacuation evacuation)
{
    private int _database;
    private ulong _cursor;
    private bool _isDatabaseDone;

    public LargeValues Large { get; } = new();

    public void Restart()
    {
        _database = 0;
        _cursor = 0;
        _isDatabaseDone = false;
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
            if (Large.TryPeek(out LargeValue? value))
            {
                MovePart(database, value);
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
    private void MovePart(Database database, LargeValue value)
    {
        long before = evacuation.MovedCount;
        RelocationCursor cursor = value.Cursor;
        bool isLeft = database.RelocateValue(value.Key, ref cursor, evacuation, Large);
        value.Cursor = cursor;
        value.HasMoved |= evacuation.MovedCount != before;
        if (!isLeft)
        {
            Large.Count(value.HasMoved);
            Large.Dequeue();
        }
    }
}
