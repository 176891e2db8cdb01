using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Sessions;
using Bixbite.Keyspace;
using Bixbite.Platform;

namespace Bixbite.Replication.Following;

/// <summary>
/// The primary among the clients, while its stream comes: CLIENT LIST shows it, CLIENT KILL ends it, and it may do everything. Under the
/// execution lock.
/// </summary>
internal sealed class PrimarySessions(SessionTable table, SessionParts parts, Databases databases, IClock clock) : ISessionPart
{
    /// <summary>A primary begins, which has this database selected.</summary>
    public Session Begin(ILink link, int database)
    {
        bool isKnown = database >= 0 && database < databases.Count;
        var session = new Session(table.NextId(), link, databases[isKnown ? database : 0], clock.MonotonicUs / 1000);
        table.Add(session);
        parts.Begin(session);
        session.Set(SessionFlags.Primary, true);
        session.IsAuthenticated = true;
        session.Raise(Concern.Access, false);
        link.Lines = 0;
        return session;
    }

    /// <summary>The connection is gone.</summary>
    public void End(Session session) => parts.End(session);

    void ISessionPart.Reset(Session session)
    {
    }

    void ISessionPart.End(Session session)
    {
    }

    void ISessionPart.Describe(ClientText text) => text.AddFlag('M', static session => session.Has(SessionFlags.Primary));
}
