using Bixbite.Commands.Strings.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Structures.Text;
using Bixbite.Types;

namespace Bixbite.Commands.Strings;

/// <summary>Storing one string: SET and the older words for parts of it, SETNX, SETEX and PSETEX.</summary>
public sealed class Set
{
    [Command(
        "set", Group = "string", Since = "1.0.0", Arity = -3,
        Flags = "write denyoom",
        Keys = "rw access update variable_flags; 1 -- RW and ACCESS due to the optional `GET` argument",
        KeyFlags = nameof(KeyFlags),
        History = "2.6.12 Added the `EX`, `PX`, `NX` and `XX` options. | 6.0.0 Added the `KEEPTTL` option. | "
            + "6.2.0 Added the `GET`, `EXAT` and `PXAT` option. | 7.0.0 Allowed the `NX` and `GET` options to be used together.",
        Complexity = "O(1)",
        Summary = "Stores a string at a key, whatever the key held, if a condition holds.",
        Syntax = "key value [condition@2.6.12: NX | XX | IFEQ ifeq-value | IFNE ifne-value | IFDEQ ifdeq-digest | IFDNE ifdne-digest] "
            + "[GET@6.2.0] [expiration: EX seconds@2.6.12 | PX milliseconds@2.6.12 | EXAT unix-time-seconds@6.2.0 | PXAT "
            + "unix-time-milliseconds@6.2.0 | KEEPTTL@6.0.0]")]
    public void Run(CommandContext context)
    {
        if (context.Count == 3)
        {
            KeyRef plain = context.KeyToWrite(1);
            Store(context, ref plain, 2, Deadline.None);
            context.Reply.Ok();
            return;
        }
        SetWithOptions(context);
    }

    [Command(
        "setnx", Group = "string", Since = "1.0.0", Arity = 3,
        Flags = "write denyoom fast", Keys = "ow insert; 1",
        DeprecatedSince = "2.6.12", ReplacedBy = "`SET` with the `NX` argument",
        Complexity = "O(1)",
        Summary = "Stores a string at a key that does not exist.",
        Syntax = "key value")]
    public void SetNx(CommandContext context)
    {
        KeyRef at = context.KeyToWrite(1);
        if (at.Exists)
        {
            context.Reply.Integer(0);
            return;
        }
        Store(context, ref at, 2, Deadline.None);
        context.Reply.Integer(1);
    }

    [Command(
        "setex", Group = "string", Since = "2.0.0", Arity = 4,
        Flags = "write denyoom", Keys = "ow update; 1",
        DeprecatedSince = "2.6.12", ReplacedBy = "`SET` with the `EX` argument",
        Complexity = "O(1)",
        Summary = "Stores a string at a key for some seconds.",
        Syntax = "key seconds value")]
    public void SetEx(CommandContext context) => SetFor(context, "setex"u8, ExpirationKind.Seconds);

    [Command(
        "psetex", Group = "string", Since = "2.6.0", Arity = 4,
        Flags = "write denyoom", Keys = "ow update; 1",
        DeprecatedSince = "2.6.12", ReplacedBy = "`SET` with the `PX` argument",
        Complexity = "O(1)",
        Summary = "Stores a string at a key for some milliseconds.",
        Syntax = "key milliseconds value")]
    public void PSetEx(CommandContext context) => SetFor(context, "psetex"u8, ExpirationKind.Milliseconds);

    /// <summary>With GET or a comparison the old value is read; otherwise the key is only overwritten.</summary>
    internal static KeySpecFlags KeyFlags(ReadOnlySpan<Argument> arguments)
    {
        for (int i = 3; i < arguments.Length; i++)
        {
            ReadOnlySpan<byte> word = arguments[i].Bytes;
            if (Ascii.EqualsIgnoreCase(word, "get"u8) || (word.Length > 2 && Ascii.EqualsIgnoreCase(word[..2], "if"u8)))
            {
                return KeySpecFlags.ReadWrite | KeySpecFlags.Access | KeySpecFlags.Update;
            }
        }
        return KeySpecFlags.Overwrite | KeySpecFlags.Update;
    }

    private static void SetFor(CommandContext context, ReadOnlySpan<byte> name, ExpirationKind kind)
    {
        if (!Expiration.At(kind, valueIndex: 2).TryResolve(context, name, out long deadlineMs))
        {
            return;
        }
        KeyRef at = context.KeyToWrite(1);
        Store(context, ref at, 3, deadlineMs);
        context.Reply.Ok();
    }

    private static void SetWithOptions(CommandContext context)
    {
        var arguments = new ArgumentReader(context, 3);
        var expiration = default(Expiration);
        var condition = default(Condition);
        bool isGet = false;
        while (!arguments.IsAtEnd)
        {
            if (arguments.Match("get"u8))
            {
                isGet = true;
            }
            else if (!condition.TryReadExistence(ref arguments)
                && !condition.TryReadComparison(ref arguments)
                && !expiration.TryReadKeepTtl(ref arguments)
                && !expiration.TryReadTime(ref arguments))
            {
                arguments.Fail(ErrorText.Syntax);
            }
        }
        if (arguments.AnswerFailure() || !expiration.TryResolve(context, "set"u8, out long deadlineMs))
        {
            return;
        }

        KeyRef at = context.KeyToWrite(1);
        if ((isGet || condition.IsComparison) && context.IsWrongType(at, KeyType.String))
        {
            return;
        }
        if (!condition.TryDecide(context, at, out bool holds))
        {
            return;
        }
        if (isGet)
        {
            Get.Answer(context, at);
        }
        if (holds)
        {
            Store(context, ref at, 2, deadlineMs);
            if (condition.IsComparison && !expiration.IsTime)
            {
                RepeatDecided(context, deadlineMs == Deadline.Keep);
            }
            else if (isGet && !expiration.IsTime)
            {
                RepeatWithoutGet(context);
            }
            if (!isGet)
            {
                context.Reply.Ok();
            }
        }
        else if (!isGet)
        {
            context.Reply.Null();
        }
    }

    private static void Store(CommandContext context, ref KeyRef at, int valueIndex, long deadlineMs)
    {
        ReadOnlySpan<byte> key = context[1];
        context.Database.Put(ref at, key, context.Text(valueIndex), deadlineMs);
        context.Changed(key, KeyEventClass.String, "set"u8);
        if (deadlineMs is not (Deadline.None or Deadline.Keep))
        {
            context.Changed(key, KeyEventClass.Generic, "expire"u8, count: 0);
            context.Effects.Begin(5);
            context.Effects.Add("SET"u8);
            context.Effects.Add(key);
            context.Effects.Add(context.Arguments[valueIndex]);
            context.Effects.Add("PXAT"u8);
            context.Effects.Add(deadlineMs);
        }
    }

    /// <summary>The comparison has held, and not all who repeat it know it.</summary>
    private static void RepeatDecided(CommandContext context, bool keepsDeadline)
    {
        context.Effects.Begin(keepsDeadline ? 4 : 3);
        context.Effects.Add("SET"u8);
        context.Effects.Add(context[1]);
        context.Effects.Add(context.Arguments[2]);
        if (keepsDeadline)
        {
            context.Effects.Add("KEEPTTL"u8);
        }
    }

    /// <summary>Whoever repeats the request wants no answer. Behind key and value each GET is the option.</summary>
    private static void RepeatWithoutGet(CommandContext context)
    {
        int count = 0;
        for (int i = 0; i < context.Count; i++)
        {
            count += IsGet(context, i) ? 0 : 1;
        }
        context.Effects.Begin(count);
        for (int i = 0; i < context.Count; i++)
        {
            if (!IsGet(context, i))
            {
                context.Effects.Add(context.Arguments[i]);
            }
        }
    }

    private static bool IsGet(CommandContext context, int index) => index > 2 && Ascii.EqualsIgnoreCase(context[index], "get"u8);
}
