using Bixbite.Engine.Sessions;

namespace Bixbite.Engine.Sampling;

/// <summary>
/// The work of clients, by the names that they gave themselves and by their users. A session counts its own work, which costs little; it
/// is added to the shares when somebody asks, when the session ends, and before its name or user changes.
/// </summary>
public sealed class ClientStatistics : ISessionPart
{
    private readonly ClientShares _names = new();
    private readonly ClientShares _users = new();

    /// <summary>The bytes that it takes at most.</summary>
    public static long MemoryBytes => 2 * ClientShares.MemoryBytes;

    /// <summary>Tells the name of a session's user; set while the server is put together.</summary>
    public Func<Session, byte[]> UserOf { private get; set; } = static _ => [];

    /// <summary>All sessions; set while the server is put together.</summary>
    public SessionTable? Sessions
    {
        private get;
        set
        {
            field = value;
            value!.Renaming = Tell;
        }
    }

    public IEnumerable<ClientShare> ByName => TellAll(_names);

    public IEnumerable<ClientShare> ByUser => TellAll(_users);

    /// <summary>Begins anew.</summary>
    public void Reset()
    {
        _ = TellAll(_names);
        _names.Clear();
        _users.Clear();
    }

    void ISessionPart.Reset(Session session)
    {
    }

    void ISessionPart.End(Session session) => Tell(session);

    /// <summary>A request of the session that was looked at took so long, and stands for some.</summary>
    internal void Sample(Session session, long durationUs, long weight)
    {
        _names.Of(session.Identity.Name).Sample(durationUs, weight);
        _users.Of(UserOf(session)).Sample(durationUs, weight);
    }

    private IEnumerable<ClientShare> TellAll(ClientShares shares)
    {
        if (Sessions is { } sessions)
        {
            foreach (Session session in sessions.All)
            {
                Tell(session);
            }
        }
        return shares.All;
    }

    private void Tell(Session session)
    {
        ClientWork work = session.Activity.TakeWork();
        if (work != default)
        {
            _names.Of(session.Identity.Name).Add(work);
            _users.Of(UserOf(session)).Add(work);
        }
    }
}
