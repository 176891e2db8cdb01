namespace Bixbite.Engine.Sessions;

/// <summary>
/// A capability that keeps something for clients: in a <see cref="SessionSlot{T}"/> of its own, or in tables of its own.
/// </summary>
public interface ISessionPart
{
    /// <summary>The client has come: nothing is kept of it yet.</summary>
    void Opened(Session session)
    {
    }

    /// <summary>The client asks for the state of a new connection (RESET): gives up what is kept of it.</summary>
    void Reset(Session session) => End(session);

    /// <summary>The connection is gone: forgets the session.</summary>
    void End(Session session);

    /// <summary>Adds what CLIENT LIST tells of it.</summary>
    void Describe(ClientText text)
    {
    }
}
