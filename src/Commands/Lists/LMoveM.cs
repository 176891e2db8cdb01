using Bixbite.Commands.Lists.Shared;
using Bixbite.Engine.Blocking;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Types;
using Bixbite.Types.Lists;

namespace Bixbite.Commands.Lists;

/// <summary>Moving several elements from one list to another, or within one: LMOVEM, and BLMOVEM, which waits.</summary>
public sealed class LMoveM(KeyWaits waits)
{
    [Command(
        "lmovem", Group = "list", Since = "8.10.0", Arity = -5,
        Flags = "write denyoom", Keys = "rw access delete; 1 | rw insert; 2",
        Complexity = "O(N) with N the number of elements moved",
        Summary = "Moves elements from an end of a list to an end of another one and returns them.",
        Syntax = "source:key destination:key (wherefrom: LEFT | RIGHT) (whereto: LEFT | RIGHT) "
            + "[how-many: (selector: COUNT count | EXACTLY exactly:integer) (ordering: OBO | BULK)]")]
    public void Run(CommandContext context)
    {
        if (TryRead(context, optionsIndex: 5, out Terms terms) && !TryMove(context, terms))
        {
            context.Reply.NullArray();
        }
    }

    [Command(
        "blmovem", Group = "list", Since = "8.10.0", Arity = -6,
        Flags = "write denyoom blocking", Keys = "rw access delete; 1 | rw insert; 2",
        Complexity = "O(N) with N the number of elements moved",
        Summary = "Moves elements from an end of a list to an end of another one and returns them; waits until there are enough.",
        Syntax = "source:key destination:key (wherefrom: LEFT | RIGHT) (whereto: LEFT | RIGHT) timeout:double "
            + "[how-many: (selector: COUNT count | EXACTLY exactly:integer) (ordering: OBO | BULK)]")]
    public void BLMoveM(CommandContext context)
    {
        if (!TryRead(context, optionsIndex: 6, out Terms terms)
            || !TimeoutArgument.TryRead(context, 5, TimeoutUnit.Seconds, out long timeoutMs)
            || TryMove(context, terms))
        {
            return;
        }
        waits.Block(context, new WaitedKeys(KeyType.List, FirstKey: 1), timeoutMs);
    }

    private static bool TryRead(CommandContext context, int optionsIndex, out Terms terms)
    {
        var arguments = new ArgumentReader(context, 3);
        ListEnd from = ListEnds.Read(ref arguments);
        ListEnd to = ListEnds.Read(ref arguments);
        terms = new Terms(from, to, 1, IsExact: false, IsReversed: false);
        if (arguments.AnswerFailure())
        {
            return false;
        }
        var options = new ArgumentReader(context, optionsIndex);
        if (options.IsAtEnd)
        {
            return true;
        }
        bool isExact = options.Match("exactly"u8, valueCount: 2);
        if (!isExact && !options.Match("count"u8, valueCount: 2))
        {
            options.Fail(ErrorText.Syntax);
        }
        long count = options.Integer(1, long.MaxValue, ErrorText.CountTooSmall);
        bool isOneByOne = options.Match("obo"u8);
        if (!options.HasFailed && ((!isOneByOne && !options.Match("bulk"u8)) || !options.IsAtEnd))
        {
            options.Fail(ErrorText.Syntax);
        }
        // One by one from and to the same side turns the order round; otherwise the elements arrive as they stood.
        terms = new Terms(from, to, count, isExact, isOneByOne && from == to);
        return !options.AnswerFailure();
    }

    /// <summary>Moves and answers the elements, or answers WRONGTYPE; false if there are not enough.</summary>
    private static bool TryMove(CommandContext context, in Terms terms)
    {
        KeyRef source = context.KeyToWrite(1);
        if (!source.Exists)
        {
            return false;
        }
        if (context.IsWrongType(source, KeyType.List))
        {
            return true;
        }
        long listCount = new ListValue(context.Database.Open(source)).Count;
        if (terms.IsExact && listCount < terms.Count)
        {
            return false;
        }
        if (!context.IsWrongType(context.KeyToWrite(2), KeyType.List))
        {
            Elements.MoveSome(context, terms.From, terms.To, Math.Min(terms.Count, listCount), terms.IsReversed);
        }
        return true;
    }

    private readonly record struct Terms(ListEnd From, ListEnd To, long Count, bool IsExact, bool IsReversed);
}
