using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Structures.Text;
using Bixbite.Types;
using Bixbite.Types.SortedSets;

namespace Bixbite.Commands.SortedSets;

/// <summary>Where a member stands: ZRANK, ZREVRANK.</summary>
public sealed class ZRank
{
    [Command(
        "zrank", Group = "sorted_set", Since = "2.0.0", Arity = -3,
        Flags = "readonly fast", Keys = "ro access; 1",
        History = "7.2.0 Added the optional `WITHSCORE` argument.",
        Complexity = "O(log(N)) with N the size of the sorted set",
        Summary = "Returns how many members of a sorted set come before a member.",
        Syntax = "key member [WITHSCORE]")]
    public void Run(CommandContext context) => Answer(context, isReversed: false);

    [Command(
        "zrevrank", Group = "sorted_set", Since = "2.0.0", Arity = -3,
        Flags = "readonly fast", Keys = "ro access; 1",
        History = "7.2.0 Added the optional `WITHSCORE` argument.",
        Complexity = "O(log(N)) with N the size of the sorted set",
        Summary = "Returns how many members of a sorted set come behind a member.",
        Syntax = "key member [WITHSCORE]")]
    public void ZRevRank(CommandContext context) => Answer(context, isReversed: true);

    private static void Answer(CommandContext context, bool isReversed)
    {
        if (context.Count > 4)
        {
            ErrorText.WrongArity(context.Reply, context.Command.FullName);
            return;
        }
        bool withScore = context.Count == 4;
        if (withScore && !Ascii.EqualsIgnoreCase(context[3], "withscore"u8))
        {
            context.Reply.Error(ErrorText.Syntax);
            return;
        }
        KeyRef at = context.KeyToRead(1);
        if (!context.IsWrongType(at, KeyType.SortedSet))
        {
            Answer(context, at, isReversed, withScore);
        }
    }

    private static void Answer(CommandContext context, in KeyRef at, bool isReversed, bool withScore)
    {
        if (at.Exists)
        {
            var set = new SortedSetValue(context.Database.Open(at));
            if (set.TryRankOf(context[2], out long rank, out double score))
            {
                if (withScore)
                {
                    context.Reply.Array(2);
                }
                context.Reply.Integer(isReversed ? set.Count - 1 - rank : rank);
                if (withScore)
                {
                    context.Reply.Double(score);
                }
                return;
            }
        }
        if (withScore)
        {
            context.Reply.NullArray();
        }
        else
        {
            context.Reply.Null();
        }
    }
}
