using Bixbite.Commands.SortedSets.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Structures.Text;
using Bixbite.Types;
using Bixbite.Types.SortedSets;

namespace Bixbite.Commands.SortedSets;

/// <summary>Members at random: ZRANDMEMBER.</summary>
public sealed class ZRandMember(ValueContext values)
{
    /// <summary>Where more than one in so many members is wanted, walking through all of them is cheaper than drawing.</summary>
    private const int WalkRatio = 8;

    private readonly Random _random = values.Random;

    [Command(
        "zrandmember", Group = "sorted_set", Since = "6.2.0", Arity = -2,
        Flags = "readonly", Keys = "ro access; 1", Tips = "nondeterministic_output",
        Complexity = "O(N*log(M)) with N the number of members returned and M the size of the sorted set",
        Summary = "Returns random members of a sorted set: different ones, or with a negative count any.",
        Syntax = "key [options: (count [WITHSCORES])]")]
    public void Run(CommandContext context)
    {
        long count = 1;
        if (context.Count >= 3 && !TryReadCount(context, out count))
        {
            return;
        }
        KeyRef at = UnfinishedReply.Find(context, 1);
        if (UnfinishedReply.GoesOnWithout(context, at, KeyType.SortedSet) || context.IsWrongType(at, KeyType.SortedSet))
        {
            return;
        }
        bool isSingle = context.Count == 2;
        if (!at.Exists && isSingle)
        {
            context.Reply.Null();
        }
        else if (!at.Exists || count == 0)
        {
            context.Reply.Array(0);
        }
        else
        {
            var set = new SortedSetValue(context.Database.Open(at));
            var reply = new ElementReply(context.Reply, withScores: context.Count == 4);
            if (count < 0)
            {
                var any = new AnyMembers(set, reply, _random);
                UnfinishedReply.Write(context, reply.SizeOf(-count), -count, ref any);
                return;
            }
            Answer(set, reply, count, isSingle);
        }
    }

    private static bool TryReadCount(CommandContext context, out long count)
    {
        const long max = long.MaxValue;
        if (!Integers.TryParse(context[2], out count))
        {
            context.Reply.Error(ErrorText.NotAnInteger);
            return false;
        }
        if (count < -max)
        {
            ErrorText.MustBeBetween(context.Reply, -max, max);
            return false;
        }
        bool withScores = context.Count > 3;
        if (context.Count > 4 || (withScores && !Ascii.EqualsIgnoreCase(context[3], "withscores"u8)))
        {
            context.Reply.Error(ErrorText.Syntax);
            return false;
        }
        if (withScores && count is < -max / 2 or > max / 2)
        {
            context.Reply.Error(ErrorText.OutOfRange);
            return false;
        }
        return true;
    }

    private void Answer(SortedSetValue set, ElementReply reply, long count, bool isSingle)
    {
        long total = set.Count;
        long wanted = Math.Min(count, total);
        if (!isSingle)
        {
            reply.Begin(wanted);
        }
        if (wanted == 1)
        {
            AddOne(set, reply, _random.NextInt64(total));
        }
        else if (wanted > total / WalkRatio)
        {
            Walk(set, reply, wanted, total);
        }
        else
        {
            Draw(set, reply, wanted, total);
        }
    }

    private static void AddOne(SortedSetValue set, ElementReply reply, long rank)
    {
        SortedSetReader reader = set.Read(new RankRange(rank, 1));
        reply.Add(ref reader);
    }

    private readonly ref struct AnyMembers(SortedSetValue set, ElementReply reply, Random random) : IElementDraw
    {
        private readonly SortedSetValue _set = set;

        public void Draw(int count)
        {
            for (; count > 0; count--)
            {
                AddOne(_set, reply, random.NextInt64(_set.Count));
            }
        }
    }

    /// <summary>Takes each member with the chance that is left for it.</summary>
    private void Walk(SortedSetValue set, ElementReply reply, long wanted, long total)
    {
        SortedSetReader reader = set.Read(set.All);
        for (long left = total; wanted > 0 && reader.MoveNext(); left--)
        {
            if (_random.NextInt64(left) < wanted)
            {
                reply.Add(reader.Member, reader.Score);
                wanted--;
            }
        }
    }

    /// <summary>Floyd's way to draw different ranks: for each of the last ones a lower rank, or itself if that is drawn.</summary>
    private void Draw(SortedSetValue set, ElementReply reply, long wanted, long total)
    {
        var drawn = new HashSet<long>();
        for (long last = total - wanted; last < total; last++)
        {
            long rank = _random.NextInt64(last + 1);
            if (!drawn.Add(rank))
            {
                rank = last;
                drawn.Add(rank);
            }
            AddOne(set, reply, rank);
        }
    }
}
