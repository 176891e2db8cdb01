using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Sessions;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Structures.Text;

namespace Bixbite.Commands.Connection;

/// <summary>Who the client is and which protocol it speaks: AUTH, HELLO, RESET.</summary>
public sealed class Auth(Authentication authentication, Databases databases, SessionParts parts)
{
    [Command(
        "auth", Group = "connection", Since = "1.0.0", Arity = -2,
        Flags = "noscript loading stale fast no_auth allow_busy",
        History = "6.0.0 Added ACL style (username and password).",
        Complexity = "O(1)",
        Summary = "Gives the password.",
        Syntax = "[username@6.0.0] password")]
    public void Run(CommandContext context)
    {
        if (context.Count > 3)
        {
            context.Reply.Error(ErrorText.Syntax);
            return;
        }
        context.Redact(1);
        context.Redact(2);
        if (context.Count == 2 && !authentication.IsPasswordSet)
        {
            context.Reply.Error(ErrorText.NoPasswordSet);
            return;
        }
        ReadOnlySpan<byte> user = context.Count == 3 ? context[1] : "default"u8;
        if (authentication.TryAuthenticate(context.Session, user, context[context.Count - 1]))
        {
            context.Reply.Ok();
        }
        else
        {
            context.Reply.Error(ErrorText.WrongPassword);
        }
    }

    [Command(
        "hello", Group = "connection", Since = "6.0.0", Arity = -1,
        Flags = "noscript loading stale fast no_auth allow_busy",
        History = "6.2.0 `protover` made optional; when called without arguments the command reports the current connection's context.",
        Complexity = "O(1)",
        Summary = "Chooses the protocol version and introduces both sides.",
        Syntax = "[arguments: protover:integer [AUTH (auth: username password)] [SETNAME clientname]]")]
    public void Hello(CommandContext context)
    {
        long version = 0;
        if (context.Count > 1)
        {
            if (!Integers.TryParse(context[1], out version))
            {
                context.Reply.Error(ErrorText.ProtocolVersionNotAnInteger);
                return;
            }
            if (version is not (2 or 3))
            {
                context.Reply.Error(ErrorText.NoProto);
                return;
            }
        }
        if (!TryTakeOptions(context, out int namePosition))
        {
            return;
        }
        Session session = context.Session;
        if (!session.IsAuthenticated)
        {
            context.Reply.Error(ErrorText.NoAuthHello);
            return;
        }
        if (namePosition > 0)
        {
            session.Identity.Name = context[namePosition].ToArray();
        }
        if (version != 0)
        {
            session.ProtocolVersion = (int)version;
        }
        Describe(context, session);
    }

    [Command(
        "reset", Group = "connection", Since = "6.2.0", Arity = 1,
        Flags = "noscript loading stale fast no_auth allow_busy runs_in_multi allows_subscriber",
        Complexity = "O(1)",
        Summary = "Gives this connection the state of a new one.")]
    public void Reset(CommandContext context)
    {
        Session session = context.Session;
        parts.Reset(session);
        session.Set(SessionFlags.NoEvict | SessionFlags.NoTouch, false);
        session.ReplyMode = ReplyMode.On;
        session.ProtocolVersion = 2;
        session.Database = databases[0];
        session.Identity.Name = [];
        context.Reply.Version = 2;
        context.Reply.Simple("RESET"u8);
    }

    /// <summary>
    /// Takes the options in their order. As in Redis AUTH is in force where it stands, so an error in what follows it leaves the client
    /// authenticated.
    /// </summary>
    private bool TryTakeOptions(CommandContext context, out int namePosition)
    {
        namePosition = 0;
        for (int i = 2; i < context.Count; i++)
        {
            int left = context.Count - 1 - i;
            if (Ascii.EqualsIgnoreCase(context[i], "auth"u8) && left >= 2)
            {
                context.Redact(i + 1);
                context.Redact(i + 2);
                if (!authentication.TryAuthenticate(context.Session, context[i + 1], context[i + 2]))
                {
                    context.Reply.Error(ErrorText.WrongPassword);
                    return false;
                }
                i += 2;
            }
            else if (Ascii.EqualsIgnoreCase(context[i], "setname"u8) && left >= 1)
            {
                namePosition = ++i;
                if (!Client.IsPrintable(context[namePosition]))
                {
                    context.Reply.Error(ErrorText.ClientName);
                    return false;
                }
            }
            else
            {
                ErrorText.HelloSyntax(context.Reply, context[i]);
                return false;
            }
        }
        return true;
    }

    private static void Describe(CommandContext context, Session session)
    {
        ReplyWriter reply = context.Reply;
        reply.Version = session.ProtocolVersion;
        reply.Map(7);
        reply.Bulk("server"u8);
        reply.Bulk("redis"u8);
        reply.Bulk("version"u8);
        reply.Bulk(System.Text.Encoding.ASCII.GetBytes(ServerIdentity.RedisVersion));
        reply.Bulk("proto"u8);
        reply.Integer(session.ProtocolVersion);
        reply.Bulk("id"u8);
        reply.Integer(session.Id);
        reply.Bulk("mode"u8);
        reply.Bulk("standalone"u8);
        reply.Bulk("role"u8);
        reply.Bulk("master"u8);
        reply.Bulk("modules"u8);
        reply.Array(0);
    }
}
