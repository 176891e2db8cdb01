using Bixbite.AccessControl.Authenticating;
using Bixbite.Commands.Connection.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Sessions;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Structures.Text;

namespace Bixbite.Commands.Connection;

/// <summary>Who the client is and which protocol it speaks: AUTH, HELLO, RESET.</summary>
public sealed class Auth(Authentication authentication, Databases databases, SessionParts parts, ServerRole role)
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
        for (int i = 1; i < context.Count; i++)
        {
            context.Redact(i);
        }
        if (context.Count > 3)
        {
            context.Reply.Error(ErrorText.Syntax);
            return;
        }
        if (context.Count == 2 && authentication.HasDefaultNoPassword)
        {
            context.Reply.Error(ErrorText.NoPasswordSet);
            return;
        }
        ReadOnlySpan<byte> user = context.Count == 3 ? context[1] : "default"u8;
        authentication.Begin(context, new AuthAttempt(context, user, context[context.Count - 1]));
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
        HelloOptions.RedactPasswords(context);
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
        var options = new HelloOptions(context, (int)version, role);
        if (options.UserPosition > 0 && !options.IsFailedBefore)
        {
            int user = options.UserPosition;
            authentication.Begin(context, new AuthAttempt(context, context[user], context[user + 1], options));
            return;
        }
        options.Apply(context.Session, context.Reply);
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
}
