using Bixbite.Engine.Execution;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Sessions;
using Bixbite.Protocol;
using Bixbite.Structures.Text;

namespace Bixbite.Commands.Connection.Shared;

/// <summary>
/// The parsed options of HELLO, which outlive its request. As in Redis AUTH is in force where it stands: what is wrong after it is answered
/// when the client has logged in.
/// </summary>
internal sealed class HelloOptions
{
    private readonly int _version;
    private readonly ServerRole _role;
    private byte[]? _name;
    private byte[]? _unknown;
    private bool _isNameBad;

    /// <param name="context">The request.</param>
    /// <param name="version">The protocol version that is asked for; 0 for none.</param>
    /// <param name="role">Told to the client.</param>
    public HelloOptions(CommandContext context, int version, ServerRole role)
    {
        _version = version;
        _role = role;
        for (int i = 2; i < context.Count && !HasFailed; i++)
        {
            int left = context.Count - 1 - i;
            if (left >= 2 && Ascii.EqualsIgnoreCase(context[i], "auth"u8))
            {
                UserPosition = i + 1;
                i += 2;
            }
            else if (left >= 1 && Ascii.EqualsIgnoreCase(context[i], "setname"u8))
            {
                _name = context[++i].ToArray();
                _isNameBad = !Client.IsPrintable(_name);
            }
            else
            {
                _unknown = context[i].ToArray();
            }
            IsFailedBefore = HasFailed && UserPosition == 0;
        }
    }

    /// <summary>The argument with the user's name, of the last AUTH if there are several; 0 where the client does not log in.</summary>
    public int UserPosition { get; }

    /// <summary>The mistake stands before AUTH, or there is no AUTH.</summary>
    public bool IsFailedBefore { get; }

    private bool HasFailed => _isNameBad || _unknown is not null;

    /// <summary>
    /// Keeps passwords out of what others see of the request, whatever is wrong with it: what stands after the word AUTH may be one.
    /// </summary>
    public static void RedactPasswords(CommandContext context)
    {
        for (int i = 1; i < context.Count; i++)
        {
            if (Ascii.EqualsIgnoreCase(context[i], "auth"u8))
            {
                context.Redact(i + 1);
                context.Redact(i + 2);
            }
        }
    }

    /// <summary>Does what the options ask for, and answers.</summary>
    public void Apply(Session session, ReplyWriter reply)
    {
        if (_isNameBad)
        {
            reply.Error(ErrorText.ClientName);
            return;
        }
        if (_unknown is not null)
        {
            ErrorText.HelloSyntax(reply, _unknown);
            return;
        }
        if (!session.IsAuthenticated)
        {
            reply.Error(ErrorText.NoAuthHello);
            return;
        }
        session.Identity.Name = _name ?? session.Identity.Name;
        session.ProtocolVersion = _version == 0 ? session.ProtocolVersion : _version;
        Describe(reply, session, _role);
    }

    private static void Describe(ReplyWriter reply, Session session, ServerRole role)
    {
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
        reply.Bulk(session.Database.HasSlots ? "cluster"u8 : "standalone"u8);
        reply.Bulk("role"u8);
        reply.Bulk(role.IsReplica ? "replica"u8 : "master"u8);
        reply.Bulk("modules"u8);
        reply.Array(0);
    }
}
