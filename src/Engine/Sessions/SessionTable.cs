namespace Bixbite.Engine.Sessions;

/// <summary>All connected sessions, in the order in which they came.</summary>
public sealed class SessionTable
{
    private readonly SortedDictionary<long, Session> _sessions = [];
    private long _lastId;

    public int Count => _sessions.Count;

    /// <summary>Sessions by ascending id.</summary>
    public IReadOnlyCollection<Session> All => _sessions.Values;

    public long NextId() => ++_lastId;

    public void Add(Session session) => _sessions.Add(session.Id, session);

    public bool Remove(Session session) => _sessions.Remove(session.Id);

    public Session? Find(long id) => _sessions.GetValueOrDefault(id);
}
