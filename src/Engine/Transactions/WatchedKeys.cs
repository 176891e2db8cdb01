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
/// <param name="keys">Tell which of them are due.</param>
/// <param name="removal">Takes watches that have ended out of the table.</param>
/// <param name="parts">Give a place in each session.</param>
public sealed class WatchedKeys(KeyAccess keys, LazyRemoval removal, SessionParts parts) : IChangeSubscriber
{
    private readonly SessionSlot<SessionWatches> _slot = parts.Slot<SessionWatches>();
    private readonly KeyTable<List<KeyWatch>> _watches = new();
    private readonly HashSet<SessionWatches> _sessions = [];

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
        if (_slot.Of(session) is not { } own)
        {
            _sessions.Add(own = new SessionWatches(session, _watches));
            _slot.Put(session, own);
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
        if (_slot.Of(session) is { } own)
        {
            _slot.Put(session, null);
            _sessions.Remove(own);
            own.End();
            removal.Add(own);
        }
    }

    /// <summary>Whether a key that the session watches has changed, or its time has come meanwhile.</summary>
    public bool IsBroken(Session session)
    {
        if (_slot.Of(session) is not { } own)
        {
            return false;
        }
        own.IsBroken = own.IsBroken || HasExpiredKey(own.Mortal);
        return own.IsBroken;
    }

    /// <summary>Whether it is known already that a key that the session watches has changed.</summary>
    public bool IsKnownBroken(Session session) => _slot.Of(session) is { IsBroken: true };

    /// <summary>Keys that the session watches.</summary>
    public int CountOf(Session session) => _slot.Of(session)?.All.Count ?? 0;

    public void OnChange(in KeyChange change)
    {
        if (_watches.TryGet(change.Database.Number, change.Key, out List<KeyWatch>? watchers))
        {
            bool isExpiry = change.EventClass == KeyEventClass.Expired;
            foreach (KeyWatch watch in watchers)
            {
                watch.Owner.IsBroken |= !(isExpiry && watch.IsStale);
            }
        }
    }

    /// <summary>A key that neither was there before nor is there now has not changed; one whose time has come is not there.</summary>
    public void OnContentReplaced(Database database)
    {
        foreach (SessionWatches own in _sessions)
        {
            own.IsBroken = own.IsBroken || HasChanged(own.All, database);
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
}
