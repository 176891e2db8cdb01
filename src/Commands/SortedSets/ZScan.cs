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
    [Command(
        "zscan", Group = "sorted_set", Since = "2.8.0", Arity = -3,
        Flags = "readonly", Keys = "ro access; 1", Tips = "nondeterministic_output",
        History = "8.0.0 Added the `NOSCORES` option.",
        Complexity = "O(1) for a call, O(N) for a whole walk",
        Summary = "Walks through the members of a sorted set and their scores, a few at a time.",
        Syntax = "key cursor:integer [MATCH pattern] [COUNT count] [NOSCORES@8.0.0]")]
    public void Run(CommandContext context)
    {
        if (!Integers.TryParseCursor(context[2], out ulong cursor))
        {
            context.Reply.Error(ErrorText.InvalidCursor);
            return;
        }
        KeyRef at = context.KeyToRead(1);
        if (context.IsWrongType(at, KeyType.SortedSet))
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
        if (!WalkOptions.TryRead(context, 3, "noscores"u8, out WalkOptions options))
        {
            return;
        }
        reply.Array(2);
        int cursorMark = reply.BeginCursor();
        int mark = reply.BeginArray();
        scoped var visitor = new Visitor(reply, options);
        cursor = new SortedSetValue(context.Database.Open(at)).Scan(cursor, options.Count, ref visitor);
        reply.EndArray(mark, visitor.ItemCount);
        reply.EndCursor(cursorMark, cursor);
    }

    private ref struct Visitor(ReplyWriter reply, WalkOptions options) : ISortedSetVisitor
    {
        private readonly WalkOptions _options = options;

        public int ItemCount { get; private set; }

        public void Visit(scoped ReadOnlySpan<byte> member, double score)
        {
            if (_options.Matches(member))
            {
                reply.Bulk(member);
                ItemCount++;
                if (_options.IsWithoutValues)
                {
                    return;
                }
                // Scores are bulk strings here, in RESP3 too.
                Span<byte> text = stackalloc byte[Doubles.SizeMax];
                reply.Bulk(text[..Doubles.Format(score, text)]);
                ItemCount++;
            }
        }
    }
}
