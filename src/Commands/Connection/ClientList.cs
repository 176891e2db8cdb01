using System.Buffers;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Sessions;
using Bixbite.Platform;
using Bixbite.Protocol;
using Bixbite.Structures.Text;

namespace Bixbite.Commands.Connection;

/// <summary>CLIENT LIST and CLIENT KILL: one client about others.</summary>
public sealed class ClientList(SessionTable sessions, IClock clock)
{
    private readonly ArrayBufferWriter<byte> _text = new();

    [Command(
        "client|list", Group = "connection", Since = "2.4.0", Arity = -2,
        Flags = "admin noscript loading stale", Tips = "nondeterministic_output",
        Complexity = "O(N) with N the number of connections",
        Summary = "Returns a line for each connection.",
        Syntax = "[TYPE (client-type: NORMAL | MASTER | REPLICA | PUBSUB)] [ID client-id:integer ...]")]
    public void List(CommandContext context)
    {
        _text.ResetWrittenCount();
        if (context.Count == 4 && Ascii.EqualsIgnoreCase(context[2], "type"u8))
        {
            if (!TryReadType(context, 3, out ClientKind kind))
            {
                return;
            }
            AppendAll(kind);
        }
        else if (context.Count > 3 && Ascii.EqualsIgnoreCase(context[2], "id"u8))
        {
            for (int i = 3; i < context.Count; i++)
            {
                if (!Integers.TryParse(context[i], out long id))
                {
                    context.Reply.Error(ErrorText.InvalidClientId);
                    return;
                }
                if (sessions.Find(id) is { } session)
                {
                    AppendLine(session);
                }
            }
        }
        else if (context.Count == 2)
        {
            AppendAll(null);
        }
        else
        {
            context.Reply.Error(ErrorText.Syntax);
            return;
        }
        context.Reply.Verbatim(_text.WrittenSpan, "txt"u8);
    }

    [Command(
        "client|kill", Group = "connection", Since = "2.4.0", Arity = -3,
        Flags = "admin noscript loading stale",
        Complexity = "O(N) with N the number of connections",
        Summary = "Closes connections.",
        Syntax = "(filter: old-format | [new-format: ID client-id:integer | TYPE (client-type: NORMAL | MASTER | SLAVE "
            + "| REPLICA | PUBSUB) | USER username | ADDR addr | LADDR laddr | SKIPME (skipme: YES | NO) | MAXAGE "
            + "maxage:integer] ...)")]
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

        var victims = new List<Session>();
        foreach (Session session in sessions.All)
        {
            if (filter.Matches(session, context.Session, clock.MonotonicUs / 1000))
            {
                victims.Add(session);
            }
        }
        foreach (Session victim in victims)
        {
            Close(victim, context.Session);
        }
        if (!isOldForm)
        {
            context.Reply.Integer(victims.Count);
        }
        else if (victims.Count == 0)
        {
            context.Reply.Error(ErrorText.NoSuchClient);
        }
        else
        {
            context.Reply.Ok();
        }
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

    private static bool TryReadFilter(CommandContext context, ref KillFilter filter)
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
                ReadOnlySpan<byte> user = arguments.Next();
                if (!user.SequenceEqual("default"u8))
                {
                    ErrorText.NoSuchUser(context.Reply, user);
                    return false;
                }
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
        if (Ascii.EqualsIgnoreCase(name, "master"u8) || Ascii.EqualsIgnoreCase(name, "replica"u8)
            || Ascii.EqualsIgnoreCase(name, "slave"u8))
        {
            kind = ClientKind.Other;
            return true;
        }
        ErrorText.UnknownClientType(context.Reply, name);
        return false;
    }

    private void AppendAll(ClientKind? kind)
    {
        foreach (Session session in sessions.All)
        {
            if (kind is null || kind == KindOf(session))
            {
                AppendLine(session);
            }
        }
    }

    private void AppendLine(Session session)
    {
        ClientText.Append(_text, session, clock.MonotonicUs / 1000);
        _text.Write("\n"u8);
    }

    private static ClientKind KindOf(Session session) => session.IsSubscriber ? ClientKind.PubSub : ClientKind.Normal;

    /// <summary>The types of clients that exist: there are no replicas yet.</summary>
    private enum ClientKind
    {
        Normal,
        PubSub,
        Other,
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
            && (!_hasPeer || IsText(session.Link.PeerAddress, _peer))
            && (!_hasLocal || IsText(session.Link.LocalAddress, _local))
            && !(IsSkipMe && session == self)
            && (AgeMinSeconds == 0 || (nowMs - session.Activity.ConnectedAtMs) / 1000 >= AgeMinSeconds);

        private static bool IsText(string text, ReadOnlySpan<byte> bytes) =>
            System.Text.Encoding.UTF8.GetBytes(text).AsSpan().SequenceEqual(bytes);
    }
}
