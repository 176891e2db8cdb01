using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Types;
using Bixbite.Types.Strings;

namespace Bixbite.Commands.Strings;

/// <summary>Storing one string: SET and the older words for parts of it, SETNX, SETEX and PSETEX.</summary>
public sealed class Set
{
    [Command("set")]
    public void SetValue(CommandContext context)
    {
        if (context.Count == 3)
        {
            KeyRef plain = context.Write(1);
            Store(context, ref plain, context[2], Deadline.None);
            context.Reply.Ok();
            return;
        }
        SetWithOptions(context);
    }

    [Command("setnx")]
    public void SetNx(CommandContext context)
    {
        KeyRef at = context.Write(1);
        if (at.Exists)
        {
            context.Reply.Integer(0);
            return;
        }
        Store(context, ref at, context[2], Deadline.None);
        context.Reply.Integer(1);
    }

    [Command("setex")]
    public void SetEx(CommandContext context) => SetFor(context, "setex"u8, ExpirationKind.Seconds);

    [Command("psetex")]
    public void PSetEx(CommandContext context) => SetFor(context, "psetex"u8, ExpirationKind.Milliseconds);

    private static void SetFor(CommandContext context, ReadOnlySpan<byte> name, ExpirationKind kind)
    {
        if (!Expiration.At(kind, valueIndex: 2).TryResolve(context, name, out long deadlineMs))
        {
            return;
        }
        KeyRef at = context.Write(1);
        Store(context, ref at, context[3], deadlineMs);
        context.Reply.Ok();
    }

    private static void SetWithOptions(CommandContext context)
    {
        var arguments = new ArgumentReader(context, 3);
        var expiration = default(Expiration);
        var condition = default(Condition);
        bool isGet = false;
        while (!arguments.IsAtEnd)
        {
            if (arguments.Match("get"u8))
            {
                isGet = true;
            }
            else if (!condition.TryReadExistence(ref arguments)
                && !condition.TryReadComparison(ref arguments)
                && !expiration.TryReadKeepTtl(ref arguments)
                && !expiration.TryReadTime(ref arguments))
            {
                arguments.Fail(ErrorText.Syntax);
            }
        }
        if (arguments.AnswerFailure() || !expiration.TryResolve(context, "set"u8, out long deadlineMs))
        {
            return;
        }

        KeyRef at = context.Write(1);
        if ((isGet || condition.IsComparison) && !context.IsMissingOr(KeyType.String, at))
        {
            return;
        }
        if (isGet)
        {
            Get.Answer(context, at);
        }
        if (condition.HoldsFor(at))
        {
            Store(context, ref at, context[2], deadlineMs);
            if (!isGet)
            {
                context.Reply.Ok();
            }
        }
        else if (!isGet)
        {
            context.Reply.Null();
        }
    }

    private static void Store(CommandContext context, ref KeyRef at, ReadOnlySpan<byte> value, long deadlineMs)
    {
        ReadOnlySpan<byte> key = context[1];
        context.Database.Put(ref at, key, StringForm.Of(value), deadlineMs);
        context.Changed(key, KeyEventClass.String, "set"u8);
        if (deadlineMs is not (Deadline.None or Deadline.Keep))
        {
            context.Changed(key, KeyEventClass.Generic, "expire"u8);
        }
    }
}
