using Bixbite.AccessControl.Sessions;
using Bixbite.AccessControl.Users;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Sessions;
using Bixbite.Platform;
using Bixbite.Protocol;
using Bixbite.Structures.Text;

namespace Bixbite.Commands.Connection;

/// <summary>CLIENT LIST and CLIENT KILL: one client about others.</summary>
public sealed class ClientList(SessionTable sessions, SessionParts parts, UserTable users, SessionUsers sessionUsers, IClock clock)
{
    private readonly List<Session> _victims = [];

    [Command(
        "client|list", Group = "connection", Since = "2.4.0", Arity = -2,
        Flags = "admin noscript loading stale", Tips = "nondeterministic_output",
        History = "2.8.12 Added unique client `id` field. | 5.0.0 Added optional `TYPE` filter. | 6.0.0 Added `user` field. | "
            + "6.2.0 Added `argv-mem`, `tot-mem`, `laddr` and `redir` fields and the optional `ID` filter. | "
            + "7.0.0 Added `resp`, `multi-mem`, `rbs` and `rbp` fields. | 7.0.3 Added `ssub` field.",
        Complexity = "O(N) with N the number of connections",
        Summary = "Returns a line for each connection.",
        Syntax = "[TYPE (client-type@5.0.0: NORMAL | MASTER | REPLICA | PUBSUB)] [ID client-id:integer@6.2.0 ...]")]
    public void List(CommandContext context)
    {
        if (context.Count == 4 && Ascii.EqualsIgnoreCase(context[2], "type"u8))
        {
            if (TryReadType(context, 3, out ClientKind kind))
            {
                AnswerAll(context.Reply, kind);
            }
        }
        else if (context.Count > 3 && Ascii.EqualsIgnoreCase(context[2], "id"u8))
        {
            AnswerIds(context);
        }
        else if (context.Count == 2)
        {
            AnswerAll(context.Reply, null);
        }
        else
        {
            context.Reply.Error(ErrorText.Syntax);
        }
    }

    [Command(
        "client|kill", Group = "connection", Since = "2.4.0", Arity = -3,
        Flags = "admin noscript loading stale",
        History = "2.8.12 Added new filter format. | 2.8.12 `ID` option. | 3.2.0 Added `master` type in for `TYPE` option. | "
            + "5.0.0 Replaced `slave` `TYPE` with `replica`. `slave` still supported for backward compatibility. | "
            + "6.2.0 `LADDR` option. | 7.4.0 `MAXAGE` option.",
        Complexity = "O(N) with N the number of connections",
        Summary = "Closes connections.",
        Syntax = "(filter: old-format@until-2.8.12 | [new-format: ID client-id:integer@2.8.12 | TYPE (client-type@2.8.12: NORMAL | "
            + "MASTER@3.2.0 | SLAVE | REPLICA@5.0.0 | PUBSUB) | USER username | ADDR addr | LADDR laddr@6.2.0 | SKIPME (skipme: YES | "
            + "NO) | MAXAGE maxage:integer@7.4.0] ...)")]
    public void Kill(CommandContext context)
    {
        bool isOldForm = context.Count == 3;
        var filter = new KillFilter { IsSkipMe = !isOldForm };
        if (isOldForm)
        {
            filter.TakePeer(context[2]);
        }
        else if (!TryReadFilter(context, ref filter))
        {
            return;
        }

        int count = KillAll(filter, context.Session);
        if (!isOldForm)
        {
            context.Reply.Integer(count);
        }
        else if (count == 0)
        {
            context.Reply.Error(ErrorText.NoSuchClient);
        }
        else
        {
            context.Reply.Ok();
        }
    }

    private int KillAll(in KillFilter filter, Session self)
    {
        long nowMs = clock.MonotonicUs / 1000;
        foreach (Session session in sessions.All)
        {
            if (filter.Matches(session, self, nowMs) && (filter.User is null || filter.User == sessionUsers.Of(session)))
            {
                _victims.Add(session);
            }
        }
        foreach (Session victim in _victims)
        {
            Close(victim, self);
        }
        int count = _victims.Count;
        _victims.Clear();
        return count;
    }

    private static void Close(Session victim, Session self)
    {
        if (victim == self)
        {
            victim.Close();
            return;
        }
        victim.Cut();
    }

    private bool TryReadFilter(CommandContext context, ref KillFilter filter)
    {
        var arguments = new ArgumentReader(context, 2);
        while (!arguments.IsAtEnd)
        {
            if (arguments.Match("id"u8, valueCount: 1))
            {
                filter.Id = arguments.Integer(1, long.MaxValue, ErrorText.ClientIdTooSmall);
            }
            else if (arguments.Match("maxage"u8, valueCount: 1))
            {
                filter.AgeMinSeconds = arguments.Integer(ErrorText.MaxAgeNotAnInteger);
                if (filter.AgeMinSeconds <= 0)
                {
                    arguments.Fail(ErrorText.MaxAgeTooSmall);
                }
            }
            else if (arguments.Match("type"u8, valueCount: 1))
            {
                if (!TryReadType(context, arguments.Position, out ClientKind kind))
                {
                    return false;
                }
                filter.Kind = kind;
                arguments.Next();
            }
            else if (arguments.Match("addr"u8, valueCount: 1))
            {
                filter.TakePeer(arguments.Next());
            }
            else if (arguments.Match("laddr"u8, valueCount: 1))
            {
                filter.TakeLocal(arguments.Next());
            }
            else if (arguments.Match("user"u8, valueCount: 1))
            {
                if (!users.TryFind(arguments.Peek(), out User? user))
                {
                    ErrorText.NoSuchUser(context.Reply, arguments.Peek());
                    return false;
                }
                filter.User = user;
                arguments.Next();
            }
            else if (arguments.Match("skipme"u8, valueCount: 1))
            {
                ReadSkipMe(ref arguments, ref filter);
            }
            else
            {
                arguments.Fail(ErrorText.Syntax);
            }
        }
        return !arguments.AnswerFailure();
    }

    private static void ReadSkipMe(ref ArgumentReader arguments, ref KillFilter filter)
    {
        if (arguments.Match("yes"u8))
        {
            filter.IsSkipMe = true;
        }
        else if (arguments.Match("no"u8))
        {
            filter.IsSkipMe = false;
        }
        else
        {
            arguments.Fail(ErrorText.Syntax);
        }
    }

    private static bool TryReadType(CommandContext context, int index, out ClientKind kind)
    {
        ReadOnlySpan<byte> name = context[index];
        kind = ClientKind.Normal;
        if (Ascii.EqualsIgnoreCase(name, "normal"u8))
        {
            return true;
        }
        if (Ascii.EqualsIgnoreCase(name, "pubsub"u8))
        {
            kind = ClientKind.PubSub;
            return true;
        }
        if (Ascii.EqualsIgnoreCase(name, "replica"u8) || Ascii.EqualsIgnoreCase(name, "slave"u8))
        {
            kind = ClientKind.Replica;
            return true;
        }
        if (Ascii.EqualsIgnoreCase(name, "master"u8))
        {
            kind = ClientKind.Primary;
            return true;
        }
        ErrorText.UnknownClientType(context.Reply, name);
        return false;
    }

    private void AnswerAll(ReplyWriter reply, ClientKind? kind)
    {
        long nowMs = clock.MonotonicUs / 1000;
        var line = new LineBuilder(stackalloc byte[ClientText.UsualSize]);
        (int Whole, int Header) mark = reply.BeginVerbatim();
        foreach (Session session in sessions.All)
        {
            if (kind is null || kind == KindOf(session))
            {
                Answer(reply, ref line, session, nowMs);
            }
        }
        reply.EndVerbatim(mark, "txt"u8);
        line.Dispose();
    }

    private void AnswerIds(CommandContext context)
    {
        for (int i = 3; i < context.Count; i++)
        {
            if (!Integers.TryParse(context[i], out long _))
            {
                context.Reply.Error(ErrorText.InvalidClientId);
                return;
            }
        }
        long nowMs = clock.MonotonicUs / 1000;
        var line = new LineBuilder(stackalloc byte[ClientText.UsualSize]);
        (int Whole, int Header) mark = context.Reply.BeginVerbatim();
        for (int i = 3; i < context.Count; i++)
        {
            if (Integers.TryParse(context[i], out long id) && sessions.Find(id) is { } session)
            {
                Answer(context.Reply, ref line, session, nowMs);
            }
        }
        context.Reply.EndVerbatim(mark, "txt"u8);
        line.Dispose();
    }

    private void Answer(ReplyWriter reply, ref LineBuilder line, Session session, long nowMs)
    {
        line.Clear();
        parts.Text.Append(ref line, session, nowMs);
        line.Append((byte)'\n');
        reply.Raw(line.Written);
    }

    /// <summary>A monitor counts as a normal client.</summary>
    private static ClientKind KindOf(Session session) => session.Has(SessionFlags.Replica) ? ClientKind.Replica
        : session.Has(SessionFlags.Primary) ? ClientKind.Primary
        : session.IsSubscriber ? ClientKind.PubSub
        : ClientKind.Normal;

    /// <summary>The types of clients.</summary>
    private enum ClientKind
    {
        Normal,
        PubSub,
        Replica,
        Primary,
    }

    /// <summary>An address may be given but empty; it is then no client's.</summary>
    private ref struct KillFilter
    {
        private bool _hasPeer;
        private bool _hasLocal;
        private ReadOnlySpan<byte> _peer;
        private ReadOnlySpan<byte> _local;

        public long Id { get; set; }

        public long AgeMinSeconds { get; set; }

        public ClientKind? Kind { get; set; }

        public User? User { get; set; }

        public bool IsSkipMe { get; set; }

        public void TakePeer(ReadOnlySpan<byte> address)
        {
            _hasPeer = true;
            _peer = address;
        }

        public void TakeLocal(ReadOnlySpan<byte> address)
        {
            _hasLocal = true;
            _local = address;
        }

        public readonly bool Matches(Session session, Session self, long nowMs) =>
            (Kind is null || Kind == KindOf(session))
            && (Id == 0 || session.Id == Id)
            && (!_hasPeer || IsPeer(session.Link))
            && (!_hasLocal || IsLocal(session.Link))
            && !(IsSkipMe && session == self)
            && (AgeMinSeconds == 0 || (nowMs - session.Activity.ConnectedAtMs) / 1000 >= AgeMinSeconds);

        private readonly bool IsPeer(ILink link)
        {
            Span<byte> address = stackalloc byte[ILink.AddressSizeMax];
            return _peer.SequenceEqual(address[..link.FormatPeerAddress(address)]);
        }

        private readonly bool IsLocal(ILink link)
        {
            Span<byte> address = stackalloc byte[ILink.AddressSizeMax];
            return _local.SequenceEqual(address[..link.FormatLocalAddress(address)]);
        }
    }
}
