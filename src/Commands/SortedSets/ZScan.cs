using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Memory;
using Bixbite.Protocol;
using Bixbite.Structures.Text;
using Bixbite.Types;
using Bixbite.Types.SortedSets;

namespace Bixbite.Commands.SortedSets;

/// <summary>Walking through a sorted set: ZSCAN. The cursor comes before the elements that lead to it, so these wait in a buffer.</summary>
public sealed class ZScan(Heap heap)
{
    private const int DefaultCount = 10;
    private const int BufferSizeKept = 16 * 1024;

    private readonly ReplyWriter _elements = new(new NativeBuffer(heap, BufferSizeKept));

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
        if (!at.Exists)
        {
            Answer(context.Reply, cursor: 0, itemCount: 0);
            return;
        }
        if (!context.IsMissingOr(KeyType.SortedSet, at) || !TryReadOptions(context, out ReadOnlySpan<byte> pattern, out long count))
        {
            return;
        }
        scoped var visitor = new Visitor(_elements, pattern);
        cursor = new SortedSetValue(context.Database.Open(at)).Scan(cursor, (int)Math.Min(count, int.MaxValue), ref visitor);
        Answer(context.Reply, cursor, visitor.ItemCount);
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

    private void Answer(ReplyWriter reply, ulong cursor, int itemCount)
    {
        Span<byte> text = stackalloc byte[Integers.SizeMax];
        reply.Array(2);
        reply.Bulk(text[..Integers.Format(cursor, text)]);
        reply.Array(itemCount);
        reply.Raw(_elements.Buffer.Written(0));
        _elements.Buffer.Truncate(0);
        _elements.Buffer.Shrink(BufferSizeKept);
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
                // Scores are bulk strings here whatever the protocol: the writer stays at RESP2.
                reply.Bulk(member);
                reply.Double(score);
                ItemCount += 2;
            }
        }
    }
}
