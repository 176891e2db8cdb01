using Bixbite.Commands.Lists.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Types;
using Bixbite.Types.Lists;

namespace Bixbite.Commands.Lists;

/// <summary>Adding elements at an end: LPUSH, RPUSH, and LPUSHX and RPUSHX, which do so only if the list exists.</summary>
public sealed class LPush
{
    [Command(
        "lpush", Group = "list", Since = "1.0.0", Arity = -3,
        Flags = "write denyoom fast", Keys = "rw insert; 1",
        History = "2.4.0 Accepts multiple `element` arguments.",
        Complexity = "O(N) with N the number of elements added",
        Summary = "Adds elements on the left of a list; a missing key is created.",
        Syntax = "key element ...")]
    public void Run(CommandContext context) => Push(context, ListEnd.Left, isExisting: false);

    [Command(
        "rpush", Group = "list", Since = "1.0.0", Arity = -3,
        Flags = "write denyoom fast", Keys = "rw insert; 1",
        History = "2.4.0 Accepts multiple `element` arguments.",
        Complexity = "O(N) with N the number of elements added",
        Summary = "Adds elements on the right of a list; a missing key is created.",
        Syntax = "key element ...")]
    public void RPush(CommandContext context) => Push(context, ListEnd.Right, isExisting: false);

    [Command(
        "lpushx", Group = "list", Since = "2.2.0", Arity = -3,
        Flags = "write denyoom fast", Keys = "rw insert; 1",
        History = "4.0.0 Accepts multiple `element` arguments.",
        Complexity = "O(N) with N the number of elements added",
        Summary = "Adds elements on the left of a list that exists.",
        Syntax = "key element ...")]
    public void LPushX(CommandContext context) => Push(context, ListEnd.Left, isExisting: true);

    [Command(
        "rpushx", Group = "list", Since = "2.2.0", Arity = -3,
        Flags = "write denyoom fast", Keys = "rw insert; 1",
        History = "4.0.0 Accepts multiple `element` arguments.",
        Complexity = "O(N) with N the number of elements added",
        Summary = "Adds elements on the right of a list that exists.",
        Syntax = "key element ...")]
    public void RPushX(CommandContext context) => Push(context, ListEnd.Right, isExisting: true);

    private static void Push(CommandContext context, ListEnd end, bool isExisting)
    {
        KeyRef at = context.KeyToWrite(1);
        if (context.IsWrongType(at, KeyType.List))
        {
            return;
        }
        if (!at.Exists)
        {
            if (isExisting)
            {
                context.Reply.Integer(0);
                return;
            }
            context.Database.Create(ref at, context[1], KeyType.List);
        }
        var list = new ListValue(context.Database.Edit(at));
        long length = 0;
        for (int i = 2; i < context.Count; i++)
        {
            length += context[i].Length;
        }
        list.Expect(context.Count - 2, length);
        for (int i = 2; i < context.Count; i++)
        {
            list.Push(end, context[i]);
        }
        context.Changed(context[1], KeyEventClass.List, ListEnds.PushEvent(end), context.Count - 2);
        context.Reply.Integer(list.Count);
    }
}
