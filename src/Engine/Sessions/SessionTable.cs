namespace Bixbite.Engine.Sessions;

/// <summary>All connected sessions, in the order in which they came.</summary>
public sealed class SessionTable
{
    private readonly SortedDictionary<long, Session> _sessions = [];
    private long _lastId;

    public int Count => _sessions.Count;

    /// <summary>Sessions by ascending id.</summary>
    public IReadOnlyCollection<Session> All => _sessions.Values;

    /// <summary>The id that was given last.</summary>
    public long LastId => _lastId;

    public long NextId() => ++_lastId;

    /// <summary>What all of them make the engine hold, in bytes.</summary>
    public long StateBytes { get; private set; }

    /// <summary>
    /// What those hold whose connections are being cut, with their buffers, in bytes: it is still there, and about to be freed.
    /// </summary>
    public long LeavingBytes { get; private set; }

    public void Add(Session session)
    {
        _sessions.Add(session.Id, session);
        session.Table = this;
        StateBytes += session.StateBytes;
    }

    public bool Remove(Session session)
    {
        if (!_sessions.Remove(session.Id))
        {
            return false;
        }
        session.Table = null;
        StateBytes -= session.StateBytes;
        LeavingBytes -= session.LeavingBytes;
        return true;
    }

    /// <summary>A session of the table holds so many bytes more.</summary>
    internal void CountState(long bytes) => StateBytes += bytes;

    /// <summary>A session of the table is being cut that holds so many bytes.</summary>
    internal void CountLeaving(long bytes) => LeavingBytes += bytes;

    public Session? Find(long id) => _sessions.GetValueOrDefault(id);
}
