using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Structures.Text;
using Bixbite.Types;
using Bixbite.Types.Strings;

namespace Bixbite.Commands.Strings;

/// <summary>Counting with fractions: INCRBYFLOAT, in the 80-bit arithmetic whose results Redis prints.</summary>
public sealed class IncrByFloat
{
    [Command(
        "incrbyfloat", Group = "string", Since = "2.6.0", Arity = 3,
        Flags = "write denyoom fast", Keys = "rw access update; 1",
        Complexity = "O(1)",
        Summary = "Adds to the number stored at a key; a missing key counts as 0.",
        Syntax = "key increment:double")]
    public void Run(CommandContext context)
    {
        ReadOnlySpan<byte> key = context[1];
        KeyRef at = context.KeyToWrite(1);
        if (context.IsWrongType(at, KeyType.String))
        {
            return;
        }
        Span<byte> scratch = stackalloc byte[Integers.SizeMax];
        ReadOnlySpan<byte> text = at.Exists ? at.Record.Text(scratch) : "0"u8;
        if (!Extended.TryParse(text, out Extended value) || !Extended.TryParse(context[2], out Extended delta))
        {
            context.Reply.Error(ErrorText.NotAFloat);
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
        context.Database.Put(ref at, key, StringForm.OfText(result), Deadline.Keep);
        context.Changed(key, KeyEventClass.String, "incrbyfloat"u8);
        context.Effects.Begin(4);
        context.Effects.Add("SET"u8);
        context.Effects.Add(key);
        context.Effects.Add(result);
        context.Effects.Add("KEEPTTL"u8);
        context.Reply.Bulk(result);
    }
}
