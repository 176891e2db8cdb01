using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Types;
using Bixbite.Types.SortedSets;

namespace Bixbite.Commands.SortedSets;

/// <summary>Scores of members: ZSCORE, ZMSCORE.</summary>
public sealed class ZScore
{
    [Command(
        "zscore", Group = "sorted_set", Since = "1.2.0", Arity = 3,
        Flags = "readonly fast", Keys = "ro access; 1",
        Complexity = "O(1)",
        Summary = "Returns the score of a member of a sorted set.",
        Syntax = "key member")]
    public void Run(CommandContext context)
    {
        KeyRef at = context.KeyToRead(1);
        if (!context.IsWrongType(at, KeyType.SortedSet))
        {
            Answer(context, at, context[2]);
        }
    }

    [Command(
        "zmscore", Group = "sorted_set", Since = "6.2.0", Arity = -3,
        Flags = "readonly fast", Keys = "ro access; 1",
        Complexity = "O(N) with N the number of members asked for",
        Summary = "Returns the scores of several members of a sorted set.",
        Syntax = "key member ...")]
    public void ZMScore(CommandContext context)
    {
        KeyRef at = context.KeyToRead(1);
        if (context.IsWrongType(at, KeyType.SortedSet))
        {
            return;
        }
        context.Reply.Array(context.Count - 2);
        for (int i = 2; i < context.Count; i++)
        {
            Answer(context, at, context[i]);
        }
    }

    private static void Answer(CommandContext context, in KeyRef at, ReadOnlySpan<byte> member)
    {
        if (at.Exists && new SortedSetValue(context.Database.Open(at)).TryScoreOf(member, out double score))
        {
            context.Reply.Double(score);
        }
        else
        {
            context.Reply.Null();
        }
    }
}
