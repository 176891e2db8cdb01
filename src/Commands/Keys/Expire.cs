using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Platform;
using Bixbite.Protocol;
using Bixbite.Structures.Text;
using Bixbite.Types;

namespace Bixbite.Commands.Keys;

/// <summary>Giving a key a deadline: EXPIRE, PEXPIRE, EXPIREAT, PEXPIREAT with NX, XX, GT and LT; and taking it away: PERSIST.</summary>
public sealed class Expire
{
    [Flags]
    private enum Condition
    {
        None = 0,
        NoDeadline = 1,
        AnyDeadline = 2,
        Later = 4,
        Earlier = 8,
    }

    [Command(
        "expire", Group = "generic", Since = "1.0.0", Arity = -3,
        Flags = "write fast", Keys = "rw update; 1",
        History = "7.0.0 Added options: `NX`, `XX`, `GT` and `LT`.",
        Complexity = "O(1)",
        Summary = "Sets how many seconds a key will live.",
        Syntax = "key seconds [condition@7.0.0: NX | XX | GT | LT]")]
    public void Run(CommandContext context) => SetDeadline(context, unitMs: 1000, context.NowMs, "expire"u8);

    [Command(
        "pexpire", Group = "generic", Since = "2.6.0", Arity = -3,
        Flags = "write fast", Keys = "rw update; 1",
        History = "7.0.0 Added options: `NX`, `XX`, `GT` and `LT`.",
        Complexity = "O(1)",
        Summary = "Sets how many milliseconds a key will live.",
        Syntax = "key milliseconds [condition@7.0.0: NX | XX | GT | LT]")]
    public void PExpire(CommandContext context) => SetDeadline(context, unitMs: 1, context.NowMs, "pexpire"u8);

    [Command(
        "expireat", Group = "generic", Since = "1.2.0", Arity = -3,
        Flags = "write fast", Keys = "rw update; 1",
        History = "7.0.0 Added options: `NX`, `XX`, `GT` and `LT`.",
        Complexity = "O(1)",
        Summary = "Sets the Unix time in seconds at which a key expires.",
        Syntax = "key unix-time-seconds [condition@7.0.0: NX | XX | GT | LT]")]
    public void ExpireAt(CommandContext context) => SetDeadline(context, unitMs: 1000, baseMs: 0, "expireat"u8);

    [Command(
        "pexpireat", Group = "generic", Since = "2.6.0", Arity = -3,
        Flags = "write fast", Keys = "rw update; 1",
        History = "7.0.0 Added options: `NX`, `XX`, `GT` and `LT`.",
        Complexity = "O(1)",
        Summary = "Sets the Unix time in milliseconds at which a key expires.",
        Syntax = "key unix-time-milliseconds [condition@7.0.0: NX | XX | GT | LT]")]
    public void PExpireAt(CommandContext context) => SetDeadline(context, unitMs: 1, baseMs: 0, "pexpireat"u8);

    [Command(
        "persist", Group = "generic", Since = "2.2.0", Arity = 2,
        Flags = "write fast", Keys = "rw update; 1",
        Complexity = "O(1)",
        Summary = "Makes a key live for ever.",
        Syntax = "key")]
    public void Persist(CommandContext context)
    {
        KeyRef at = context.KeyToWrite(1);
        bool hasDeadline = at.Exists && at.Record.HasDeadline;
        if (hasDeadline)
        {
            context.Database.SetDeadline(ref at, Deadline.None);
            context.Changed(context[1], KeyEventClass.Generic, "persist"u8);
        }
        context.Reply.Integer(hasDeadline ? 1 : 0);
    }

    private static void SetDeadline(CommandContext context, int unitMs, long baseMs, ReadOnlySpan<byte> name)
    {
        if (!TryReadCondition(context, out Condition condition) || !TryReadTime(context, unitMs, baseMs, name, out long deadlineMs))
        {
            return;
        }
        KeyRef at = context.KeyToWrite(1);
        if (!at.Exists || !IsMet(condition, at.Record, deadlineMs))
        {
            context.Reply.Integer(0);
            return;
        }
        if (context.HasPassed(deadlineMs))
        {
            context.Database.Remove(ref at);
            context.Changed(context[1], KeyEventClass.Generic, "del"u8);
            context.Effects.Write("DEL"u8, context[1]);
        }
        else
        {
            context.Database.SetDeadline(ref at, deadlineMs);
            context.Changed(context[1], KeyEventClass.Generic, "expire"u8);
            if (unitMs != 1 || baseMs != 0)
            {
                RepeatAt(context, deadlineMs);
            }
        }
        context.Reply.Integer(1);
    }

    private static void RepeatAt(CommandContext context, long deadlineMs)
    {
        context.Effects.Begin(context.Count);
        context.Effects.Add("PEXPIREAT"u8);
        context.Effects.Add(context[1]);
        context.Effects.Add(deadlineMs);
        for (int i = 3; i < context.Count; i++)
        {
            context.Effects.Add(context[i]);
        }
    }

    private static bool TryReadCondition(CommandContext context, out Condition condition)
    {
        condition = Condition.None;
        for (int i = 3; i < context.Count; i++)
        {
            ReadOnlySpan<byte> word = context[i];
            Condition one = Ascii.EqualsIgnoreCase(word, "nx"u8) ? Condition.NoDeadline
                : Ascii.EqualsIgnoreCase(word, "xx"u8) ? Condition.AnyDeadline
                : Ascii.EqualsIgnoreCase(word, "gt"u8) ? Condition.Later
                : Ascii.EqualsIgnoreCase(word, "lt"u8) ? Condition.Earlier
                : Condition.None;
            if (one == Condition.None)
            {
                ErrorText.UnsupportedOption(context.Reply, word);
                return false;
            }
            condition |= one;
        }
        if (Has(condition, Condition.NoDeadline) && condition != Condition.NoDeadline)
        {
            context.Reply.Error(ErrorText.ExpireNxConflict);
            return false;
        }
        if (Has(condition, Condition.Later | Condition.Earlier))
        {
            context.Reply.Error(ErrorText.ExpireGtLtConflict);
            return false;
        }
        return true;
    }

    private static bool TryReadTime(CommandContext context, int unitMs, long baseMs, ReadOnlySpan<byte> name, out long deadlineMs)
    {
        deadlineMs = 0;
        if (!Integers.TryParse(context[2], out long value))
        {
            context.Reply.Error(ErrorText.NotAnInteger);
            return false;
        }
        if (!DeadlineMath.TryAdd(0, value, unitMs, out _) || !DeadlineMath.TryAdd(baseMs, value, unitMs, out deadlineMs))
        {
            ErrorText.InvalidExpireTime(context.Reply, name);
            return false;
        }
        return true;
    }

    /// <summary>Whether all of these are among them; Enum.HasFlag is an allocation until a method has been optimized.</summary>
    private static bool Has(Condition condition, Condition wanted) => (condition & wanted) == wanted;

    /// <summary>A key without a deadline counts as one that lives for ever.</summary>
    private static bool IsMet(Condition condition, Record record, long deadlineMs)
    {
        if (condition == Condition.None)
        {
            return true;
        }
        bool has = record.HasDeadline;
        if ((Has(condition, Condition.NoDeadline) && has) || (Has(condition, Condition.AnyDeadline) && !has))
        {
            return false;
        }
        if (Has(condition, Condition.Later) && (!has || deadlineMs <= record.DeadlineMs))
        {
            return false;
        }
        return !Has(condition, Condition.Earlier) || !has || deadlineMs < record.DeadlineMs;
    }
}
