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
    private const int DefaultCount = 10;

    [Command(
        "sscan", Group = "set", Since = "2.8.0", Arity = -3,
        Flags = "readonly", Keys = "ro access; 1", Tips = "nondeterministic_output",
        Complexity = "O(1) for a call, O(N) for a whole walk",
        Summary = "Walks through the members of a set, a few at a time.",
        Syntax = "key cursor:integer [MATCH pattern] [COUNT count]")]
    public void Scan(CommandContext context)
    {
        ReplyWriter reply = context.Reply;
        if (!Integers.TryParse(context[2], out ulong cursor))
        {
            reply.Error(ErrorText.InvalidCursor);
            return;
        }
        KeyRef at = context.Read(1);
        if (!context.IsMissingOr(KeyType.Set, at))
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
        if (!TryReadOptions(context, out ReadOnlySpan<byte> pattern, out long count))
        {
            return;
        }
        reply.Array(2);
        int cursorMark = reply.BeginCursor();
        int mark = reply.BeginArray();
        var answer = new Answer(reply, pattern);
        cursor = new SetValue(context.Database.Open(at)).Stored.Scan(cursor, (int)Math.Min(count, int.MaxValue), ref answer);
        reply.EndArray(mark, answer.Count);
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

    private ref struct Answer(ReplyWriter reply, ReadOnlySpan<byte> pattern) : IMemberSink
    {
        private readonly ReadOnlySpan<byte> _pattern = pattern;
        private readonly bool _isAny = pattern.Length == 1 && pattern[0] == '*';

        public int Count { get; private set; }

        public bool Add(in StoredText member)
        {
            Span<byte> scratch = stackalloc byte[Integers.SizeMax];
            if (_isAny || Glob.IsMatch(_pattern, member.Text(scratch)))
            {
                MemberReply.Write(reply, member);
                Count++;
            }
            return true;
        }
    }
}
