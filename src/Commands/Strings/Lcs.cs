using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Requests;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Structures.Text;
using Bixbite.Types;

namespace Bixbite.Commands.Strings;

/// <summary>LCS: the longest common subsequence of two strings, as text, as length, or as the ranges that match.</summary>
public sealed class Lcs(ProtocolSettings settings)
{
    [Command(
        "lcs", Group = "string", Since = "7.0.0", Arity = -3,
        Flags = "readonly", Keys = "ro access; 1..2",
        Complexity = "O(N*M) with N and M the lengths of the strings",
        Summary = "Finds the longest common subsequence of two strings.",
        Syntax = "key1:key key2:key [LEN] [IDX] [MINMATCHLEN min-match-len:integer] [WITHMATCHLEN]")]
    public void Run(CommandContext context)
    {
        KeyRef first = context.KeyToRead(1);
        KeyRef second = context.KeyToRead(2);
        if ((first.Exists && first.Record.Type != KeyType.String) || (second.Exists && second.Record.Type != KeyType.String))
        {
            context.Reply.Error(ErrorText.LcsNotStrings);
            return;
        }
        if (!TryReadOptions(context, out Options options))
        {
            return;
        }
        Span<byte> scratchA = stackalloc byte[Integers.SizeMax];
        Span<byte> scratchB = stackalloc byte[Integers.SizeMax];
        ReadOnlySpan<byte> a = first.Exists ? first.Record.Text(scratchA) : default;
        ReadOnlySpan<byte> b = second.Exists ? second.Record.Text(scratchB) : default;

        // The limit is Redis', whose table takes four bytes a cell.
        Int128 tableSize = ((Int128)a.Length + 1) * (b.Length + 1) * sizeof(uint);
        if (tableSize > settings.ProtoMaxBulkLength.Value)
        {
            context.Reply.Error(ErrorText.LcsMemoryLimit);
            return;
        }
        using var lcs = new Structures.Text.Lcs(a, b, keepsPath: !options.IsLength);
        if (options.IsLength)
        {
            context.Reply.Integer(lcs.Length);
        }
        else if (options.IsIndex)
        {
            AnswerMatches(context.Reply, lcs, options);
        }
        else
        {
            lcs.CopyTo(context.Reply.ReserveBulk(lcs.Length));
        }
    }

    private static bool TryReadOptions(CommandContext context, out Options options)
    {
        options = default;
        var arguments = new ArgumentReader(context, 3);
        while (!arguments.IsAtEnd)
        {
            if (arguments.Match("idx"u8))
            {
                options.IsIndex = true;
            }
            else if (arguments.Match("len"u8))
            {
                options.IsLength = true;
            }
            else if (arguments.Match("withmatchlen"u8))
            {
                options.IsWithLength = true;
            }
            else if (arguments.Match("minmatchlen"u8, valueCount: 1))
            {
                options.LengthMin = arguments.Integer();
            }
            else
            {
                arguments.Fail(ErrorText.Syntax);
            }
        }
        if (options.IsLength && options.IsIndex)
        {
            arguments.Fail(ErrorText.LcsLengthAndIndexes);
        }
        return !arguments.AnswerFailure();
    }

    private static void AnswerMatches(ReplyWriter reply, Structures.Text.Lcs lcs, in Options options)
    {
        reply.Map(2);
        reply.Bulk("matches"u8);
        int mark = reply.BeginArray();
        int count = 0;
        while (lcs.TryNextMatch(out LcsMatch match))
        {
            if (match.Length < options.LengthMin)
            {
                continue;
            }
            count++;
            reply.Array(options.IsWithLength ? 3 : 2);
            AnswerRange(reply, match.FirstA, match.LastA);
            AnswerRange(reply, match.FirstB, match.LastB);
            if (options.IsWithLength)
            {
                reply.Integer(match.Length);
            }
        }
        reply.EndArray(mark, count);
        reply.Bulk("len"u8);
        reply.Integer(lcs.Length);
    }

    private static void AnswerRange(ReplyWriter reply, int first, int last)
    {
        reply.Array(2);
        reply.Integer(first);
        reply.Integer(last);
    }

    private struct Options
    {
        public bool IsIndex;
        public bool IsLength;
        public bool IsWithLength;
        public long LengthMin;
    }
}
