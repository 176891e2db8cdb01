using Bixbite.Commands.Strings.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Propagation;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Types;

namespace Bixbite.Commands.Strings;

/// <summary>Storing several strings in one step: MSET, MSETNX, MSETEX.</summary>
public sealed class MSet
{
    [Command(
        "mset", Group = "string", Since = "1.0.1", Arity = -3,
        Flags = "write denyoom", Keys = "ow update; 1..-1 step 2",
        Tips = "request_policy:multi_shard response_policy:all_succeeded",
        Complexity = "O(N) with N the number of keys",
        Summary = "Stores strings at several keys in one step.",
        Syntax = "(data: key value) ...")]
    public void Run(CommandContext context)
    {
        if (context.Count % 2 == 0)
        {
            ErrorText.WrongArity(context.Reply, "mset"u8);
            return;
        }
        Store(context, first: 1, context.Count, Deadline.None);
        context.Reply.Ok();
    }

    [Command(
        "msetnx", Group = "string", Since = "1.0.1", Arity = -3,
        Flags = "write denyoom", Keys = "ow insert; 1..-1 step 2",
        Complexity = "O(N) with N the number of keys",
        Summary = "Stores strings at several keys if none of them exists.",
        Syntax = "(data: key value) ...")]
    public void MSetNx(CommandContext context)
    {
        if (context.Count % 2 == 0)
        {
            ErrorText.WrongArity(context.Reply, "msetnx"u8);
            return;
        }
        bool isAllMissing = ExistingCount(context, 1, context.Count) == 0;
        if (isAllMissing)
        {
            Store(context, first: 1, context.Count, Deadline.None);
        }
        context.Reply.Integer(isAllMissing ? 1 : 0);
    }

    [Command(
        "msetex", Group = "string", Since = "8.4.0", Arity = -4,
        Flags = "write denyoom", Keys = "ow update; numkeys 1 step 2",
        Complexity = "O(N) with N the number of keys",
        Summary = "Stores strings at several keys with one expiration, if a condition holds for all.",
        Syntax = "numkeys (data: key value) ... [condition: NX | XX] [expiration: EX seconds | PX milliseconds | EXAT "
            + "unix-time-seconds | PXAT unix-time-milliseconds | KEEPTTL]")]
    public void MSetEx(CommandContext context)
    {
        var arguments = new ArgumentReader(context, 1);
        long pairCount = arguments.Integer(1, int.MaxValue, ErrorText.InvalidNumKeys);
        long end = 2 + (pairCount * 2);
        if (!arguments.HasFailed && end > context.Count)
        {
            arguments.Fail(ErrorText.WrongNumberOfKeyValuePairs);
        }
        if (arguments.AnswerFailure())
        {
            return;
        }
        var options = new ArgumentReader(context, (int)end);
        var expiration = default(Expiration);
        var condition = default(Condition);
        while (!options.IsAtEnd)
        {
            if (!condition.TryReadExistence(ref options)
                && !expiration.TryReadKeepTtl(ref options)
                && !expiration.TryReadTime(ref options))
            {
                options.Fail(ErrorText.Syntax);
            }
        }
        if (options.AnswerFailure() || !expiration.TryResolve(context, "msetex"u8, out long deadlineMs))
        {
            return;
        }

        int existing = condition.Kind == ConditionKind.None ? 0 : ExistingCount(context, 2, (int)end);
        bool isMet = condition.Kind switch
        {
            ConditionKind.Missing => existing == 0,
            ConditionKind.Existing => existing == pairCount,
            _ => true,
        };
        if (isMet)
        {
            Store(context, first: 2, (int)end, deadlineMs);
            Repeat(context, (int)end, deadlineMs);
        }
        context.Reply.Integer(isMet ? 1 : 0);
    }

    private static int ExistingCount(CommandContext context, int first, int end)
    {
        int count = 0;
        for (int i = first; i < end; i += 2)
        {
            count += context.KeyToWrite(i).Exists ? 1 : 0;
        }
        return count;
    }

    private static void Store(CommandContext context, int first, int end, long deadlineMs)
    {
        for (int i = first; i < end; i += 2)
        {
            ReadOnlySpan<byte> key = context[i];
            KeyRef at = context.KeyToWrite(i);
            context.Database.Put(ref at, key, context.Text(i + 1), deadlineMs);
            context.Changed(key, KeyEventClass.String, "set"u8);
            if (deadlineMs is not (Deadline.None or Deadline.Keep))
            {
                context.Changed(key, KeyEventClass.Generic, "expire"u8, count: 0);
            }
        }
    }

    /// <summary>The condition was met: what is left to repeat every server knows.</summary>
    private static void Repeat(CommandContext context, int end, long deadlineMs)
    {
        Effects effects = context.Effects;
        if (deadlineMs == Deadline.None)
        {
            effects.Begin(end - 1);
            effects.Add("MSET"u8);
            for (int i = 2; i < end; i++)
            {
                effects.Add(context.Arguments[i]);
            }
            return;
        }
        for (int i = 2; i < end; i += 2)
        {
            effects.Begin(deadlineMs == Deadline.Keep ? 4 : 5);
            effects.Add("SET"u8);
            effects.Add(context[i]);
            effects.Add(context.Arguments[i + 1]);
            if (deadlineMs == Deadline.Keep)
            {
                effects.Add("KEEPTTL"u8);
                continue;
            }
            effects.Add("PXAT"u8);
            effects.Add(deadlineMs);
        }
    }
}
