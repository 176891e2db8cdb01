using Bixbite.Commands.Lists.Shared;
using Bixbite.Engine.Blocking;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Types;
using Bixbite.Types.Lists;

namespace Bixbite.Commands.Lists;

/// <summary>
/// Taking elements from an end of one list: LPOP and RPOP; or an element of the first of several that has one, waiting if need be: BLPOP
/// and BRPOP.
/// </summary>
public sealed class LPop(KeyWaits waits)
{
    [Command(
        "lpop", Group = "list", Since = "1.0.0", Arity = -2,
        Flags = "write fast", Keys = "rw access delete; 1",
        History = "6.2.0 Added the `count` argument.",
        Complexity = "O(N) with N the number of elements returned",
        Summary = "Removes and returns the leftmost element of a list, or several.",
        Syntax = "key [count@6.2.0]")]
    public void Run(CommandContext context) => Pop(context, ListEnd.Left);

    [Command(
        "rpop", Group = "list", Since = "1.0.0", Arity = -2,
        Flags = "write fast", Keys = "rw access delete; 1",
        History = "6.2.0 Added the `count` argument.",
        Complexity = "O(N) with N the number of elements returned",
        Summary = "Removes and returns the rightmost element of a list, or several.",
        Syntax = "key [count@6.2.0]")]
    public void RPop(CommandContext context) => Pop(context, ListEnd.Right);

    [Command(
        "blpop", Group = "list", Since = "2.0.0", Arity = -3,
        Flags = "write blocking", Keys = "rw access delete; 1..-2",
        History = "6.0.0 `timeout` is interpreted as a double instead of an integer.",
        Complexity = "O(N) with N the number of keys",
        Summary = "Removes and returns the leftmost element of the first list that has one; waits until there is one.",
        Syntax = "key ... timeout:double")]
    public void BLPop(CommandContext context) => PopOrWait(context, ListEnd.Left);

    [Command(
        "brpop", Group = "list", Since = "2.0.0", Arity = -3,
        Flags = "write blocking", Keys = "rw access delete; 1..-2",
        History = "6.0.0 `timeout` is interpreted as a double instead of an integer.",
        Complexity = "O(N) with N the number of keys",
        Summary = "Removes and returns the rightmost element of the first list that has one; waits until there is one.",
        Syntax = "key ... timeout:double")]
    public void BRPop(CommandContext context) => PopOrWait(context, ListEnd.Right);

    private static void Pop(CommandContext context, ListEnd end)
    {
        if (context.Count > 3)
        {
            ErrorText.WrongArity(context.Reply, context.Command.FullName);
            return;
        }
        var arguments = new ArgumentReader(context, 2);
        bool hasCount = !arguments.IsAtEnd;
        long count = hasCount ? arguments.Integer(0, long.MaxValue, ErrorText.MustBePositive) : 1;
        if (arguments.AnswerFailure())
        {
            return;
        }
        KeyRef at = context.KeyToWrite(1);
        if (!at.Exists)
        {
            AnswerNothing(context, hasCount);
            return;
        }
        if (context.IsWrongType(at, KeyType.List))
        {
            return;
        }
        if (!hasCount)
        {
            Elements.PopOne(context, ref at, context[1], end);
        }
        else if (count == 0)
        {
            context.Reply.Array(0);
        }
        else
        {
            Elements.PopSome(context, ref at, context[1], end, count);
        }
    }

    private void PopOrWait(CommandContext context, ListEnd end)
    {
        int keyCount = context.Count - 2;
        if (!TimeoutArgument.TryRead(context, keyCount + 1, TimeoutUnit.Seconds, out long timeoutMs))
        {
            return;
        }
        for (int i = 1; i <= keyCount; i++)
        {
            KeyRef at = context.KeyToWrite(i);
            if (context.IsWrongType(at, KeyType.List))
            {
                return;
            }
            if (at.Exists)
            {
                context.Reply.Array(2);
                context.Reply.Bulk(context[i]);
                Elements.PopOne(context, ref at, context[i], end);
                context.Effects.Write(ListEnds.PopName(end), context[i]);
                return;
            }
        }
        waits.Block(context, new WaitedKeys(KeyType.List, FirstKey: 1, keyCount), timeoutMs);
    }

    private static void AnswerNothing(CommandContext context, bool isArray)
    {
        if (isArray)
        {
            context.Reply.NullArray();
        }
        else
        {
            context.Reply.Null();
        }
    }
}
