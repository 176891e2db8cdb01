namespace Bixbite.Engine.Sessions;

/// <summary>
/// The capabilities that keep something for clients: the one list of who is asked when a client comes, begins anew (RESET), and is gone.
/// </summary>
public sealed class SessionParts
{
    private readonly List<ISessionPart> _parts = [];
    private int _slotCount;

    /// <summary>How a client is told of by CLIENT LIST and the log.</summary>
    public ClientText Text { get; } = new();

    /// <summary>A new place in every session.</summary>
    public SessionSlot<T> Slot<T>()
        where T : class => new(_slotCount++);

    /// <summary>From now on the part is asked, after those that were added before.</summary>
    public void Add(ISessionPart part)
    {
        _parts.Add(part);
        part.Describe(Text);
    }

    /// <summary>A client has come, and can be found.</summary>
    public void Begin(Session session)
    {
        foreach (ISessionPart part in _parts)
        {
            part.Opened(session);
        }
    }

    /// <summary>The client asks for the state of a new connection.</summary>
    public void Reset(Session session)
    {
        foreach (ISessionPart part in _parts)
        {
            part.Reset(session);
        }
    }

    /// <summary>The connection is gone: takes the session out of everything that knows it, and out of its table.</summary>
    public void End(Session session)
    {
        session.Set(SessionFlags.Gone, true);
        foreach (ISessionPart part in _parts)
        {
            part.End(session);
        }
        session.Table?.Remove(session);
    }
}
