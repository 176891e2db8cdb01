using Bixbite.Commands.SortedSets.Shared;
using Bixbite.Engine.Blocking;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Types;

namespace Bixbite.Commands.SortedSets;

/// <summary>Taking elements off the first sorted set of several that is not empty: ZMPOP, and BZMPOP, which waits for one.</summary>
public sealed class ZMPop(KeyWaits waits)
{
    [Command(
        "zmpop", Group = "sorted_set", Since = "7.0.0", Arity = -4,
        Flags = "write", Keys = "rw access delete; numkeys 1",
        Complexity = "O(K)+O(log(N)+M) with K the number of keys, N the size of the sorted set and M the number of members removed",
        Summary = "Removes and returns members from either end of the first sorted set that is not empty.",
        Syntax = "numkeys key ... (where: MIN | MAX) [COUNT count]")]
    public void Run(CommandContext context)
    {
        if (TryRead(context, numKeysIndex: 1, out Request request) && !TryPop(context, request))
        {
            context.Reply.NullArray();
        }
    }

    [Command(
        "bzmpop", Group = "sorted_set", Since = "7.0.0", Arity = -5,
        Flags = "write blocking", Keys = "rw access delete; numkeys 2",
        Complexity = "O(K)+O(log(N)+M) with K the number of keys, N the size of the sorted set and M the number of members removed",
        Summary = "Removes and returns members from either end of the first sorted set that is not empty, or waits for one.",
        Syntax = "timeout:double numkeys key ... (where: MIN | MAX) [COUNT count]")]
    public void BZMPop(CommandContext context)
    {
        if (!TryRead(context, numKeysIndex: 2, out Request request)
            || !TimeoutArgument.TryRead(context, 1, TimeoutUnit.Seconds, out long timeoutMs)
            || TryPop(context, request))
        {
            return;
        }
        waits.Block(context, new WaitedKeys(KeyType.SortedSet, request.FirstKey, request.KeyCount), timeoutMs);
    }

    private static bool TryRead(CommandContext context, int numKeysIndex, out Request request)
    {
        request = default;
        var arguments = new ArgumentReader(context, numKeysIndex);
        long keyCount = arguments.Integer(1, long.MaxValue, ErrorText.NumKeysTooSmall);
        if (!arguments.HasFailed && keyCount >= arguments.Left)
        {
            arguments.Fail(ErrorText.Syntax);
        }
        if (arguments.AnswerFailure())
        {
            return false;
        }

        arguments = new ArgumentReader(context, numKeysIndex + 1 + (int)keyCount);
        bool isMax = arguments.Match("max"u8);
        if (!isMax && !arguments.Match("min"u8))
        {
            arguments.Fail(ErrorText.Syntax);
        }
        long count = 1;
        if (arguments.Match("count"u8, valueCount: 1))
        {
            count = arguments.Integer(1, long.MaxValue, ErrorText.CountTooSmall);
        }
        if (!arguments.IsAtEnd)
        {
            arguments.Fail(ErrorText.Syntax);
        }
        request = new Request(numKeysIndex + 1, (int)keyCount, new Pop(isMax, count, PopReply.KeyPairs));
        return !arguments.AnswerFailure();
    }

    /// <summary>True if the client has its answer: elements, or an error.</summary>
    private static bool TryPop(CommandContext context, in Request request)
    {
        for (int i = request.FirstKey; i < request.FirstKey + request.KeyCount; i++)
        {
            KeyRef at = context.KeyToWrite(i);
            if (context.IsWrongType(at, KeyType.SortedSet))
            {
                return true;
            }
            if (at.Exists)
            {
                request.Pop.Take(context, ref at, context[i]);
                return true;
            }
        }
        return false;
    }

    private readonly record struct Request(int FirstKey, int KeyCount, Pop Pop);
}
