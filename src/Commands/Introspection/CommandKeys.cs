using Bixbite.Commands.Introspection.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Protocol;

namespace Bixbite.Commands.Introspection;

/// <summary>COMMAND GETKEYS and GETKEYSANDFLAGS: the keys of a request that is given as arguments.</summary>
public sealed class CommandKeys(CommandTable table)
{
    private readonly List<KeyPosition> _found = [];

    [Command(
        "command|getkeys", Group = "server", Since = "2.8.13", Arity = -3,
        Flags = "loading stale", Categories = "connection",
        Complexity = "O(N) with N the number of arguments",
        Summary = "Returns the keys of a request.",
        Syntax = "command [arg ...]")]
    public void GetKeys(CommandContext context) => Answer(context, withFlags: false);

    [Command(
        "command|getkeysandflags", Group = "server", Since = "7.0.0", Arity = -3,
        Flags = "loading stale", Categories = "connection",
        Complexity = "O(N) with N the number of arguments",
        Summary = "Returns the keys of a request, and what it does to each.",
        Syntax = "command [arg ...]")]
    public void GetKeysAndFlags(CommandContext context) => Answer(context, withFlags: true);

    private void Answer(CommandContext context, bool withFlags)
    {
        ReplyWriter reply = context.Reply;
        ReadOnlySpan<Argument> request = context.Arguments[2..];
        Command? command = table.Find(request[0].Bytes, request.Length > 1 ? request[1].Bytes : default);
        if (command is null)
        {
            reply.Error(ErrorText.InvalidCommand);
        }
        else if (!command.Keys.HasKeys)
        {
            reply.Error(ErrorText.NoKeyArguments);
        }
        else if (!command.AcceptsCount(request.Length))
        {
            reply.Error(ErrorText.InvalidArgumentCount);
        }
        else if (!command.Keys.Find(request, _found) || _found.Count == 0)
        {
            AnswerNone(reply, command);
        }
        else
        {
            AnswerFound(reply, request, withFlags);
        }
    }

    private static void AnswerNone(ReplyWriter reply, Command command)
    {
        if (command.Has(CommandFlags.NoMandatoryKeys))
        {
            reply.Array(0);
        }
        else
        {
            reply.Error(ErrorText.InvalidArguments);
        }
    }

    private void AnswerFound(ReplyWriter reply, ReadOnlySpan<Argument> request, bool withFlags)
    {
        reply.Array(_found.Count);
        foreach (KeyPosition key in _found)
        {
            if (withFlags)
            {
                reply.Array(2);
            }
            reply.Bulk(request[key.Index].Bytes);
            if (withFlags)
            {
                CommandText.KeyFlags(reply, key.Flags);
            }
        }
    }
}
