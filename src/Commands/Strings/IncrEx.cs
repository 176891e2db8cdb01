using Bixbite.Commands.Strings.Shared;
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
/// SATURATE stops at the bound; the type's own limits are bounds, too. The answer is the value and what was really added.
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
    public void Run(CommandContext context)
    {
        if (!TryReadOptions(context, out Options options))
        {
            return;
        }
        if (options.IsFloat)
        {
            AddFloat(context, options);
        }
        else
        {
            AddInteger(context, options);
        }
    }

    /// <summary>Each option may be given once.</summary>
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
            else if (!options.IsSaturating && arguments.Match("saturate"u8))
            {
                options.IsSaturating = true;
            }
            else if (!options.IsOnlyWithoutDeadline && arguments.Match("enx"u8))
            {
                options.IsOnlyWithoutDeadline = true;
            }
            else if (options.Expiration.Kind != ExpirationKind.None
                || (!options.Expiration.TryReadPersist(ref arguments) && !options.Expiration.TryReadTime(ref arguments)))
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

    private static void AddInteger(CommandContext context, in Options options)
    {
        if (!TryReadInteger(context, options.IncrementAt, "Increment"u8, 1, out long delta)
            || !TryReadInteger(context, options.LowerAt, "LBOUND"u8, long.MinValue, out long lower)
            || !TryReadInteger(context, options.UpperAt, "UBOUND"u8, long.MaxValue, out long upper)
            || !TryCheckBounds(context, lower > upper, options, out long deadlineMs))
        {
            return;
        }
        KeyRef at = context.KeyToWrite(1);
        if (context.IsWrongType(at, KeyType.String))
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
        Int128 applied = (Int128)result - value;
        if (applied != (long)applied)
        {
            context.Reply.Error(ErrorText.AppliedOverflow);
            return;
        }
        if (isWithin || options.IsSaturating)
        {
            Store(context, ref at, StringForm.OfInteger(result), options, deadlineMs);
        }
        context.Reply.Array(2);
        context.Reply.Integer(result);
        context.Reply.Integer((long)applied);
    }

    private static void AddFloat(CommandContext context, in Options options)
    {
        if (!TryReadFloat(context, options.IncrementAt, "Increment"u8, 0, out Extended delta)
            || !TryReadFloat(context, options.LowerAt, "LBOUND"u8, -Extended.MaxValue, out Extended lower)
            || !TryReadFloat(context, options.UpperAt, "UBOUND"u8, Extended.MaxValue, out Extended upper)
            || !TryCheckBounds(context, lower > upper, options, out long deadlineMs))
        {
            return;
        }
        KeyRef at = context.KeyToWrite(1);
        if (context.IsWrongType(at, KeyType.String))
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
        bool isBelow = sum < lower || sum < -Extended.MaxValue;
        bool isWithin = !isBelow && !(sum > upper || sum > Extended.MaxValue);
        Extended result = isWithin ? sum : options.IsSaturating ? (isBelow ? lower : upper) : value;
        Extended applied = result + -value;
        if (!applied.IsFinite)
        {
            context.Reply.Error(ErrorText.AppliedInfinity);
            return;
        }
        if (isWithin || options.IsSaturating)
        {
            Span<byte> text = stackalloc byte[Extended.FormatSizeMax];
            Store(context, ref at, StringForm.OfText(text[..result.Format(text)]), options, deadlineMs);
        }
        context.Reply.Array(2);
        Answer(context, result);
        Answer(context, applied);
    }

    /// <summary>The last two checks of the options: bounds that leave nothing between them, and the time.</summary>
    private static bool TryCheckBounds(CommandContext context, bool isCrossed, in Options options, out long deadlineMs)
    {
        if (isCrossed)
        {
            deadlineMs = Deadline.None;
            context.Reply.Error(ErrorText.BoundsCrossed);
            return false;
        }
        return options.Expiration.TryResolve(context, "increx"u8, out deadlineMs);
    }

    private static void Store(CommandContext context, ref KeyRef at, in StringForm form, in Options options, long deadlineMs)
    {
        ReadOnlySpan<byte> key = context[1];
        bool hadDeadline = at.Exists && at.Record.HasDeadline;
        bool isTimed = options.Expiration.IsTime && !(options.IsOnlyWithoutDeadline && hadDeadline);
        bool isPersisted = options.Expiration.Kind == ExpirationKind.Persist;
        if (isTimed && context.HasPassed(deadlineMs))
        {
            RemoveAtOnce(context, ref at, key);
            return;
        }
        context.Database.Put(ref at, key, form, isTimed || isPersisted ? deadlineMs : Deadline.Keep);
        context.Changed(key, KeyEventClass.String, options.IsFloat ? "incrbyfloat"u8 : "incrby"u8);
        Repeat(context, at, isTimed ? deadlineMs : isPersisted ? Deadline.None : Deadline.Keep);
        if (isPersisted && hadDeadline)
        {
            context.Changed(key, KeyEventClass.Generic, "persist"u8, count: 0);
        }
        else if (isTimed)
        {
            context.Changed(key, KeyEventClass.Generic, "expire"u8, count: 0);
        }
    }

    /// <summary>The bounds were kept and the sum is known: what is left to repeat is SET.</summary>
    private static void Repeat(CommandContext context, in KeyRef at, long deadlineMs)
    {
        if (!context.Effects.IsWanted)
        {
            return;
        }
        Span<byte> scratch = stackalloc byte[Integers.SizeMax];
        context.Effects.Begin(deadlineMs == Deadline.None ? 3 : deadlineMs == Deadline.Keep ? 4 : 5);
        context.Effects.Add("SET"u8);
        context.Effects.Add(context[1]);
        context.Effects.Add(at.Record.Text(scratch));
        if (deadlineMs == Deadline.Keep)
        {
            context.Effects.Add("KEEPTTL"u8);
        }
        else if (deadlineMs != Deadline.None)
        {
            context.Effects.Add("PXAT"u8);
            context.Effects.Add(deadlineMs);
        }
    }

    /// <summary>A deadline that has passed: the result is answered, but nothing is left of the key.</summary>
    private static void RemoveAtOnce(CommandContext context, ref KeyRef at, ReadOnlySpan<byte> key)
    {
        if (at.Exists)
        {
            context.Database.Remove(ref at);
            context.Changed(key, KeyEventClass.Generic, "del"u8);
            context.Effects.Write("DEL"u8, key);
        }
    }

    /// <summary>A RESP3 double or a bulk string, with the digits of the 80-bit number.</summary>
    private static void Answer(CommandContext context, Extended value)
    {
        Span<byte> text = stackalloc byte[Extended.FormatSizeMax];
        context.Reply.DoubleText(text[..value.Format(text)]);
    }

    private static bool TryReadInteger(CommandContext context, int index, ReadOnlySpan<byte> name, long otherwise, out long value)
    {
        value = otherwise;
        if (index == 0 || Integers.TryParse(context[index], out value))
        {
            return true;
        }
        ErrorText.NamedNotAnInteger(context.Reply, name);
        return false;
    }

    private static bool TryReadFloat(CommandContext context, int index, ReadOnlySpan<byte> name, Extended otherwise, out Extended value)
    {
        value = otherwise;
        if (index == 0 || Extended.TryParse(context[index], out value))
        {
            return true;
        }
        ErrorText.NamedNotAFloat(context.Reply, name);
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
