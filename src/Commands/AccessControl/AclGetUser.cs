using System.Buffers;
using System.Text;
using Bixbite.AccessControl.Rules;
using Bixbite.AccessControl.Users;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Protocol;

namespace Bixbite.Commands.AccessControl;

/// <summary>ACL GETUSER: the rules of one user, by their kinds.</summary>
public sealed class AclGetUser(UserTable users)
{
    private readonly ArrayBufferWriter<byte> _text = new();

    [Command(
        "acl|getuser", Group = "server", Since = "6.0.0", Arity = 3,
        Flags = "admin noscript loading stale",
        History = "6.2.0 Added Pub/Sub channel patterns. | "
            + "7.0.0 Added selectors and changed the format of key and channel patterns from a list to their rule representation.",
        Complexity = "O(N) with N the number of rules",
        Summary = "The rules of a user.",
        Syntax = "username")]
    public void GetUser(CommandContext context)
    {
        context.Redact(2);
        if (!users.TryFind(context[2], out User? user))
        {
            context.Reply.Null();
            return;
        }
        ReplyWriter reply = context.Reply;
        UserRules rules = user.Rules;
        Selector own = rules.Selectors[0];
        reply.Map(3 + FieldCount(own));
        reply.Bulk("flags"u8);
        string[] flags = [.. rules.FlagWords];
        reply.Set(flags.Length);
        foreach (string flag in flags)
        {
            reply.Bulk(Encoding.ASCII.GetBytes(flag));
        }
        reply.Bulk("passwords"u8);
        reply.Array(rules.Passwords.Count);
        foreach (PasswordHash password in rules.Passwords)
        {
            reply.Bulk(password.Hex);
        }
        AnswerSelector(reply, own);
        reply.Bulk("selectors"u8);
        reply.Array(rules.Selectors.Count - 1);
        foreach (Selector selector in rules.Selectors.Skip(1))
        {
            reply.Map(FieldCount(selector));
            AnswerSelector(reply, selector);
        }
    }

    /// <summary>Databases are told where they are limited; Redis knows no such rules.</summary>
    private static int FieldCount(Selector selector) => selector.HasAllDatabases ? 3 : 4;

    private void AnswerSelector(ReplyWriter reply, Selector selector)
    {
        Answer(reply, "commands"u8, text => selector.AppendCommands(text, isNested: false));
        Answer(reply, "keys"u8, text => selector.AppendKeys(text, isNested: false));
        Answer(reply, "channels"u8, text => selector.AppendChannels(text, isNested: false));
        if (!selector.HasAllDatabases)
        {
            Answer(reply, "databases"u8, selector.AppendDatabases);
        }
    }

    private void Answer(ReplyWriter reply, ReadOnlySpan<byte> name, Action<IBufferWriter<byte>> append)
    {
        _text.ResetWrittenCount();
        append(_text);
        reply.Bulk(name);
        reply.Bulk(_text.WrittenSpan);
    }
}
