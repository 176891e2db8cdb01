using Bixbite.Commands.Hashes.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Protocol;
using Bixbite.Types.Hashes;

namespace Bixbite.Commands.Hashes;

/// <summary>Reading fields and changing when they expire: HGETEX.</summary>
public sealed class HGetEx
{
    [Command(
        "hgetex", Group = "hash", Since = "8.0.0", Arity = -5,
        Flags = "write fast", Keys = "rw access update; 1",
        Complexity = "O(N) with N the number of fields",
        Summary = "Returns the values of fields of a hash and changes when the fields expire.",
        Syntax = "key [expiration: EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | PERSIST] "
            + "FIELDS (fields: numfields:integer field ...)")]
    public void Run(CommandContext context)
    {
        if (!HashEdit.TryFind(context, 1, out HashEdit edit))
        {
            return;
        }
        var arguments = new ArgumentReader(context, 2);
        long deadlineMs = FieldDeadlines.None;
        bool isTime = FieldTime.TryMatch(ref arguments, out FieldTime time);
        if (isTime && !time.TryRead(context, arguments.Next(), out deadlineMs))
        {
            return;
        }
        bool isPersist = !isTime && arguments.Match("persist"u8);
        FieldList fields = FieldList.Read(ref arguments, ErrorText.FieldCountNotPositive);
        if (arguments.AnswerFailure())
        {
            return;
        }
        context.Reply.Array(fields.Count);
        if (!edit.Exists)
        {
            for (int i = 0; i < fields.Count; i++)
            {
                context.Reply.Null();
            }
            return;
        }
        int changeCount = 0;
        HashValue hash = edit.Open();
        for (int i = fields.First; i < context.Count; i++)
        {
            bool exists = HGet.Answer(context, hash, context[i]);
            changeCount += exists && (isTime || isPersist) && Change(context, hash, context[i], deadlineMs) ? 1 : 0;
        }
        if (changeCount > 0)
        {
            bool isOver = context.HasPassed(deadlineMs);
            if (isPersist)
            {
                FieldEffects.Persist(context, fields);
            }
            else if (!isOver)
            {
                FieldEffects.Expire(context, hash, fields, deadlineMs);
            }
            edit.Close(isPersist ? "hpersist"u8 : isOver ? "hdel"u8 : "hexpire"u8, changeCount);
        }
    }

    /// <summary>Changes when a field that exists expires; false if it did not expire and is not going to.</summary>
    private static bool Change(CommandContext context, in HashValue hash, ReadOnlySpan<byte> field, long deadlineMs)
    {
        hash.TryGetDeadline(field, out long oldMs);
        if (deadlineMs == FieldDeadlines.None && oldMs == FieldDeadlines.None)
        {
            return false;
        }
        HExpire.SetOrRemove(context, hash, field, deadlineMs);
        return true;
    }
}
