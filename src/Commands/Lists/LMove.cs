using Bixbite.Commands.Lists.Shared;
using Bixbite.Engine.Blocking;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Types;
using Bixbite.Types.Lists;

namespace Bixbite.Commands.Lists;

/// <summary>
/// Taking an element from one list and adding it to another, or to the same: LMOVE, RPOPLPUSH, and BLMOVE and BRPOPLPUSH, which wait.
/// </summary>
public sealed class LMove(KeyWaits waits)
{
    [Command(
        "lmove", Group = "list", Since = "6.2.0", Arity = 5,
        Flags = "write denyoom", Keys = "rw access delete; 1 | rw insert; 2",
        Complexity = "O(1)",
        Summary = "Moves an element from an end of a list to an end of another one and returns it.",
        Syntax = "source:key destination:key (wherefrom: LEFT | RIGHT) (whereto: LEFT | RIGHT)")]
    public void Run(CommandContext context)
    {
        var arguments = new ArgumentReader(context, 3);
        ListEnd from = ListEnds.Read(ref arguments);
        ListEnd to = ListEnds.Read(ref arguments);
        if (!arguments.AnswerFailure() && !TryMove(context, from, to))
        {
            context.Reply.Null();
        }
    }

    [Command(
        "rpoplpush", Group = "list", Since = "1.2.0", Arity = 3,
        Flags = "write denyoom", Keys = "rw access delete; 1 | rw insert; 2",
        DeprecatedSince = "6.2.0", ReplacedBy = "`LMOVE` with the `RIGHT` and `LEFT` arguments",
        Complexity = "O(1)",
        Summary = "Moves the rightmost element of a list to the left of another one and returns it.",
        Syntax = "source:key destination:key")]
    public void RPopLPush(CommandContext context)
    {
        if (!TryMove(context, ListEnd.Right, ListEnd.Left))
        {
            context.Reply.Null();
        }
    }

    [Command(
        "blmove", Group = "list", Since = "6.2.0", Arity = 6,
        Flags = "write denyoom blocking", Keys = "rw access delete; 1 | rw insert; 2",
        Complexity = "O(1)",
        Summary = "Moves an element from an end of a list to an end of another one and returns it; waits until there is one.",
        Syntax = "source:key destination:key (wherefrom: LEFT | RIGHT) (whereto: LEFT | RIGHT) timeout:double")]
    public void BLMove(CommandContext context)
    {
        var arguments = new ArgumentReader(context, 3);
        ListEnd from = ListEnds.Read(ref arguments);
        ListEnd to = ListEnds.Read(ref arguments);
        if (!arguments.AnswerFailure())
        {
            MoveOrWait(context, from, to, timeoutIndex: 5);
        }
    }

    [Command(
        "brpoplpush", Group = "list", Since = "2.2.0", Arity = 4,
        Flags = "write denyoom blocking", Keys = "rw access delete; 1 | rw insert; 2",
        DeprecatedSince = "6.2.0", ReplacedBy = "`BLMOVE` with the `RIGHT` and `LEFT` arguments",
        History = "6.0.0 `timeout` is interpreted as a double instead of an integer.",
        Complexity = "O(1)",
        Summary = "Moves the rightmost element of a list to the left of another one and returns it; waits until there is one.",
        Syntax = "source:key destination:key timeout:double")]
    public void BRPopLPush(CommandContext context) => MoveOrWait(context, ListEnd.Right, ListEnd.Left, timeoutIndex: 3);

    private void MoveOrWait(CommandContext context, ListEnd from, ListEnd to, int timeoutIndex)
    {
        if (!TimeoutArgument.TryRead(context, timeoutIndex, TimeoutUnit.Seconds, out long timeoutMs) || TryMove(context, from, to))
        {
            return;
        }
        waits.Block(context, new WaitedKeys(KeyType.List, FirstKey: 1, IsRefusedWithNull: true), timeoutMs);
    }

    /// <summary>Moves an element and answers it, or answers WRONGTYPE; false if the source does not exist.</summary>
    private static bool TryMove(CommandContext context, ListEnd from, ListEnd to)
    {
        KeyRef source = context.KeyToWrite(1);
        if (!source.Exists)
        {
            return false;
        }
        if (!context.IsWrongType(source, KeyType.List) && !context.IsWrongType(context.KeyToWrite(2), KeyType.List))
        {
            Elements.MoveOne(context, from, to);
            if (context.Command.Has(CommandFlags.Blocking))
            {
                RepeatWithoutTimeout(context);
            }
        }
        return true;
    }

    /// <summary>The time-out is the last argument.</summary>
    private static void RepeatWithoutTimeout(CommandContext context)
    {
        const int moveCount = 6;
        context.Effects.Begin(context.Count - 1);
        context.Effects.Add(context.Count == moveCount ? "LMOVE"u8 : "RPOPLPUSH"u8);
        for (int i = 1; i < context.Count - 1; i++)
        {
            context.Effects.Add(context[i]);
        }
    }
}
