using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Requests;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Types;

namespace Bixbite.Commands.Strings;

/// <summary>Editing a string's bytes in place: APPEND and SETRANGE.</summary>
public sealed class Append(ProtocolSettings settings)
{
    [Command(
        "append", Group = "string", Since = "2.0.0", Arity = 3,
        Flags = "write denyoom fast", Keys = "rw insert; 1",
        Complexity = "O(1), amortised",
        Summary = "Appends to the string stored at a key; a missing key is created.",
        Syntax = "key value")]
    public void Run(CommandContext context)
    {
        ReadOnlySpan<byte> key = context[1];
        ReadOnlySpan<byte> value = context[2];
        KeyRef at = context.KeyToWrite(1);
        if (context.IsWrongType(at, KeyType.String))
        {
            return;
        }
        if (!at.Exists)
        {
            context.Database.Put(ref at, key, context.Text(2), Deadline.None);
        }
        else
        {
            int oldLength = (int)at.Record.TextLength;
            if (!IsAllowedSize(context, oldLength, value.Length) || !context.HasRoomFor(value.Length))
            {
                return;
            }
            value.CopyTo(context.Database.EditText(ref at, key, (long)oldLength + value.Length, oldLength)[oldLength..]);
        }
        context.Changed(key, KeyEventClass.String, "append"u8);
        context.Reply.Integer(at.Record.TextLength);
    }

    [Command(
        "setrange", Group = "string", Since = "2.2.0", Arity = 4,
        Flags = "write denyoom", Keys = "rw update; 1",
        Complexity = "O(N) with N the length of the value",
        Summary = "Overwrites a part of the string stored at a key, from an offset on.",
        Syntax = "key offset value")]
    public void SetRange(CommandContext context)
    {
        var arguments = new ArgumentReader(context, 2);
        long offset = arguments.Integer();
        if (offset < 0)
        {
            arguments.Fail(ErrorText.OffsetOutOfRange);
        }
        if (arguments.AnswerFailure())
        {
            return;
        }
        ReadOnlySpan<byte> key = context[1];
        ReadOnlySpan<byte> value = context[3];
        KeyRef at = context.KeyToWrite(1);
        if (context.IsWrongType(at, KeyType.String))
        {
            return;
        }
        if (value.IsEmpty)
        {
            context.Reply.Integer(at.Exists ? at.Record.TextLength : 0);
            return;
        }
        long addedLength = offset + value.Length - (at.Exists ? at.Record.TextLength : 0);
        if (!IsAllowedSize(context, offset, value.Length) || !context.HasRoomFor(addedLength))
        {
            return;
        }
        value.CopyTo(context.Database.EditText(ref at, key, offset + value.Length, offset, value.Length)[(int)offset..]);
        context.Changed(key, KeyEventClass.String, "setrange"u8);
        context.Reply.Integer(at.Record.TextLength);
    }

    /// <summary>Whether a string may grow so far; otherwise answers the error. No setting allows more than a block can hold.</summary>
    private bool IsAllowedSize(CommandContext context, long oldLength, int addedLength)
    {
        long sizeMax = Math.Min(settings.ProtoMaxBulkLength.Value, Array.MaxLength);
        if (oldLength <= sizeMax - addedLength)
        {
            return true;
        }
        context.Reply.Error(ErrorText.StringTooLong);
        return false;
    }
}
