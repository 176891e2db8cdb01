using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Types;
using Bixbite.Types.Hashes;

namespace Bixbite.Commands.Hashes;

/// <summary>Fields at random: HRANDFIELD. A negative count allows for repetitions.</summary>
public sealed class HRandField
{
    [Command(
        "hrandfield", Group = "hash", Since = "6.2.0", Arity = -2,
        Flags = "readonly", Keys = "ro access; 1", Tips = "nondeterministic_output",
        Complexity = "O(N) with N the number of fields returned",
        Summary = "Returns one or several fields of a hash at random.",
        Syntax = "key [(options: count [WITHVALUES])]")]
    public void Run(CommandContext context)
    {
        if (context.Count > 2)
        {
            RandomFields(context);
            return;
        }
        KeyRef at = context.KeyToRead(1);
        if (!at.Exists)
        {
            context.Reply.Null();
        }
        else if (!context.IsWrongType(at, KeyType.Hash))
        {
            var answer = new Answer(context.Reply, isWithValues: false);
            new HashValue(context.Database.Open(at)).VisitRandom(ref answer);
        }
    }

    private static void RandomFields(CommandContext context)
    {
        if (!TryReadOptions(context, out long count, out bool isWithValues))
        {
            return;
        }
        KeyRef at = UnfinishedReply.Find(context, 1);
        if (UnfinishedReply.GoesOnWithout(context, at, KeyType.Hash) || context.IsWrongType(at, KeyType.Hash))
        {
            return;
        }
        if (!at.Exists || count == 0)
        {
            context.Reply.Array(0);
            return;
        }
        var hash = new HashValue(context.Database.Open(at));
        long answerCount = count < 0 ? -count : Math.Min(count, hash.Count);
        bool isFlat = isWithValues && context.Reply.Version == 2;
        long size = isFlat ? answerCount * 2 : answerCount;
        var answer = new Answer(context.Reply, isWithValues);
        if (count < 0)
        {
            var any = new AnyFields(hash, answer);
            UnfinishedReply.Write(context, size, answerCount, ref any);
        }
        else
        {
            context.Reply.Array(size);
            hash.VisitRandomDistinct(count, ref answer);
        }
    }

    private static bool TryReadOptions(CommandContext context, out long count, out bool isWithValues)
    {
        var arguments = new ArgumentReader(context, 2);
        count = arguments.Integer();
        if (!arguments.HasFailed && count == long.MinValue)
        {
            ErrorText.MustBeBetween(context.Reply, -long.MaxValue, long.MaxValue);
            isWithValues = false;
            return false;
        }
        isWithValues = arguments.Match("withvalues"u8);
        if (!arguments.IsAtEnd)
        {
            arguments.Fail(ErrorText.Syntax);
        }
        if (isWithValues && count is < -long.MaxValue / 2 or > long.MaxValue / 2)
        {
            arguments.Fail(ErrorText.OutOfRange);
        }
        return !arguments.AnswerFailure();
    }

    private readonly ref struct AnyFields(HashValue hash, Answer answer) : IElementDraw
    {
        private readonly HashValue _hash = hash;

        public void Draw(int count)
        {
            Answer target = answer;
            _hash.VisitRandomRepeatedly(count, ref target);
        }
    }

    /// <summary>With RESP3 each field and its value are an array of their own.</summary>
    private readonly struct Answer(ReplyWriter reply, bool isWithValues) : IFieldVisitor
    {
        public void Visit(scoped ReadOnlySpan<byte> field, scoped ReadOnlySpan<byte> value, long deadlineMs)
        {
            if (isWithValues && reply.Version > 2)
            {
                reply.Array(2);
            }
            reply.Bulk(field);
            if (isWithValues)
            {
                reply.Bulk(value);
            }
        }
    }
}
