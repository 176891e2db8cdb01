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
    [Command(
        "hscan", Group = "hash", Since = "2.8.0", Arity = -3,
        Flags = "readonly", Keys = "ro access; 1", Tips = "nondeterministic_output",
        Complexity = "O(1) for a call, O(N) for a whole walk",
        Summary = "Walks through the fields of a hash and their values, some at a time.",
        Syntax = "key cursor:integer [MATCH pattern] [COUNT count] [NOVALUES]")]
    public void Run(CommandContext context)
    {
        if (!Integers.TryParseCursor(context[2], out ulong cursor))
        {
            context.Reply.Error(ErrorText.InvalidCursor);
            return;
        }
        KeyRef at = context.KeyToRead(1);
        if (context.IsWrongType(at, KeyType.Hash))
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
        if (!WalkOptions.TryRead(context, 3, "novalues"u8, out WalkOptions options))
        {
            return;
        }
        var answer = new Answer(context.Reply, options);
        context.Reply.Array(2);
        int cursorMark = context.Reply.BeginCursor();
        int mark = context.Reply.BeginArray();
        cursor = new HashValue(context.Database.Open(at)).Scan(cursor, options.Count, ref answer);
        context.Reply.EndArray(mark, answer.Count);
        context.Reply.EndCursor(cursorMark, cursor);
    }

    private ref struct Answer(ReplyWriter reply, WalkOptions options) : IFieldVisitor
    {
        private readonly WalkOptions _options = options;

        /// <summary>The elements written.</summary>
        public int Count { get; private set; }

        public void Visit(scoped ReadOnlySpan<byte> field, scoped ReadOnlySpan<byte> value, long deadlineMs)
        {
            if (!_options.Matches(field))
            {
                return;
            }
            reply.Bulk(field);
            Count++;
            if (!_options.IsWithoutValues)
            {
                reply.Bulk(value);
                Count++;
            }
        }
    }
}
