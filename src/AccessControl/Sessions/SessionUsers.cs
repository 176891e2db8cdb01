using Bixbite.AccessControl.Rules;
using Bixbite.AccessControl.Users;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.PubSub;
using Bixbite.Engine.Sessions;

namespace Bixbite.AccessControl.Sessions;

/// <summary>
/// Which user each session is. A session of the default user keeps nothing here; one whose user has rules raises
/// <see cref="Concern.Access"/>. A change of a user is in force with the next request of its sessions; those that hold what it may not have
/// any more are closed.
/// </summary>
public sealed class SessionUsers : ISessionPart
{
    private readonly UserTable _users;
    private readonly SessionTable _sessions;
    private readonly PubSubBroker _pubSub;
    private readonly SessionSlot<User> _slot;
    private User? _owner;

    internal SessionUsers(UserTable users, SessionTable sessions, PubSubBroker pubSub, SessionParts parts)
    {
        _users = users;
        _sessions = sessions;
        _pubSub = pubSub;
        _slot = parts.Slot<User>();
        users.Changed += Apply;
    }

    public User Of(Session session) => _slot.Of(session) ?? _users.Default;

    /// <summary>The session is this user from now on.</summary>
    public void Become(Session session, User user)
    {
        _sessions.Renaming?.Invoke(session);
        _slot.Put(session, user == _users.Default ? null : user);
        session.IsAuthenticated = true;
        session.Raise(Concern.Access, !user.Rules.IsUnrestricted);
    }

    /// <summary>The session is the server's owner, who may do everything whatever is said of users, until it logs in as one.</summary>
    public void BecomeOwner(Session session) => Become(session, _owner ??= _users.CreateOwner());

    void ISessionPart.Opened(Session session) => Begin(session);

    void ISessionPart.Reset(Session session) => Begin(session);

    void ISessionPart.End(Session session) => _slot.Put(session, null);

    /// <summary>A primary may do everything, and is no user's.</summary>
    void ISessionPart.Describe(ClientText text) => text.Add(
        "user", (ref line, session, _) => line.Append(session.Has(SessionFlags.Primary) ? "(superuser)"u8 : Of(session).Name));

    /// <summary>The session is who nobody has logged in as.</summary>
    private void Begin(Session session)
    {
        Become(session, _users.Default);
        session.IsAuthenticated = _users.Default.IsOpen;
    }

    private void Apply(UserChange change)
    {
        List<Session> closing = [];
        List<Pattern>? withdrawn = change.Before is null || _pubSub.SubscriberCount == 0 ? null : ChannelsLeft(change);
        foreach (Session session in _sessions.All)
        {
            if (Of(session) != change.User)
            {
                continue;
            }
            if (change.Before is null)
            {
                session.IsAuthenticated = false;
                session.Raise(Concern.Access, true);
                closing.Add(session);
                continue;
            }
            session.Raise(Concern.Access, !change.User.Rules.IsUnrestricted);
            if (withdrawn is not null && HasOther(session, withdrawn))
            {
                closing.Add(session);
            }
        }
        foreach (Session session in closing)
        {
            Close(session, change.Caller);
        }
    }

    /// <summary>Who asked for the change gets the answer first.</summary>
    private static void Close(Session session, Session? caller)
    {
        if (session == caller)
        {
            session.Close();
        }
        else
        {
            session.Cut();
        }
    }

    /// <summary>The channels that may be used still; null where none was withdrawn.</summary>
    private static List<Pattern>? ChannelsLeft(UserChange change)
    {
        if (change.User.Rules.Selectors.Any(static selector => selector.Channels.HasAll))
        {
            return null;
        }
        List<Pattern> left = [.. change.User.Rules.Selectors.SelectMany(static selector => selector.Channels.Patterns)];
        bool isAnyGone = change.Before!.Selectors.Any(selector => selector.Channels.HasAll
            || selector.Channels.Patterns.Any(channel => !ChannelRights.Admit(left, channel.Text, isPattern: true)));
        return isAnyGone ? left : null;
    }

    /// <summary>Whether a session has subscribed to something else than these channels.</summary>
    private bool HasOther(Session session, List<Pattern> channels)
    {
        if (_pubSub.Of(session) is not { } subscriptions)
        {
            return false;
        }
        foreach (ChannelKind kind in Enum.GetValues<ChannelKind>())
        {
            if (subscriptions.NamesOf(kind).Any(name => !ChannelRights.Admit(channels, name, kind == ChannelKind.Pattern)))
            {
                return true;
            }
        }
        return false;
    }
}
