using Bixbite.Engine.Blocking;
using Bixbite.Engine.Propagation;
using Bixbite.Engine.Sessions;
using Bixbite.Keyspace;
using Bixbite.Types;

namespace Bixbite.Engine.Transactions;

/// <summary>
/// Which sessions watch which keys. Any change of a key breaks the watches of it: the sessions' next EXEC runs nothing.
/// <code>
///   (database, key) -> the watches of the key        session -> its watches
/// </code>
/// Watches that have ended mean nothing from then on, and are taken out of the table in slices where they are many.
/// </summary>
public sealed class WatchedKeys(KeyAccess keys, LazyRemoval removal) : IChangeSubscriber
{
    private readonly KeyTable<List<KeyWatch>> _watches = new();
    private readonly Dictionary<Session, SessionWatches> _sessions = [];

    /// <summary>Keys that somebody watches: INFO's total_watched_keys.</summary>
    public int KeyCount => _watches.Count;

    /// <summary>Sessions that watch keys: INFO's watching_clients.</summary>
    public int SessionCount => _sessions.Count;

    /// <summary>Watches a key of the session's database from now on; a key that it watches already stays as it is.</summary>
    public void Watch(Session session, ReadOnlySpan<byte> key)
    {
        Database database = session.Database;
        KeyRef at = database.Find(key);
        bool exists = at.Exists && !keys.IsDue(database, at.Record);
        if (!_sessions.TryGetValue(session, out SessionWatches? own))
        {
            _sessions.Add(session, own = new SessionWatches(session, _watches));
        }
        if (!_watches.TryGet(database.Number, key, out List<KeyWatch>? watchers))
        {
            watchers = [];
            _watches.Add(database.Number, key.ToArray(), watchers);
        }
        if (watchers.Exists(watch => watch.Owner == own))
        {
            return;
        }
        var added = new KeyWatch(own, database, key.ToArray(), exists) { IsStale = at.Exists && !exists };
        watchers.Add(added);
        own.Add(added, mayExpire: exists && (at.Record.HasDeadline || at.Record.HasFieldDeadlines));
    }

    /// <summary>Ends all watches of a session, broken or not.</summary>
    public void Unwatch(Session session)
    {
        session.Set(SessionFlags.WatchBroken, false);
        if (session.WatchCount > 0 && _sessions.Remove(session, out SessionWatches? own))
        {
            own.End();
            removal.Add(own);
        }
    }

    /// <summary>Whether a key that the session watches has changed, or its time has come meanwhile.</summary>
    public bool IsBroken(Session session)
    {
        if (session.WatchCount > 0 && !session.Has(SessionFlags.WatchBroken) && HasExpiredKey(_sessions[session].Mortal))
        {
            session.Set(SessionFlags.WatchBroken, true);
        }
        return session.Has(SessionFlags.WatchBroken);
    }

    public void OnChange(in KeyChange change)
    {
        if (_watches.TryGet(change.Database.Number, change.Key, out List<KeyWatch>? watchers))
        {
            bool isExpiry = change.EventClass == KeyEventClass.Expired;
            foreach (KeyWatch watch in watchers)
            {
                if (!(isExpiry && watch.IsStale))
                {
                    Break(watch);
                }
            }
        }
    }

    /// <summary>A key that neither was there before nor is there now has not changed; one whose time has come is not there.</summary>
    public void OnContentReplaced(Database database)
    {
        foreach (SessionWatches own in _sessions.Values)
        {
            if (!own.Session.Has(SessionFlags.WatchBroken) && HasChanged(own.All, database))
            {
                own.Session.Set(SessionFlags.WatchBroken, true);
            }
        }
    }

    /// <summary>Whether one of these is of this database and of a key that has changed.</summary>
    private bool HasChanged(List<KeyWatch> watches, Database replaced)
    {
        foreach (KeyWatch watch in watches)
        {
            if (watch.Database == replaced && HasChanged(watch))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Whether the key of a database whose content was replaced is there now, or was before.</summary>
    private bool HasChanged(KeyWatch watch)
    {
        if (watch.Existed || watch.Database.Count == 0)
        {
            watch.IsStale = false;
            return watch.Existed;
        }
        KeyRef at = watch.Database.Find(watch.Key);
        watch.IsStale = at.Exists && keys.IsDue(watch.Database, at.Record);
        return at.Exists && !watch.IsStale;
    }

    private bool HasExpiredKey(List<KeyWatch> watches)
    {
        foreach (KeyWatch watch in watches)
        {
            KeyRef at = watch.Database.Find(watch.Key);
            if (at.Exists && keys.IsDue(watch.Database, at.Record))
            {
                return true;
            }
        }
        return false;
    }

    private static void Break(KeyWatch watch)
    {
        if (!watch.Owner.IsOver)
        {
            watch.Owner.Session.Set(SessionFlags.WatchBroken, true);
        }
    }
}
