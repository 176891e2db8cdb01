using Bixbite.Engine.Blocking;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Sessions;
using Bixbite.Keyspace;

namespace Bixbite.Engine.Transactions;

/// <summary>
/// Which sessions watch which keys. Any change of a key breaks the watches of it: the sessions' next EXEC runs nothing.
/// <code>
///   (database, key) -> the watches of the key        session -> its watches
/// </code>
/// </summary>
public sealed class WatchedKeys : IChangeSubscriber
{
    private readonly KeyTable<List<KeyWatch>> _watches = new();
    private readonly Dictionary<Session, List<KeyWatch>> _sessions = [];
    private readonly KeyAccess _keys;

    public WatchedKeys(KeyAccess keys) => _keys = keys;

    /// <summary>Keys that somebody watches: INFO's total_watched_keys.</summary>
    public int KeyCount => _watches.Count;

    /// <summary>Sessions that watch keys: INFO's watching_clients.</summary>
    public int SessionCount => _sessions.Count;

    /// <summary>Watches a key of the session's database from now on; a key that it watches already stays as it is.</summary>
    public void Watch(Session session, ReadOnlySpan<byte> key)
    {
        Database database = session.Database;
        KeyRef at = database.Find(key);
        bool exists = at.Exists && !_keys.IsDue(database, at.Record);
        if (!_watches.TryGet(database.Number, key, out List<KeyWatch>? watchers))
        {
            watchers = [];
            _watches.Add(database.Number, key.ToArray(), watchers);
        }
        if (watchers.Exists(watch => watch.Session == session))
        {
            return;
        }
        var added = new KeyWatch(session, database, key.ToArray(), exists) { IsStale = at.Exists && !exists };
        watchers.Add(added);
        if (!_sessions.TryGetValue(session, out List<KeyWatch>? own))
        {
            _sessions.Add(session, own = []);
        }
        own.Add(added);
        session.WatchCount++;
        session.Hold(added.SizeBytes);
    }

    /// <summary>Ends all watches of a session, broken or not.</summary>
    public void Unwatch(Session session)
    {
        session.Set(SessionFlags.WatchBroken, false);
        if (session.WatchCount == 0)
        {
            return;
        }
        session.WatchCount = 0;
        if (!_sessions.Remove(session, out List<KeyWatch>? own))
        {
            return;
        }
        foreach (KeyWatch watch in own)
        {
            session.Hold(-watch.SizeBytes);
            if (_watches.TryGet(watch.Database.Number, watch.Key, out List<KeyWatch>? watchers)
                && watchers.Remove(watch) && watchers.Count == 0)
            {
                _watches.Remove(watch.Database.Number, watch.Key);
            }
        }
    }

    /// <summary>Whether a key that the session watches has changed, or its time has come meanwhile.</summary>
    public bool IsBroken(Session session)
    {
        if (session.WatchCount > 0 && !session.Has(SessionFlags.WatchBroken) && _sessions.TryGetValue(session, out List<KeyWatch>? own))
        {
            own.FindAll(HasExpired).ForEach(Break);
        }
        return session.Has(SessionFlags.WatchBroken);
    }

    public void OnChange(in KeyChange change)
    {
        if (_watches.TryGet(change.Database.Number, change.Key, out List<KeyWatch>? watchers))
        {
            bool isExpiry = change.EventClass == KeyEventClass.Expired;
            watchers.FindAll(watch => !(isExpiry && watch.IsStale)).ForEach(Break);
        }
    }

    /// <summary>A key that neither was there before nor is there now has not changed; one whose time has come is not there.</summary>
    public void OnContentReplaced(Database database)
    {
        foreach (List<KeyWatch> watchers in _watches.In(database.Number))
        {
            KeyRef at = database.Find(watchers[0].Key);
            bool isDue = at.Exists && _keys.IsDue(database, at.Record);
            bool exists = at.Exists && !isDue;
            watchers.ForEach(watch => watch.IsStale = isDue);
            watchers.FindAll(watch => exists || watch.Existed).ForEach(Break);
        }
    }

    private bool HasExpired(KeyWatch watch)
    {
        KeyRef at = watch.Database.Find(watch.Key);
        return at.Exists && !watch.IsStale && _keys.IsDue(watch.Database, at.Record);
    }

    private static void Break(KeyWatch watch) => watch.Session.Set(SessionFlags.WatchBroken, true);
}
