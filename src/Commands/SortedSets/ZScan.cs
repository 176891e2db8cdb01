using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Structures.Text;
using Bixbite.Types;
using Bixbite.Types.SortedSets;

namespace Bixbite.Commands.SortedSets;

/// <summary>Walking through a sorted set: ZSCAN.</summary>
public sealed class ZScan
{
    private const int DefaultCount = 10;

    [Command(
        "zscan", Group = "sorted_set", Since = "2.8.0", Arity = -3,
        Flags = "readonly", Keys = "ro access; 1", Tips = "nondeterministic_output",
        Complexity = "O(1) for a call, O(N) for a whole walk",
        Summary = "Walks through the members of a sorted set and their scores, a few at a time.",
        Syntax = "key cursor:integer [MATCH pattern] [COUNT count]")]
    public void Scan(CommandContext context)
    {
        if (!Integers.TryParse(context[2], out ulong cursor))
        {
            context.Reply.Error(ErrorText.InvalidCursor);
            return;
        }
        KeyRef at = context.Read(1);
        if (!context.IsMissingOr(KeyType.SortedSet, at))
        {
            return;
        }
        ReplyWriter reply = context.Reply;
        if (!at.Exists)
        {
            reply.Array(2);
            reply.BulkInteger(0);
            reply.Array(0);
            return;
        }
        if (!TryReadOptions(context, out ReadOnlySpan<byte> pattern, out long count))
        {
            return;
        }
        reply.Array(2);
        int cursorMark = reply.BeginCursor();
        int mark = reply.BeginArray();
        scoped var visitor = new Visitor(reply, pattern);
        cursor = new SortedSetValue(context.Database.Open(at)).Scan(cursor, (int)Math.Min(count, int.MaxValue), ref visitor);
        reply.EndArray(mark, visitor.ItemCount);
        reply.EndCursor(cursorMark, cursor);
    }

    private static bool TryReadOptions(CommandContext context, out ReadOnlySpan<byte> pattern, out long count)
    {
        pattern = "*"u8;
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
                pattern = arguments.Next();
            }
            else
            {
                arguments.Fail(arguments.Match("novalues"u8) ? ErrorText.NoValuesOnlyHScan : ErrorText.Syntax);
            }
        }
        return !arguments.AnswerFailure();
    }

    private ref struct Visitor(ReplyWriter reply, ReadOnlySpan<byte> pattern) : ISortedSetVisitor
    {
        private readonly ReadOnlySpan<byte> _pattern = pattern;

        public int ItemCount { get; private set; }

        public void Visit(scoped ReadOnlySpan<byte> member, double score)
        {
            bool isAny = _pattern.Length == 1 && _pattern[0] == '*';
            if (isAny || Glob.IsMatch(_pattern, member))
            {
                // Scores are bulk strings here, in RESP3 too.
                Span<byte> text = stackalloc byte[Doubles.SizeMax];
                reply.Bulk(member);
                reply.Bulk(text[..Doubles.Format(score, text)]);
                ItemCount += 2;
            }
        }
    }
}
