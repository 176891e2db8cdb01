using Bixbite.Engine.Blocking;
using Bixbite.Engine.Sessions;
using Bixbite.Keyspace;

namespace Bixbite.Engine.Transactions;

/// <summary>The watches of one session, from its first one until all end together. Changed by <see cref="WatchedKeys"/> alone.</summary>
internal sealed class SessionWatches(Session session, KeyTable<List<KeyWatch>> table) : IPlaces
{
    private readonly List<KeyWatch> _watches = [];
    private readonly List<KeyWatch> _mortal = [];
    private long _heldBytes;

    public Session Session { get; } = session;

    /// <summary>A key has changed.</summary>
    public bool IsBroken { get; set; }

    /// <summary>The watches have ended, though the table may have them still.</summary>
    public bool IsOver { get; private set; }

    public List<KeyWatch> All => _watches;

    /// <summary>Those of keys that had a deadline when they began. No other key expires unless it is changed before.</summary>
    public List<KeyWatch> Mortal => _mortal;

    public void Add(KeyWatch watch, bool mayExpire)
    {
        _watches.Add(watch);
        if (mayExpire)
        {
            _mortal.Add(watch);
        }
        _heldBytes += watch.SizeBytes;
        Session.Hold(watch.SizeBytes);
    }

    public void End()
    {
        IsOver = true;
        Session.Hold(-_heldBytes);
    }

    public bool RemoveOne()
    {
        if (_watches.Count == 0)
        {
            return false;
        }
        KeyWatch watch = _watches[^1];
        _watches.RemoveAt(_watches.Count - 1);
        Database database = watch.Database;
        if (table.TryGet(database.Number, watch.Key, out List<KeyWatch>? watchers) && watchers.Remove(watch) && watchers.Count == 0)
        {
            table.Remove(database.Number, watch.Key);
        }
        return true;
    }
}
