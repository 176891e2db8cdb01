using Bixbite.Commands.Lists.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Types;
using Bixbite.Types.Lists;

namespace Bixbite.Commands.Lists;

/// <summary>Reading a list: LLEN, LINDEX, LRANGE.</summary>
public sealed class LRange
{
    [Command(
        "llen", Group = "list", Since = "1.0.0", Arity = 2,
        Flags = "readonly fast", Keys = "ro; 1",
        Complexity = "O(1)",
        Summary = "Returns the number of elements of a list.",
        Syntax = "key")]
    public void LLen(CommandContext context)
    {
        KeyRef at = context.KeyToRead(1);
        if (!context.IsWrongType(at, KeyType.List))
        {
            context.Reply.Integer(at.Exists ? new ListValue(context.Database.Open(at)).Count : 0);
        }
    }

    [Command(
        "lindex", Group = "list", Since = "1.0.0", Arity = 3,
        Flags = "readonly", Keys = "ro access; 1",
        Complexity = "O(log N) with N the number of elements",
        Summary = "Returns the element of a list with an index.",
        Syntax = "key index")]
    public void LIndex(CommandContext context)
    {
        KeyRef at = context.KeyToRead(1);
        if (!at.Exists)
        {
            context.Reply.Null();
            return;
        }
        var arguments = new ArgumentReader(context, 2);
        if (context.IsWrongType(at, KeyType.List))
        {
            return;
        }
        long index = arguments.Integer();
        if (arguments.AnswerFailure())
        {
            return;
        }
        var list = new ListValue(context.Database.Open(at));
        if (!TryResolve(list, ref index))
        {
            context.Reply.Null();
            return;
        }
        ListReader reader = list.Read(index, 1);
        reader.MoveNext();
        Elements.Answer(context.Reply, reader.Current);
    }

    [Command(
        "lrange", Group = "list", Since = "1.0.0", Arity = 4,
        Flags = "readonly", Keys = "ro access; 1",
        Complexity = "O(log N + M) with N the number of elements and M the number returned",
        Summary = "Returns the elements of a list between two indices.",
        Syntax = "key start:integer stop:integer")]
    public void Run(CommandContext context)
    {
        var arguments = new ArgumentReader(context, 2);
        long start = arguments.Integer();
        long stop = arguments.Integer();
        if (arguments.AnswerFailure())
        {
            return;
        }
        KeyRef at = context.KeyToRead(1);
        if (!at.Exists)
        {
            context.Reply.Array(0);
            return;
        }
        if (context.IsWrongType(at, KeyType.List))
        {
            return;
        }
        var list = new ListValue(context.Database.Open(at));
        long count = Clamp(list.Count, ref start, stop);
        if (count == 0)
        {
            context.Reply.Array(0);
            return;
        }
        Elements.AnswerRange(context.Reply, list, start, count);
    }

    /// <summary>Turns an index from the right, a negative one, into one from the left; false if there is no such element.</summary>
    internal static bool TryResolve(ListValue list, ref long index)
    {
        long count = list.Count;
        index = index < 0 ? index + count : index;
        return index >= 0 && index < count;
    }

    /// <summary>
    /// The part of a list between two indices, negative ones from the right: its first index, not negative, and its count.
    /// </summary>
    internal static long Clamp(long listCount, ref long start, long stop)
    {
        start = Math.Max(start < 0 ? start + listCount : start, 0);
        stop = Math.Min(stop < 0 ? stop + listCount : stop, listCount - 1);
        return start > stop ? 0 : stop - start + 1;
    }
}
