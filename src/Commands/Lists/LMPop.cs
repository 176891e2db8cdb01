using Bixbite.Commands.Lists.Shared;
using Bixbite.Engine.Blocking;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Types;
using Bixbite.Types.Lists;

namespace Bixbite.Commands.Lists;

/// <summary>Taking several elements from the first of several lists that has any: LMPOP, and BLMPOP, which waits.</summary>
public sealed class LMPop(KeyWaits waits)
{
    [Command(
        "lmpop", Group = "list", Since = "7.0.0", Arity = -4,
        Flags = "write", Keys = "rw access delete; numkeys 1",
        Complexity = "O(N+M) with N the number of keys and M the number of elements returned",
        Summary = "Removes and returns elements of the first list that has any.",
        Syntax = "numkeys key ... (where: LEFT | RIGHT) [COUNT count]")]
    public void Run(CommandContext context)
    {
        if (!TryRead(context, numKeysIndex: 1, out ListEnd end, out long count, out int keyCount))
        {
            return;
        }
        if (!TryPop(context, firstKey: 2, keyCount, end, count))
        {
            context.Reply.NullArray();
        }
    }

    [Command(
        "blmpop", Group = "list", Since = "7.0.0", Arity = -5,
        Flags = "write blocking", Keys = "rw access delete; numkeys 2",
        Complexity = "O(N+M) with N the number of keys and M the number of elements returned",
        Summary = "Removes and returns elements of the first list that has any; waits until there is one.",
        Syntax = "timeout:double numkeys key ... (where: LEFT | RIGHT) [COUNT count]")]
    public void BLMPop(CommandContext context)
    {
        if (!TryRead(context, numKeysIndex: 2, out ListEnd end, out long count, out int keyCount)
            || !TimeoutArgument.TryRead(context, 1, TimeoutUnit.Seconds, out long timeoutMs)
            || TryPop(context, firstKey: 3, keyCount, end, count))
        {
            return;
        }
        waits.Block(context, new WaitedKeys(KeyType.List, FirstKey: 3, keyCount), timeoutMs);
    }

    /// <summary>Reads what follows, and including, the number of keys; on failure answers the error.</summary>
    private static bool TryRead(CommandContext context, int numKeysIndex, out ListEnd end, out long count, out int keyCount)
    {
        end = default;
        count = 1;
        keyCount = 0;
        var arguments = new ArgumentReader(context, numKeysIndex);
        long numKeys = arguments.Integer(1, long.MaxValue, ErrorText.NumKeysTooSmall);
        if (!arguments.HasFailed && numKeys >= arguments.Left)
        {
            arguments.Fail(ErrorText.Syntax);
        }
        if (arguments.AnswerFailure())
        {
            return false;
        }
        keyCount = (int)numKeys;
        var options = new ArgumentReader(context, numKeysIndex + 1 + keyCount);
        end = ListEnds.Read(ref options);
        bool hasCount = false;
        while (!options.IsAtEnd)
        {
            if (hasCount || !options.Match("count"u8, valueCount: 1))
            {
                options.Fail(ErrorText.Syntax);
                break;
            }
            hasCount = true;
            count = options.Integer(1, long.MaxValue, ErrorText.CountTooSmall);
        }
        return !options.AnswerFailure();
    }

    /// <summary>Pops from the first list there is, or answers WRONGTYPE; false if there is none.</summary>
    private static bool TryPop(CommandContext context, int firstKey, int keyCount, ListEnd end, long count)
    {
        for (int i = firstKey; i < firstKey + keyCount; i++)
        {
            KeyRef at = context.KeyToWrite(i);
            if (context.IsWrongType(at, KeyType.List))
            {
                return true;
            }
            if (at.Exists)
            {
                context.Reply.Array(2);
                context.Reply.Bulk(context[i]);
                long popped = Elements.PopSome(context, ref at, context[i], end, count);
                context.Effects.Write(ListEnds.PopName(end), context[i], popped);
                return true;
            }
        }
        return false;
    }
}
