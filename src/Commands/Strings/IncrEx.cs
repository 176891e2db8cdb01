using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Structures.Text;
using Bixbite.Types;
using Bixbite.Types.Strings;

namespace Bixbite.Commands.Strings;

/// <summary>
/// INCREX: a counter with bounds and an expiration in one step. A result outside the bounds is refused, and nothing changes, or with
/// SATURATE stops at the bound. The answer is the value and what was really added.
/// </summary>
public sealed class IncrEx
{
    [Command(
        "increx", Group = "string", Since = "8.8.0", Arity = -2,
        Flags = "write denyoom fast", Keys = "rw access update; 1",
        Complexity = "O(1)",
        Summary = "Adds to the number stored at a key within bounds and sets when it expires.",
        Syntax = "key [increment: BYFLOAT float:double | BYINT integer:integer] [LBOUND lowerbound] [UBOUND "
            + "upperbound] [SATURATE] [expiration: EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT "
            + "unix-time-milliseconds | PERSIST] [ENX]")]
    public void IncrementWithin(CommandContext context)
    {
        if (!TryReadOptions(context, out Options options) || !options.Expiration.TryResolve(context, "increx"u8, out long deadlineMs))
        {
            return;
        }
        if (options.IsFloat)
        {
            AddFloat(context, options, deadlineMs);
        }
        else
        {
            AddInteger(context, options, deadlineMs);
        }
    }

    private static bool TryReadOptions(CommandContext context, out Options options)
    {
        options = default;
        var arguments = new ArgumentReader(context, 2);
        while (!arguments.IsAtEnd)
        {
            if (options.IncrementAt == 0 && arguments.Match("byint"u8, valueCount: 1))
            {
                options.IncrementAt = Skip(ref arguments);
            }
            else if (options.IncrementAt == 0 && arguments.Match("byfloat"u8, valueCount: 1))
            {
                options.IsFloat = true;
                options.IncrementAt = Skip(ref arguments);
            }
            else if (options.LowerAt == 0 && arguments.Match("lbound"u8, valueCount: 1))
            {
                options.LowerAt = Skip(ref arguments);
            }
            else if (options.UpperAt == 0 && arguments.Match("ubound"u8, valueCount: 1))
            {
                options.UpperAt = Skip(ref arguments);
            }
            else if (arguments.Match("saturate"u8))
            {
                options.IsSaturating = true;
            }
            else if (arguments.Match("enx"u8))
            {
                options.IsOnlyWithoutDeadline = true;
            }
            else if (!options.Expiration.TryReadPersist(ref arguments) && !options.Expiration.TryReadTime(ref arguments))
            {
                arguments.Fail(ErrorText.Syntax);
            }
        }
        if (options.IsOnlyWithoutDeadline && !options.Expiration.IsTime)
        {
            arguments.Fail(options.Expiration.Kind == ExpirationKind.Persist ? ErrorText.Syntax : ErrorText.EnxWithoutExpiration);
        }
        return !arguments.AnswerFailure();
    }

    private static int Skip(ref ArgumentReader arguments)
    {
        int position = arguments.Position;
        arguments.Next();
        return position;
    }

    private static void AddInteger(CommandContext context, in Options options, long deadlineMs)
    {
        if (!TryReadInteger(context, options.IncrementAt, 1, out long delta)
            || !TryReadInteger(context, options.LowerAt, long.MinValue, out long lower)
            || !TryReadInteger(context, options.UpperAt, long.MaxValue, out long upper))
        {
            return;
        }
        if (lower > upper)
        {
            context.Reply.Error(ErrorText.BoundsCrossed);
            return;
        }
        KeyRef at = context.Write(1);
        if (!context.IsMissingOr(KeyType.String, at))
        {
            return;
        }
        long value = 0;
        Span<byte> scratch = stackalloc byte[Integers.SizeMax];
        if (at.Exists && !Integers.TryParse(at.Record.Text(scratch), out value))
        {
            context.Reply.Error(ErrorText.NotAnInteger);
            return;
        }
        Int128 sum = (Int128)value + delta;
        bool isWithin = sum >= lower && sum <= upper;
        long result = isWithin ? (long)sum : options.IsSaturating ? (sum < lower ? lower : upper) : value;
        if (isWithin || options.IsSaturating)
        {
            Store(context, ref at, StringForm.OfInteger(result), options, deadlineMs);
        }
        context.Reply.Array(2);
        context.Reply.Integer(result);
        context.Reply.Integer((long)Int128.Clamp((Int128)result - value, long.MinValue, long.MaxValue));
    }

    private static void AddFloat(CommandContext context, in Options options, long deadlineMs)
    {
        if (!TryReadFloat(context, options.IncrementAt, 0, out Extended delta)
            || !TryReadFloat(context, options.LowerAt, 0, out Extended lower)
            || !TryReadFloat(context, options.UpperAt, 0, out Extended upper))
        {
            return;
        }
        if (options.LowerAt > 0 && options.UpperAt > 0 && lower > upper)
        {
            context.Reply.Error(ErrorText.BoundsCrossed);
            return;
        }
        KeyRef at = context.Write(1);
        if (!context.IsMissingOr(KeyType.String, at))
        {
            return;
        }
        Extended value = 0;
        Span<byte> scratch = stackalloc byte[Integers.SizeMax];
        if (at.Exists && !Extended.TryParse(at.Record.Text(scratch), out value))
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
        bool isBelow = options.LowerAt > 0 && sum < lower;
        bool isWithin = !isBelow && !(options.UpperAt > 0 && sum > upper);
        Extended result = isWithin ? sum : options.IsSaturating ? (isBelow ? lower : upper) : value;
        if (isWithin || options.IsSaturating)
        {
            Span<byte> text = stackalloc byte[Extended.FormatSizeMax];
            Store(context, ref at, StringForm.OfText(text[..result.Format(text)]), options, deadlineMs);
        }
        context.Reply.Array(2);
        Answer(context, result);
        Answer(context, result + -value);
    }

    private static void Store(CommandContext context, ref KeyRef at, in StringForm form, in Options options, long deadlineMs)
    {
        ReadOnlySpan<byte> key = context[1];
        bool isKept = !options.Expiration.IsTime && options.Expiration.Kind != ExpirationKind.Persist;
        if (options.IsOnlyWithoutDeadline && at.Exists && at.Record.HasDeadline)
        {
            isKept = true;
        }
        bool isPersisted = options.Expiration.Kind == ExpirationKind.Persist && at.Exists && at.Record.HasDeadline;
        context.Database.Put(ref at, key, form, isKept ? Deadline.Keep : deadlineMs);
        context.Changed(key, KeyEventClass.String, options.IsFloat ? "incrbyfloat"u8 : "incrby"u8);
        if (isPersisted)
        {
            context.Changed(key, KeyEventClass.Generic, "persist"u8);
        }
        else if (!isKept && options.Expiration.IsTime)
        {
            context.Changed(key, KeyEventClass.Generic, "expire"u8);
        }
    }

    /// <summary>A RESP3 double or a bulk string, with the digits of the 80-bit number.</summary>
    private static void Answer(CommandContext context, Extended value)
    {
        Span<byte> text = stackalloc byte[Extended.FormatSizeMax];
        context.Reply.DoubleText(text[..value.Format(text)]);
    }

    private static bool TryReadInteger(CommandContext context, int index, long otherwise, out long value)
    {
        value = otherwise;
        if (index == 0 || Integers.TryParse(context[index], out value))
        {
            return true;
        }
        context.Reply.Error(ErrorText.NotAnInteger);
        return false;
    }

    private static bool TryReadFloat(CommandContext context, int index, long otherwise, out Extended value)
    {
        value = otherwise;
        if (index == 0 || Extended.TryParse(context[index], out value))
        {
            return true;
        }
        context.Reply.Error(ErrorText.NotAFloat);
        return false;
    }

    private struct Options
    {
        public Expiration Expiration;
        public bool IsFloat;
        public bool IsSaturating;
        public bool IsOnlyWithoutDeadline;
        public int IncrementAt;
        public int LowerAt;
        public int UpperAt;
    }
}
