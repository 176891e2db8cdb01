using Bixbite.Commands.SortedSets.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Types;
using Bixbite.Types.SortedSets;

namespace Bixbite.Commands.SortedSets;

/// <summary>Removing members: ZREM, and by ranges ZREMRANGEBYRANK, ZREMRANGEBYSCORE, ZREMRANGEBYLEX.</summary>
public sealed class ZRem
{
    [Command(
        "zrem", Group = "sorted_set", Since = "1.2.0", Arity = -3,
        Flags = "write fast", Keys = "rw delete; 1",
        History = "2.4.0 Accepts multiple elements.",
        Complexity = "O(log(N)) for each member, with N the size of the sorted set",
        Summary = "Removes members from a sorted set; an empty sorted set is deleted.",
        Syntax = "key member ...")]
    public void Run(CommandContext context)
    {
        KeyRef at = context.KeyToWrite(1);
        if (context.IsWrongType(at, KeyType.SortedSet))
        {
            return;
        }
        int removed = 0;
        if (at.Exists)
        {
            var set = new SortedSetValue(context.Database.Edit(at));
            for (int i = 2; i < context.Count && !set.IsEmpty; i++)
            {
                removed += set.Remove(context[i]) ? 1 : 0;
            }
            bool isEmpty = set.IsEmpty;
            if (isEmpty)
            {
                context.Database.Remove(ref at);
            }
            Notify(context, "zrem"u8, removed, isEmpty);
        }
        context.Reply.Integer(removed);
    }

    [Command(
        "zremrangebyrank", Group = "sorted_set", Since = "2.0.0", Arity = 4,
        Flags = "write", Keys = "rw delete; 1",
        Complexity = "O(log(N)+M) with N the size of the sorted set and M the number of members removed",
        Summary = "Removes the members of a sorted set whose ranks lie in a range.",
        Syntax = "key start:integer stop:integer")]
    public void ZRemRangeByRank(CommandContext context) => RemoveRange(context, RangeKind.Rank, "zremrangebyrank"u8);

    [Command(
        "zremrangebyscore", Group = "sorted_set", Since = "1.2.0", Arity = 4,
        Flags = "write", Keys = "rw delete; 1",
        Complexity = "O(log(N)+M) with N the size of the sorted set and M the number of members removed",
        Summary = "Removes the members of a sorted set whose scores lie in a range.",
        Syntax = "key min:double max:double")]
    public void ZRemRangeByScore(CommandContext context) => RemoveRange(context, RangeKind.Score, "zremrangebyscore"u8);

    [Command(
        "zremrangebylex", Group = "sorted_set", Since = "2.8.9", Arity = 4,
        Flags = "write", Keys = "rw delete; 1",
        Complexity = "O(log(N)+M) with N the size of the sorted set and M the number of members removed",
        Summary = "Removes the members of a sorted set that lie in a range, if all scores are equal.",
        Syntax = "key min max")]
    public void ZRemRangeByLex(CommandContext context) => RemoveRange(context, RangeKind.Lex, "zremrangebylex"u8);

    private static void RemoveRange(CommandContext context, RangeKind kind, ReadOnlySpan<byte> name)
    {
        var query = new RangeQuery { Kind = kind };
        if (!query.TryReadBounds(context, minIndex: 2, maxIndex: 3))
        {
            return;
        }
        KeyRef at = context.KeyToWrite(1);
        if (context.IsWrongType(at, KeyType.SortedSet))
        {
            return;
        }
        long removed = 0;
        if (at.Exists)
        {
            var set = new SortedSetValue(context.Database.Edit(at));
            RankRange range = query.RangeIn(set);
            removed = range.Count;
            bool isAll = removed == set.Count;
            if (isAll)
            {
                context.Database.Remove(ref at);
            }
            else
            {
                set.RemoveRange(range);
            }
            Notify(context, name, removed, isAll);
        }
        context.Reply.Integer(removed);
    }

    private static void Notify(CommandContext context, ReadOnlySpan<byte> name, long removed, bool isDeleted)
    {
        if (removed > 0)
        {
            context.Changed(context[1], KeyEventClass.SortedSet, name, removed);
        }
        if (isDeleted)
        {
            context.Changed(context[1], KeyEventClass.Generic, "del"u8, count: 0);
        }
    }
}
