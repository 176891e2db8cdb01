using Bixbite.Commands.Hashes.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Propagation;
using Bixbite.Protocol;
using Bixbite.Structures.Text;
using Bixbite.Types.Hashes;

namespace Bixbite.Commands.Hashes;

/// <summary>Counting in fields: HINCRBY, and HINCRBYFLOAT in the 80-bit arithmetic whose results Redis prints. Deadlines stay.</summary>
public sealed class HIncrBy
{
    [Command(
        "hincrby", Group = "hash", Since = "2.0.0", Arity = 4,
        Flags = "write denyoom fast", Keys = "rw access update; 1",
        Complexity = "O(1)",
        Summary = "Adds to the integer in a field of a hash; a missing field counts as 0.",
        Syntax = "key field increment:integer")]
    public void Run(CommandContext context)
    {
        var arguments = new ArgumentReader(context, 3);
        long delta = arguments.Integer();
        if (arguments.AnswerFailure() || !HashEdit.TryFind(context, 1, out HashEdit edit))
        {
            return;
        }
        Span<byte> text = stackalloc byte[Integers.SizeMax];
        long value = 0;
        if (edit.Exists && edit.Open().TryGet(context[2], text, out ReadOnlySpan<byte> old) && !Integers.TryParse(old, out value))
        {
            context.Reply.Error(ErrorText.HashValueNotAnInteger);
            return;
        }
        long sum = unchecked(value + delta);
        if (((value ^ sum) & (delta ^ sum)) < 0)
        {
            context.Reply.Error(ErrorText.IncrementOverflow);
            return;
        }
        edit.Open().Set(context[2], text[..Integers.Format(sum, text)], keepsDeadline: true);
        edit.Close("hincrby"u8, 1);
        context.Reply.Integer(sum);
    }

    [Command(
        "hincrbyfloat", Group = "hash", Since = "2.6.0", Arity = 4,
        Flags = "write denyoom fast", Keys = "rw access update; 1",
        Complexity = "O(1)",
        Summary = "Adds to the number in a field of a hash; a missing field counts as 0.",
        Syntax = "key field increment:double")]
    public void HIncrByFloat(CommandContext context)
    {
        if (!Extended.TryParse(context[3], out Extended delta))
        {
            context.Reply.Error(ErrorText.NotAFloat);
            return;
        }
        if (!delta.IsFinite)
        {
            context.Reply.Error(ErrorText.NaNOrInfinity);
            return;
        }
        if (!HashEdit.TryFind(context, 1, out HashEdit edit))
        {
            return;
        }
        Span<byte> scratch = stackalloc byte[Integers.SizeMax];
        Extended value = 0;
        if (edit.Exists && edit.Open().TryGet(context[2], scratch, out ReadOnlySpan<byte> old) && !Extended.TryParse(old, out value))
        {
            context.Reply.Error(ErrorText.HashValueNotAFloat);
            return;
        }
        Extended sum = value + delta;
        if (!sum.IsFinite)
        {
            context.Reply.Error(ErrorText.IncrementNaN);
            return;
        }
        Span<byte> result = stackalloc byte[Extended.FormatSizeMax];
        result = result[..sum.Format(result)];
        edit.Open().Set(context[2], result, keepsDeadline: true);
        bool isExpiring = edit.Open().TryGetDeadline(context[2], out long deadlineMs) && deadlineMs != FieldDeadlines.None;
        edit.Close("hincrbyfloat"u8, 1);
        Repeat(context, result, isExpiring ? deadlineMs : FieldDeadlines.None);
        context.Reply.Bulk(result);
    }

    /// <summary>HSET takes the field's deadline away.</summary>
    private static void Repeat(CommandContext context, ReadOnlySpan<byte> sum, long deadlineMs)
    {
        Effects effects = context.Effects;
        effects.Begin(4);
        effects.Add("HSET"u8);
        effects.Add(context[1]);
        effects.Add(context[2]);
        effects.Add(sum);
        if (deadlineMs != FieldDeadlines.None)
        {
            FieldEffects.ExpireOne(context, context[2], deadlineMs);
        }
    }
}
