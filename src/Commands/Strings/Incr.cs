using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Structures.Text;
using Bixbite.Types;
using Bixbite.Types.Strings;

namespace Bixbite.Commands.Strings;

/// <summary>Counting: INCR, DECR, INCRBY, DECRBY with 64-bit integers.</summary>
public sealed class Incr
{
    [Command(
        "incr", Group = "string", Since = "1.0.0", Arity = 2,
        Flags = "write denyoom fast", Keys = "rw access update; 1",
        Complexity = "O(1)",
        Summary = "Adds one to the integer stored at a key; a missing key counts as 0.",
        Syntax = "key")]
    public void Run(CommandContext context) => Add(context, 1);

    [Command(
        "decr", Group = "string", Since = "1.0.0", Arity = 2,
        Flags = "write denyoom fast", Keys = "rw access update; 1",
        Complexity = "O(1)",
        Summary = "Subtracts one from the integer stored at a key; a missing key counts as 0.",
        Syntax = "key")]
    public void Decr(CommandContext context) => Add(context, -1);

    [Command(
        "incrby", Group = "string", Since = "1.0.0", Arity = 3,
        Flags = "write denyoom fast", Keys = "rw access update; 1",
        Complexity = "O(1)",
        Summary = "Adds to the integer stored at a key; a missing key counts as 0.",
        Syntax = "key increment:integer")]
    public void IncrBy(CommandContext context)
    {
        var arguments = new ArgumentReader(context, 2);
        long delta = arguments.Integer();
        if (!arguments.AnswerFailure())
        {
            Add(context, delta);
        }
    }

    [Command(
        "decrby", Group = "string", Since = "1.0.0", Arity = 3,
        Flags = "write denyoom fast", Keys = "rw access update; 1",
        Complexity = "O(1)",
        Summary = "Subtracts from the integer stored at a key; a missing key counts as 0.",
        Syntax = "key decrement:integer")]
    public void DecrBy(CommandContext context)
    {
        var arguments = new ArgumentReader(context, 2);
        long delta = arguments.Integer();
        if (delta == long.MinValue)
        {
            arguments.Fail(ErrorText.DecrementOverflow);
        }
        if (!arguments.AnswerFailure())
        {
            Add(context, -delta);
        }
    }

    private static void Add(CommandContext context, long delta)
    {
        ReadOnlySpan<byte> key = context[1];
        KeyRef at = context.KeyToWrite(1);
        if (context.IsWrongType(at, KeyType.String))
        {
            return;
        }
        if (!TryReadInteger(at, out long value))
        {
            context.Reply.Error(ErrorText.NotAnInteger);
            return;
        }
        long sum = unchecked(value + delta);
        if (((value ^ sum) & (delta ^ sum)) < 0)
        {
            context.Reply.Error(ErrorText.IncrementOverflow);
            return;
        }
        if (at.Exists && at.Record.StringEncoding == StringEncoding.Integer)
        {
            context.Database.SetInteger(ref at, sum);
        }
        else
        {
            context.Database.Put(ref at, key, StringForm.OfInteger(sum), Deadline.Keep);
        }
        context.Changed(key, KeyEventClass.String, "incrby"u8);
        context.Reply.Integer(sum);
    }

    private static bool TryReadInteger(in KeyRef at, out long value)
    {
        value = 0;
        if (!at.Exists)
        {
            return true;
        }
        if (at.Record.StringEncoding == StringEncoding.Integer)
        {
            value = at.Record.Integer;
            return true;
        }
        return Integers.TryParse(at.Record.Text(default), out value);
    }
}
