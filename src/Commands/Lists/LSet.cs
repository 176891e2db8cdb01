using Bixbite.Commands.Lists.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Types;
using Bixbite.Types.Lists;

namespace Bixbite.Commands.Lists;

/// <summary>Changing a list anywhere: LSET, LINSERT, LREM, LTRIM.</summary>
public sealed class LSet
{
    [Command(
        "lset", Group = "list", Since = "1.0.0", Arity = 4,
        Flags = "write denyoom", Keys = "rw update; 1",
        Complexity = "O(log N) with N the number of elements",
        Summary = "Overwrites the element of a list with an index.",
        Syntax = "key index element")]
    public void Run(CommandContext context)
    {
        KeyRef at = context.KeyToWrite(1);
        if (!at.Exists)
        {
            context.Reply.Error(ErrorText.NoSuchKey);
            return;
        }
        if (context.IsWrongType(at, KeyType.List))
        {
            return;
        }
        var arguments = new ArgumentReader(context, 2);
        long index = arguments.Integer();
        if (arguments.AnswerFailure())
        {
            return;
        }
        var list = new ListValue(context.Database.Edit(at));
        if (!LRange.TryResolve(list, ref index))
        {
            context.Reply.Error(ErrorText.IndexOutOfRange);
            return;
        }
        list.Replace(index, context[3]);
        context.Changed(context[1], KeyEventClass.List, "lset"u8);
        context.Reply.Ok();
    }

    [Command(
        "linsert", Group = "list", Since = "2.2.0", Arity = 5,
        Flags = "write denyoom", Keys = "rw insert; 1",
        Complexity = "O(N) with N the number of elements up to the pivot",
        Summary = "Inserts an element beside another one.",
        Syntax = "key (where: BEFORE | AFTER) pivot:string element")]
    public void LInsert(CommandContext context)
    {
        var arguments = new ArgumentReader(context, 2);
        bool isBehind = arguments.Match("after"u8);
        if (!isBehind && !arguments.Match("before"u8))
        {
            arguments.Fail(ErrorText.Syntax);
        }
        if (arguments.AnswerFailure())
        {
            return;
        }
        KeyRef at = context.KeyToWrite(1);
        if (context.IsWrongType(at, KeyType.List))
        {
            return;
        }
        if (!at.Exists)
        {
            context.Reply.Integer(0);
            return;
        }
        var list = new ListValue(context.Database.Edit(at));
        if (!list.TryInsert(context[3], isBehind, context[4]))
        {
            context.Reply.Integer(-1);
            return;
        }
        context.Changed(context[1], KeyEventClass.List, "linsert"u8);
        context.Reply.Integer(list.Count);
    }

    [Command(
        "lrem", Group = "list", Since = "1.0.0", Arity = 4,
        Flags = "write", Keys = "rw delete; 1",
        Complexity = "O(N) with N the number of elements",
        Summary = "Removes elements that equal a value from a list.",
        Syntax = "key count element")]
    public void LRem(CommandContext context)
    {
        var arguments = new ArgumentReader(context, 2);
        long count = arguments.Integer();
        if (arguments.AnswerFailure())
        {
            return;
        }
        if (count == long.MinValue)
        {
            ErrorText.MustBeBetween(context.Reply, -long.MaxValue, long.MaxValue);
            return;
        }
        KeyRef at = context.KeyToWrite(1);
        if (context.IsWrongType(at, KeyType.List))
        {
            return;
        }
        long removed = 0;
        if (at.Exists)
        {
            var list = new ListValue(context.Database.Edit(at));
            removed = list.RemoveEqual(
                context[3], count == 0 ? long.MaxValue : Math.Abs(count), count < 0 ? ListEnd.Right : ListEnd.Left);
            if (removed > 0)
            {
                Notify(context, ref at, "lrem"u8, removed, list.IsEmpty);
            }
        }
        context.Reply.Integer(removed);
    }

    [Command(
        "ltrim", Group = "list", Since = "1.0.0", Arity = 4,
        Flags = "write", Keys = "rw delete; 1",
        Complexity = "O(N) with N the number of elements removed",
        Summary = "Removes all elements of a list that are not between two indices.",
        Syntax = "key start:integer stop:integer")]
    public void LTrim(CommandContext context)
    {
        var arguments = new ArgumentReader(context, 2);
        long start = arguments.Integer();
        long stop = arguments.Integer();
        if (arguments.AnswerFailure())
        {
            return;
        }
        KeyRef at = context.KeyToWrite(1);
        if (context.IsWrongType(at, KeyType.List))
        {
            return;
        }
        if (at.Exists)
        {
            var list = new ListValue(context.Database.Edit(at));
            long listCount = list.Count;
            long count = LRange.Clamp(listCount, ref start, stop);
            long leftCount = count == 0 ? listCount : start;
            list.Drop(ListEnd.Left, leftCount);
            list.Drop(ListEnd.Right, listCount - leftCount - count);
            Notify(context, ref at, "ltrim"u8, listCount - count, list.IsEmpty);
        }
        context.Reply.Ok();
    }

    private static void Notify(CommandContext context, ref KeyRef at, ReadOnlySpan<byte> name, long count, bool isEmpty)
    {
        context.Changed(context[1], KeyEventClass.List, name, count);
        if (isEmpty)
        {
            Elements.RemoveKey(context, ref at, context[1]);
        }
    }
}
