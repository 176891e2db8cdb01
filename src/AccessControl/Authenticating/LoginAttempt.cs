using Bixbite.Engine.Sessions;
using Bixbite.Protocol;

namespace Bixbite.AccessControl.Authenticating;

/// <summary>
/// A command that logs its client in, and what it does after that: it may have to wait before the password is looked at. It keeps copies,
/// for the request's bytes are gone then.
/// </summary>
/// <param name="session">The client.</param>
/// <param name="command">The word that the client called the command by, for ACL LOG.</param>
/// <param name="user">The user's name.</param>
/// <param name="password">What is to be its password.</param>
public abstract class LoginAttempt(Session session, byte[] command, byte[] user, byte[] password)
{
    public Session Session => session;

    public ReadOnlySpan<byte> Command => command;

    public ReadOnlySpan<byte> User => user;

    public ReadOnlySpan<byte> Password => password;

    /// <summary>Answers the command; the session is the user already, if it may be.</summary>
    public abstract void Answer(ReplyWriter reply, bool isRight);
}
