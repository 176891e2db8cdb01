using Bixbite.Commands.SortedSets.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Types;
using Bixbite.Types.SortedSets;

namespace Bixbite.Commands.SortedSets;

/// <summary>Counting elements: ZCARD, ZCOUNT, ZLEXCOUNT.</summary>
public sealed class ZCard
{
    [Command(
        "zcard", Group = "sorted_set", Since = "1.2.0", Arity = 2,
        Flags = "readonly fast", Keys = "ro; 1",
        Complexity = "O(1)",
        Summary = "Returns the number of members of a sorted set.",
        Syntax = "key")]
    public void Run(CommandContext context)
    {
        KeyRef at = context.KeyToRead(1);
        if (!context.IsWrongType(at, KeyType.SortedSet))
        {
            context.Reply.Integer(at.Exists ? new SortedSetValue(context.Database.Open(at)).Count : 0);
        }
    }

    [Command(
        "zcount", Group = "sorted_set", Since = "2.0.0", Arity = 4,
        Flags = "readonly fast", Keys = "ro access; 1",
        Complexity = "O(log(N)) with N the size of the sorted set",
        Summary = "Counts the members of a sorted set whose scores lie in a range.",
        Syntax = "key min:double max:double")]
    public void ZCount(CommandContext context)
    {
        if (!RangeArguments.TryReadScores(context.Reply, context[2], context[3], out ScoreRange range))
        {
            return;
        }
        KeyRef at = context.KeyToRead(1);
        if (!context.IsWrongType(at, KeyType.SortedSet))
        {
            context.Reply.Integer(at.Exists ? new SortedSetValue(context.Database.Open(at)).RangeOf(range).Count : 0);
        }
    }

    [Command(
        "zlexcount", Group = "sorted_set", Since = "2.8.9", Arity = 4,
        Flags = "readonly fast", Keys = "ro access; 1",
        Complexity = "O(log(N)) with N the size of the sorted set",
        Summary = "Counts the members of a sorted set that lie in a range, if all scores are equal.",
        Syntax = "key min max")]
    public void ZLexCount(CommandContext context)
    {
        if (!RangeArguments.TryReadMembers(context.Reply, context[2], context[3], out LexRange range))
        {
            return;
        }
        KeyRef at = context.KeyToRead(1);
        if (!context.IsWrongType(at, KeyType.SortedSet))
        {
            context.Reply.Integer(at.Exists ? new SortedSetValue(context.Database.Open(at)).RangeOf(range).Count : 0);
        }
    }
}
