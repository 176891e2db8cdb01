using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Structures.Text;
using Bixbite.Types;
using Bixbite.Types.Hashes;

namespace Bixbite.Commands.Hashes;

/// <summary>Walking through the fields: HSCAN.</summary>
public sealed class HScan
{
    private const int DefaultCount = 10;

    [Command(
        "hscan", Group = "hash", Since = "2.8.0", Arity = -3,
        Flags = "readonly", Keys = "ro access; 1", Tips = "nondeterministic_output",
        Complexity = "O(1) for a call, O(N) for a whole walk",
        Summary = "Walks through the fields of a hash and their values, some at a time.",
        Syntax = "key cursor:integer [MATCH pattern] [COUNT count] [NOVALUES]")]
    public void Scan(CommandContext context)
    {
        if (!Integers.TryParse(context[2], out ulong cursor))
        {
            context.Reply.Error(ErrorText.InvalidCursor);
            return;
        }
        KeyRef at = context.Read(1);
        if (!context.IsMissingOr(KeyType.Hash, at))
        {
            return;
        }
        if (!at.Exists)
        {
            context.Reply.Array(2);
            context.Reply.BulkInteger(0);
            context.Reply.Array(0);
            return;
        }
        var answer = new Answer(context.Reply);
        if (!TryReadOptions(context, ref answer, out long count))
        {
            return;
        }
        context.Reply.Array(2);
        int cursorMark = context.Reply.BeginCursor();
        int mark = context.Reply.BeginArray();
        cursor = new HashValue(context.Database.Open(at)).Scan(cursor, (int)Math.Min(count, int.MaxValue), ref answer);
        context.Reply.EndArray(mark, answer.Count);
        context.Reply.EndCursor(cursorMark, cursor);
    }

    private static bool TryReadOptions(CommandContext context, ref Answer answer, out long count)
    {
        count = DefaultCount;
        var arguments = new ArgumentReader(context, 3);
        while (!arguments.IsAtEnd)
        {
            if (arguments.Match("count"u8, valueCount: 1))
            {
                count = arguments.Integer();
                if (!arguments.HasFailed && count < 1)
                {
                    arguments.Fail(ErrorText.Syntax);
                }
            }
            else if (arguments.Match("match"u8, valueCount: 1))
            {
                answer.Pattern = arguments.Next();
            }
            else if (arguments.Match("novalues"u8))
            {
                answer.IsWithoutValues = true;
            }
            else
            {
                arguments.Fail(ErrorText.Syntax);
            }
        }
        return !arguments.AnswerFailure();
    }

    private ref struct Answer(ReplyWriter reply) : IFieldVisitor
    {
        public ReadOnlySpan<byte> Pattern { get; set; } = "*"u8;

        public bool IsWithoutValues { get; set; }

        /// <summary>The elements written.</summary>
        public int Count { get; private set; }

        public void Visit(scoped ReadOnlySpan<byte> field, scoped ReadOnlySpan<byte> value, long deadlineMs)
        {
            bool isAny = Pattern.Length == 1 && Pattern[0] == '*';
            if (!isAny && !Glob.IsMatch(Pattern, field))
            {
                return;
            }
            reply.Bulk(field);
            Count++;
            if (!IsWithoutValues)
            {
                reply.Bulk(value);
                Count++;
            }
        }
    }
}
