using Bixbite.Commands.Hashes.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Protocol;
using Bixbite.Types.Hashes;

namespace Bixbite.Commands.Hashes;

/// <summary>Removing fields: HDEL, and HGETDEL, which returns their values. A hash without fields is no key any more.</summary>
public sealed class HDel
{
    [Command(
        "hdel", Group = "hash", Since = "2.0.0", Arity = -3,
        Flags = "write fast", Keys = "rw delete; 1",
        History = "2.4.0 Accepts multiple `field` arguments.",
        Complexity = "O(N) with N the number of fields to remove",
        Summary = "Removes fields from a hash and returns how many there were.",
        Syntax = "key field ...")]
    public void Run(CommandContext context)
    {
        if (!HashEdit.TryFind(context, 1, out HashEdit edit))
        {
            return;
        }
        int removedCount = 0;
        if (edit.Exists)
        {
            HashValue hash = edit.Open();
            for (int i = 2; i < context.Count; i++)
            {
                removedCount += hash.Remove(context[i]) ? 1 : 0;
            }
        }
        if (removedCount > 0)
        {
            edit.Close("hdel"u8, removedCount);
        }
        context.Reply.Integer(removedCount);
    }

    [Command(
        "hgetdel", Group = "hash", Since = "8.0.0", Arity = -5,
        Flags = "write fast", Keys = "rw access delete; 1",
        Complexity = "O(N) with N the number of fields",
        Summary = "Returns the values of fields of a hash and removes the fields.",
        Syntax = "key FIELDS (fields: numfields:integer field ...)")]
    public void HGetDel(CommandContext context)
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
        int removedCount = 0;
        HashValue hash = edit.Exists ? edit.Open() : default;
        for (int i = fields.First; i < context.Count; i++)
        {
            if (!edit.Exists)
            {
                context.Reply.Null();
            }
            else if (HGet.Answer(context, hash, context[i]))
            {
                hash.Remove(context[i]);
                removedCount++;
            }
        }
        if (removedCount > 0)
        {
            edit.Close("hdel"u8, removedCount);
            FieldEffects.Delete(context, fields);
        }
    }
}
