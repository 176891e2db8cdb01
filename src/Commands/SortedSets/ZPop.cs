using Bixbite.Commands.SortedSets.Shared;
using Bixbite.Engine.Blocking;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Types;

namespace Bixbite.Commands.SortedSets;

/// <summary>Taking elements off either end: ZPOPMIN, ZPOPMAX, and those that wait for one, BZPOPMIN and BZPOPMAX.</summary>
public sealed class ZPop(KeyWaits waits)
{
    [Command(
        "zpopmin", Group = "sorted_set", Since = "5.0.0", Arity = -2,
        Flags = "write fast", Keys = "rw access delete; 1",
        Complexity = "O(log(N)+M) with N the size of the sorted set and M the number of members removed",
        Summary = "Removes and returns the members of a sorted set that have the lowest scores; an empty sorted set is deleted.",
        Syntax = "key [count]")]
    public void ZPopMin(CommandContext context) => PopSome(context, isMax: false);

    [Command(
        "zpopmax", Group = "sorted_set", Since = "5.0.0", Arity = -2,
        Flags = "write fast", Keys = "rw access delete; 1",
        Complexity = "O(log(N)+M) with N the size of the sorted set and M the number of members removed",
        Summary = "Removes and returns the members of a sorted set that have the highest scores; an empty sorted set is deleted.",
        Syntax = "key [count]")]
    public void ZPopMax(CommandContext context) => PopSome(context, isMax: true);

    [Command(
        "bzpopmin", Group = "sorted_set", Since = "5.0.0", Arity = -3,
        Flags = "write fast blocking", Keys = "rw access delete; 1..-2",
        History = "6.0.0 `timeout` is interpreted as a double instead of an integer.",
        Complexity = "O(log(N)) with N the size of the sorted set",
        Summary = "Removes and returns the member with the lowest score of the first sorted set that is not empty, or waits for one.",
        Syntax = "key ... timeout:double")]
    public void BZPopMin(CommandContext context) => PopOrWait(context, isMax: false);

    [Command(
        "bzpopmax", Group = "sorted_set", Since = "5.0.0", Arity = -3,
        Flags = "write fast blocking", Keys = "rw access delete; 1..-2",
        History = "6.0.0 `timeout` is interpreted as a double instead of an integer.",
        Complexity = "O(log(N)) with N the size of the sorted set",
        Summary = "Removes and returns the member with the highest score of the first sorted set that is not empty, or waits for one.",
        Syntax = "key ... timeout:double")]
    public void BZPopMax(CommandContext context) => PopOrWait(context, isMax: true);

    private static void PopSome(CommandContext context, bool isMax)
    {
        if (context.Count > 3)
        {
            context.Reply.Error(ErrorText.Syntax);
            return;
        }
        long count = 1;
        bool hasCount = context.Count == 3;
        if (hasCount)
        {
            var arguments = new ArgumentReader(context, 2);
            count = arguments.Integer(0, long.MaxValue, ErrorText.MustBePositive);
            if (arguments.AnswerFailure())
            {
                return;
            }
        }
        KeyRef at = context.KeyToWrite(1);
        if (context.IsWrongType(at, KeyType.SortedSet))
        {
            return;
        }
        if (!at.Exists || count == 0)
        {
            context.Reply.Array(0);
            return;
        }
        new Pop(isMax, count, hasCount ? PopReply.Pairs : PopReply.Flat).Take(context, ref at, context[1]);
    }

    private void PopOrWait(CommandContext context, bool isMax)
    {
        int keyCount = context.Count - 2;
        if (!TimeoutArgument.TryRead(context, context.Count - 1, TimeoutUnit.Seconds, out long timeoutMs))
        {
            return;
        }
        for (int i = 1; i <= keyCount; i++)
        {
            KeyRef at = context.KeyToWrite(i);
            if (context.IsWrongType(at, KeyType.SortedSet))
            {
                return;
            }
            if (at.Exists)
            {
                new Pop(isMax, 1, PopReply.KeyFlat).Take(context, ref at, context[i]);
                return;
            }
        }
        waits.Block(context, new WaitedKeys(KeyType.SortedSet, FirstKey: 1, keyCount), timeoutMs);
    }
}
