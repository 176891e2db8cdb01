using Bixbite.Commands.SortedSets.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Types;
using Bixbite.Types.SortedSets;

namespace Bixbite.Commands.SortedSets;

/// <summary>Reading ranges: ZRANGE, the six older words for its options, and ZRANGESTORE.</summary>
public sealed class ZRange
{
    [Command(
        "zrange", Group = "sorted_set", Since = "1.2.0", Arity = -4,
        Flags = "readonly", Keys = "ro access; 1",
        History = "6.2.0 Added the `REV`, `BYSCORE`, `BYLEX` and `LIMIT` options.",
        Complexity = "O(log(N)+M) with N the size of the sorted set and M the number of members returned",
        Summary = "Returns the members of a sorted set whose ranks, scores or names lie in a range.",
        Syntax = "key start:string stop:string [sortby@6.2.0: BYSCORE | BYLEX] [REV@6.2.0] [LIMIT (limit@6.2.0: offset count)] "
            + "[WITHSCORES]")]
    public void Run(CommandContext context) => Answer(context, RangeKind.Open, isReversed: false);

    [Command(
        "zrevrange", Group = "sorted_set", Since = "1.2.0", Arity = -4,
        Flags = "readonly", Keys = "ro access; 1",
        DeprecatedSince = "6.2.0", ReplacedBy = "`ZRANGE` with the `REV` argument",
        Complexity = "O(log(N)+M) with N the size of the sorted set and M the number of members returned",
        Summary = "Returns the members of a sorted set whose ranks from the end lie in a range, backwards.",
        Syntax = "key start:integer stop:integer [WITHSCORES]")]
    public void ZRevRange(CommandContext context) => Answer(context, RangeKind.Rank, isReversed: true);

    [Command(
        "zrangebyscore", Group = "sorted_set", Since = "1.0.5", Arity = -4,
        Flags = "readonly", Keys = "ro access; 1",
        DeprecatedSince = "6.2.0", ReplacedBy = "`ZRANGE` with the `BYSCORE` argument",
        History = "2.0.0 Added the `WITHSCORES` modifier.",
        Complexity = "O(log(N)+M) with N the size of the sorted set and M the number of members returned",
        Summary = "Returns the members of a sorted set whose scores lie in a range.",
        Syntax = "key min:double max:double [WITHSCORES@2.0.0] [LIMIT (limit: offset count)]")]
    public void ZRangeByScore(CommandContext context) => Answer(context, RangeKind.Score, isReversed: false);

    [Command(
        "zrevrangebyscore", Group = "sorted_set", Since = "2.2.0", Arity = -4,
        Flags = "readonly", Keys = "ro access; 1",
        DeprecatedSince = "6.2.0", ReplacedBy = "`ZRANGE` with the `REV` and `BYSCORE` arguments",
        History = "2.1.6 `min` and `max` can be exclusive.",
        Complexity = "O(log(N)+M) with N the size of the sorted set and M the number of members returned",
        Summary = "Returns the members of a sorted set whose scores lie in a range, backwards.",
        Syntax = "key max:double min:double [WITHSCORES] [LIMIT (limit: offset count)]")]
    public void ZRevRangeByScore(CommandContext context) => Answer(context, RangeKind.Score, isReversed: true);

    [Command(
        "zrangebylex", Group = "sorted_set", Since = "2.8.9", Arity = -4,
        Flags = "readonly", Keys = "ro access; 1",
        DeprecatedSince = "6.2.0", ReplacedBy = "`ZRANGE` with the `BYLEX` argument",
        Complexity = "O(log(N)+M) with N the size of the sorted set and M the number of members returned",
        Summary = "Returns the members of a sorted set that lie in a range, if all scores are equal.",
        Syntax = "key min max [LIMIT (limit: offset count)]")]
    public void ZRangeByLex(CommandContext context) => Answer(context, RangeKind.Lex, isReversed: false);

    [Command(
        "zrevrangebylex", Group = "sorted_set", Since = "2.8.9", Arity = -4,
        Flags = "readonly", Keys = "ro access; 1",
        DeprecatedSince = "6.2.0", ReplacedBy = "`ZRANGE` with the `REV` and `BYLEX` arguments",
        Complexity = "O(log(N)+M) with N the size of the sorted set and M the number of members returned",
        Summary = "Returns the members of a sorted set that lie in a range, if all scores are equal, backwards.",
        Syntax = "key max min [LIMIT (limit: offset count)]")]
    public void ZRevRangeByLex(CommandContext context) => Answer(context, RangeKind.Lex, isReversed: true);

    [Command(
        "zrangestore", Group = "sorted_set", Since = "6.2.0", Arity = -5,
        Flags = "write denyoom", Keys = "ow update; 1 | ro access; 2",
        Complexity = "O(log(N)+M) with N the size of the sorted set and M the number of members stored",
        Summary = "Stores the members of a sorted set whose ranks, scores or names lie in a range, with their scores, at another key.",
        Syntax = "dst:key src:key min:string max:string [sortby: BYSCORE | BYLEX] [REV] [LIMIT (limit: offset count)]")]
    public void ZRangeStore(CommandContext context)
    {
        var query = new RangeQuery();
        if (!query.TryRead(context, keyIndex: 2, RangeKind.Open, isStored: true))
        {
            return;
        }
        KeyRef source = context.KeyToRead(2);
        if (context.IsWrongType(source, KeyType.SortedSet))
        {
            return;
        }
        if (!source.Exists)
        {
            Destination.Clear(context, context[1]);
            return;
        }

        var set = new SortedSetValue(context.Database.Open(source));
        RankRange range = query.RangeIn(set);
        if (range.IsEmpty)
        {
            Destination.Clear(context, context[1]);
            return;
        }
        RecordDraft draft = context.Database.Draft(context[1], KeyType.SortedSet);
        var result = new SortedSetValue(draft.Open());
        SortedSetReader reader = set.Read(range);
        while (reader.MoveNext())
        {
            result.Append(reader.Member, reader.Score);
        }
        Destination.Store(context, context[1], ref draft, range.Count, "zrangestore"u8);
    }

    private static void Answer(CommandContext context, RangeKind kind, bool isReversed)
    {
        var query = new RangeQuery();
        if (!query.TryRead(context, keyIndex: 1, kind, isReversed))
        {
            return;
        }
        KeyRef at = context.KeyToRead(1);
        if (context.IsWrongType(at, KeyType.SortedSet))
        {
            return;
        }
        if (!at.Exists)
        {
            context.Reply.Array(0);
            return;
        }
        var set = new SortedSetValue(context.Database.Open(at));
        RankRange range = query.RangeIn(set);
        SortedSetReader reader = set.Read(range, query.IsReversed);
        var elements = new ElementReply(context.Reply, query.WithScores);
        elements.Begin(range.Count);
        elements.Add(ref reader);
    }
}
