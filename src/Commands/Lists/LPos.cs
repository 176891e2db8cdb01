using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Types;
using Bixbite.Types.Lists;

namespace Bixbite.Commands.Lists;

/// <summary>LPOS: the indices of elements that equal a value.</summary>
public sealed class LPos
{
    [Command(
        "lpos", Group = "list", Since = "6.0.6", Arity = -3,
        Flags = "readonly", Keys = "ro access; 1",
        Complexity = "O(N) with N the number of elements looked at",
        Summary = "Returns the index of an element that equals a value, or several.",
        Syntax = "key element [RANK rank:integer] [COUNT num-matches:integer] [MAXLEN len:integer]")]
    public void Run(CommandContext context)
    {
        if (!TryRead(context, out Search search))
        {
            return;
        }
        KeyRef at = context.KeyToRead(1);
        if (context.IsWrongType(at, KeyType.List))
        {
            return;
        }
        if (!at.Exists)
        {
            if (search.IsSingle)
            {
                context.Reply.Null();
            }
            else
            {
                context.Reply.Array(0);
            }
            return;
        }
        Answer(context, new ListValue(context.Database.Open(at)), search);
    }

    private static bool TryRead(CommandContext context, out Search search)
    {
        long rank = 1;
        long count = -1;
        long lengthMax = 0;
        var arguments = new ArgumentReader(context, 3);
        while (!arguments.IsAtEnd)
        {
            if (arguments.Match("rank"u8, valueCount: 1))
            {
                rank = ReadRank(ref arguments);
            }
            else if (arguments.Match("count"u8, valueCount: 1))
            {
                count = arguments.Integer(0, long.MaxValue, ErrorText.CountNegative);
            }
            else if (arguments.Match("maxlen"u8, valueCount: 1))
            {
                lengthMax = arguments.Integer(0, long.MaxValue, ErrorText.MaxLenNegative);
            }
            else
            {
                arguments.Fail(ErrorText.Syntax);
            }
        }
        bool isRead = !arguments.AnswerFailure();
        if (isRead && rank == long.MinValue)
        {
            ErrorText.MustBeBetween(context.Reply, -long.MaxValue, long.MaxValue);
            isRead = false;
        }
        search = isRead ? new Search(Math.Abs(rank), rank < 0, count, lengthMax == 0 ? long.MaxValue : lengthMax) : default;
        return isRead;
    }

    private static long ReadRank(ref ArgumentReader arguments)
    {
        long rank = arguments.Integer();
        if (!arguments.HasFailed && rank == 0)
        {
            arguments.Fail(ErrorText.RankZero);
        }
        return rank;
    }

    private static void Answer(CommandContext context, ListValue list, in Search search)
    {
        ReadOnlySpan<byte> wanted = context[2];
        ReplyWriter reply = context.Reply;
        long listCount = list.Count;
        long countMax = search.Count switch
        {
            -1 => 1,
            0 => long.MaxValue,
            _ => search.Count,
        };
        int mark = search.IsSingle ? 0 : reply.BeginArray();
        long matches = 0;
        int found = 0;
        ListReader reader = list.Read(search.IsBackward ? listCount - 1 : 0, Math.Min(listCount, search.LengthMax), search.IsBackward);
        for (long index = 0; found < countMax && reader.MoveNext(); index++)
        {
            if (reader.Current.Equals(wanted) && ++matches >= search.Rank)
            {
                reply.Integer(search.IsBackward ? listCount - 1 - index : index);
                found++;
            }
        }
        if (!search.IsSingle)
        {
            reply.EndArray(mark, found);
        }
        else if (found == 0)
        {
            reply.Null();
        }
    }

    /// <summary>From which match on, how many (-1: one, answered as such; 0: all), among how many elements.</summary>
    private readonly record struct Search(long Rank, bool IsBackward, long Count, long LengthMax)
    {
        public bool IsSingle => Count == -1;
    }
}
