namespace Bixbite.Engine.Sessions;

/// <summary>
/// Sessions that keep their request unread, since a gate does not let it run yet, and get it again when it may. The gate owns it, and has
/// it forget those that end. Under the execution lock.
/// </summary>
public sealed class PostponedSessions
{
    private readonly List<Session> _all = [];

    public IReadOnlyList<Session> All => _all;

    public void Add(Session session)
    {
        session.Set(SessionFlags.Postponed, true);
        _all.Add(session);
    }

    public void Forget(Session session) => _all.Remove(session);

    /// <summary>All try again; who has to wait for something else waits on.</summary>
    public void Resume()
    {
        foreach (Session session in _all)
        {
            session.Set(SessionFlags.Postponed, false);
            session.Link.Resume();
        }
        _all.Clear();
    }
}
