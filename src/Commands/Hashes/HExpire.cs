using Bixbite.Commands.Hashes.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Protocol;
using Bixbite.Types.Hashes;

namespace Bixbite.Commands.Hashes;

/// <summary>
/// Giving fields a deadline: HEXPIRE, HPEXPIRE, HEXPIREAT, HPEXPIREAT with NX, XX, GT and LT; and taking it away: HPERSIST.
/// </summary>
public sealed class HExpire
{
    /// <summary>The replies for a field.</summary>
    private const int MissingField = -2;
    private const int NoDeadline = -1;
    private const int ConditionNotMet = 0;
    private const int Done = 1;
    private const int Deleted = 2;

    private const int ConditionIndex = 3;

    private enum Condition : byte
    {
        None,
        NoDeadline,
        AnyDeadline,
        Later,
        Earlier,
    }

    [Command(
        "hexpire", Group = "hash", Since = "7.4.0", Arity = -6,
        Flags = "write denyoom fast", Keys = "rw update; 1",
        Complexity = "O(N) with N the number of fields",
        Summary = "Sets how many seconds fields of a hash will live.",
        Syntax = "key seconds [condition: NX | XX | GT | LT] FIELDS (fields: numfields:integer field ...)")]
    public void Run(CommandContext context) => SetDeadline(context, FieldTime.Seconds);

    [Command(
        "hpexpire", Group = "hash", Since = "7.4.0", Arity = -6,
        Flags = "write denyoom fast", Keys = "rw update; 1",
        Complexity = "O(N) with N the number of fields",
        Summary = "Sets how many milliseconds fields of a hash will live.",
        Syntax = "key milliseconds [condition: NX | XX | GT | LT] FIELDS (fields: numfields:integer field ...)")]
    public void HPExpire(CommandContext context) => SetDeadline(context, FieldTime.Milliseconds);

    [Command(
        "hexpireat", Group = "hash", Since = "7.4.0", Arity = -6,
        Flags = "write denyoom fast", Keys = "rw update; 1",
        Complexity = "O(N) with N the number of fields",
        Summary = "Sets the Unix time in seconds at which fields of a hash expire.",
        Syntax = "key unix-time-seconds [condition: NX | XX | GT | LT] FIELDS (fields: numfields:integer field ...)")]
    public void HExpireAt(CommandContext context) => SetDeadline(context, FieldTime.UnixSeconds);

    [Command(
        "hpexpireat", Group = "hash", Since = "7.4.0", Arity = -6,
        Flags = "write denyoom fast", Keys = "rw update; 1",
        Complexity = "O(N) with N the number of fields",
        Summary = "Sets the Unix time in milliseconds at which fields of a hash expire.",
        Syntax = "key unix-time-milliseconds [condition: NX | XX | GT | LT] FIELDS (fields: numfields:integer field ...)")]
    public void HPExpireAt(CommandContext context) => SetDeadline(context, FieldTime.UnixMilliseconds);

    [Command(
        "hpersist", Group = "hash", Since = "7.4.0", Arity = -5,
        Flags = "write fast", Keys = "rw update; 1",
        Complexity = "O(N) with N the number of fields",
        Summary = "Makes fields of a hash live for ever.",
        Syntax = "key FIELDS (fields: numfields:integer field ...)")]
    public void HPersist(CommandContext context)
    {
        if (!HashEdit.TryFind(context, 1, out HashEdit edit))
        {
            return;
        }
        var arguments = new ArgumentReader(context, 2);
        FieldList fields = FieldList.Read(ref arguments, ErrorText.FieldCountNotPositive);
        if (arguments.AnswerFailure())
        {
            return;
        }
        context.Reply.Array(fields.Count);
        int changeCount = 0;
        HashValue hash = edit.Exists ? edit.Open() : default;
        for (int i = fields.First; i < context.Count; i++)
        {
            int answer = edit.Exists ? PersistField(hash, context[i]) : MissingField;
            context.Reply.Integer(answer);
            changeCount += answer == Done ? 1 : 0;
        }
        if (changeCount > 0)
        {
            edit.Close("hpersist"u8, changeCount);
        }
    }

    /// <summary>Gives the field a deadline; or removes it if that is over, has that repeated, and returns false.</summary>
    internal static bool SetOrRemove(CommandContext context, in HashValue hash, ReadOnlySpan<byte> field, long deadlineMs)
    {
        if (context.HasPassed(deadlineMs))
        {
            hash.Remove(field);
            context.Effects.Write("HDEL"u8, context[1], field);
            return false;
        }
        hash.SetDeadline(field, deadlineMs);
        return true;
    }

    private static int PersistField(in HashValue hash, ReadOnlySpan<byte> field)
    {
        if (!hash.TryGetDeadline(field, out long deadlineMs))
        {
            return MissingField;
        }
        if (deadlineMs == FieldDeadlines.None)
        {
            return NoDeadline;
        }
        hash.SetDeadline(field, FieldDeadlines.None);
        return Done;
    }

    private static void SetDeadline(CommandContext context, FieldTime time)
    {
        if (!HashEdit.TryFind(context, 1, out HashEdit edit) || !time.TryRead(context, context[2], out long deadlineMs))
        {
            return;
        }
        var arguments = new ArgumentReader(context, 3);
        Condition condition = ReadCondition(ref arguments);
        FieldList fields = FieldList.Read(ref arguments, ErrorText.FieldCountTooSmall);
        if (arguments.AnswerFailure())
        {
            return;
        }
        context.Reply.Array(fields.Count);
        int changeCount = 0;
        HashValue hash = edit.Exists ? edit.Open() : default;
        for (int i = fields.First; i < context.Count; i++)
        {
            int answer = edit.Exists ? SetDeadline(context, hash, context[i], condition, deadlineMs) : MissingField;
            context.Reply.Integer(answer);
            changeCount += answer >= Done ? 1 : 0;
        }
        if (changeCount > 0)
        {
            bool isOver = context.HasPassed(deadlineMs);
            if (!isOver)
            {
                FieldEffects.Expire(context, hash, fields, deadlineMs, condition == Condition.None ? 0 : ConditionIndex);
            }
            edit.Close(isOver ? "hdel"u8 : "hexpire"u8, changeCount);
        }
    }

    private static int SetDeadline(
        CommandContext context, in HashValue hash, ReadOnlySpan<byte> field, Condition condition, long deadlineMs)
    {
        if (!hash.TryGetDeadline(field, out long oldMs))
        {
            return MissingField;
        }
        if (!IsMet(condition, oldMs, deadlineMs))
        {
            return ConditionNotMet;
        }
        return SetOrRemove(context, hash, field, deadlineMs) ? Done : Deleted;
    }

    private static Condition ReadCondition(ref ArgumentReader arguments)
    {
        if (arguments.Match("nx"u8))
        {
            return Condition.NoDeadline;
        }
        if (arguments.Match("xx"u8))
        {
            return Condition.AnyDeadline;
        }
        if (arguments.Match("gt"u8))
        {
            return Condition.Later;
        }
        return arguments.Match("lt"u8) ? Condition.Earlier : Condition.None;
    }

    /// <summary>A field without a deadline counts as one that lives for ever.</summary>
    private static bool IsMet(Condition condition, long oldMs, long newMs) => condition switch
    {
        Condition.NoDeadline => oldMs == FieldDeadlines.None,
        Condition.AnyDeadline => oldMs != FieldDeadlines.None,
        Condition.Later => newMs > oldMs,
        Condition.Earlier => newMs < oldMs,
        _ => true,
    };
}
