using Bixbite.Commands.Strings.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Types;

namespace Bixbite.Commands.Strings;

/// <summary>Reading a string and changing when it expires: GETEX.</summary>
public sealed class GetEx
{
    [Command(
        "getex", Group = "string", Since = "6.2.0", Arity = -2,
        Flags = "write fast",
        Keys = "rw access update; 1 -- RW and UPDATE because it changes the TTL",
        Complexity = "O(1)",
        Summary = "Returns the string stored at a key and changes when it expires.",
        Syntax = "key [expiration: EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds "
            + "| PERSIST]")]
    public void Run(CommandContext context)
    {
        var arguments = new ArgumentReader(context, 2);
        var expiration = default(Expiration);
        while (!arguments.IsAtEnd)
        {
            if (!expiration.TryReadPersist(ref arguments) && !expiration.TryReadTime(ref arguments))
            {
                arguments.Fail(ErrorText.Syntax);
            }
        }
        if (arguments.AnswerFailure())
        {
            return;
        }
        KeyRef at = context.KeyToRead(1);
        if (!at.Exists)
        {
            context.Reply.Null();
            return;
        }
        if (context.IsWrongType(at, KeyType.String) || !expiration.TryResolve(context, "getex"u8, out long deadlineMs))
        {
            return;
        }
        Get.Answer(context, at);
        Apply(context, ref at, expiration, deadlineMs);
    }

    private static void Apply(CommandContext context, ref KeyRef at, in Expiration expiration, long deadlineMs)
    {
        if (expiration.IsAbsolute && context.HasPassed(deadlineMs))
        {
            context.Database.Remove(ref at);
            context.Changed(context[1], KeyEventClass.Generic, "del"u8);
            context.Effects.Write("DEL"u8, context[1]);
        }
        else if (expiration.IsTime)
        {
            context.Database.SetDeadline(ref at, deadlineMs);
            context.Changed(context[1], KeyEventClass.Generic, "expire"u8);
            context.Effects.Write("PEXPIREAT"u8, context[1], deadlineMs);
        }
        else if (expiration.Kind == ExpirationKind.Persist && at.Record.HasDeadline)
        {
            context.Database.SetDeadline(ref at, Deadline.None);
            context.Changed(context[1], KeyEventClass.Generic, "persist"u8);
            context.Effects.Write("PERSIST"u8, context[1]);
        }
    }
}
