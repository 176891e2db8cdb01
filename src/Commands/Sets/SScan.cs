using Bixbite.Commands.Sets.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Structures.Text;
using Bixbite.Types;
using Bixbite.Types.Sets;

namespace Bixbite.Commands.Sets;

/// <summary>Walking through the members, a few at a time: SSCAN.</summary>
public sealed class SScan
{
    [Command(
        "sscan", Group = "set", Since = "2.8.0", Arity = -3,
        Flags = "readonly", Keys = "ro access; 1", Tips = "nondeterministic_output",
        Complexity = "O(1) for a call, O(N) for a whole walk",
        Summary = "Walks through the members of a set, a few at a time.",
        Syntax = "key cursor:integer [MATCH pattern] [COUNT count]")]
    public void Run(CommandContext context)
    {
        ReplyWriter reply = context.Reply;
        if (!Integers.TryParseCursor(context[2], out ulong cursor))
        {
            reply.Error(ErrorText.InvalidCursor);
            return;
        }
        KeyRef at = context.KeyToRead(1);
        if (context.IsWrongType(at, KeyType.Set))
        {
            return;
        }
        if (!at.Exists)
        {
            reply.Array(2);
            reply.BulkInteger(0);
            reply.Array(0);
            return;
        }
        if (!WalkOptions.TryRead(context, 3, default, out WalkOptions options))
        {
            return;
        }
        reply.Array(2);
        int cursorMark = reply.BeginCursor();
        int mark = reply.BeginArray();
        var answer = new Answer(reply, options);
        cursor = new SetValue(context.Database.Open(at)).Stored.Scan(cursor, options.Count, ref answer);
        reply.EndArray(mark, answer.Count);
        reply.EndCursor(cursorMark, cursor);
    }

    private ref struct Answer(ReplyWriter reply, WalkOptions options) : IMemberSink
    {
        private readonly WalkOptions _options = options;

        public int Count { get; private set; }

        public bool Add(in StoredText member)
        {
            Span<byte> scratch = stackalloc byte[Integers.SizeMax];
            if (_options.Matches(member.Text(scratch)))
            {
                MemberReply.Write(reply, member);
                Count++;
            }
            return true;
        }
    }
}
