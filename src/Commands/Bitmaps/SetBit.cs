using Bixbite.Commands.Bitmaps.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Requests;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Structures.Text;
using Bixbite.Types;

namespace Bixbite.Commands.Bitmaps;

/// <summary>Single bits of a string: SETBIT and GETBIT. Bit 0 is the highest bit of the first byte.</summary>
public sealed class SetBit(ProtocolSettings settings)
{
    [Command(
        "setbit", Group = "bitmap", Since = "2.2.0", Arity = 4,
        Flags = "write denyoom", Keys = "rw access update; 1",
        Complexity = "O(1)",
        Summary = "Sets a bit of the string stored at a key and returns the old one.",
        Syntax = "key offset value:integer")]
    public void Run(CommandContext context)
    {
        if (!TryReadOffset(context, 2, out long offset))
        {
            return;
        }
        if (!Integers.TryParse(context[3], out long bit) || bit is not (0 or 1))
        {
            context.Reply.Error(ErrorText.BitValue);
            return;
        }
        ReadOnlySpan<byte> key = context[1];
        KeyRef at = context.KeyToWrite(1);
        if (context.IsWrongType(at, KeyType.String))
        {
            return;
        }
        int index = (int)(offset >> 3);
        int mask = 0x80 >> (int)(offset & 7);
        bool isGrowing = !at.Exists || at.Record.TextLength <= index;
        if (isGrowing && !context.HasRoomFor(index + 1L - (at.Exists ? at.Record.TextLength : 0)))
        {
            return;
        }
        Span<byte> bytes = context.Database.EditText(ref at, key, index + 1L, index, 1);
        bool old = (bytes[index] & mask) != 0;
        if (isGrowing || old != (bit == 1))
        {
            bytes[index] = (byte)(bit == 1 ? bytes[index] | mask : bytes[index] & ~mask);
            context.Changed(key, KeyEventClass.String, "setbit"u8);
        }
        context.Reply.Integer(old ? 1 : 0);
    }

    [Command(
        "getbit", Group = "bitmap", Since = "2.2.0", Arity = 3,
        Flags = "readonly fast", Keys = "ro access; 1",
        Complexity = "O(1)",
        Summary = "Returns a bit of the string stored at a key.",
        Syntax = "key offset")]
    public void GetBit(CommandContext context)
    {
        if (!TryReadOffset(context, 2, out long offset))
        {
            return;
        }
        KeyRef at = context.KeyToRead(1);
        if (context.IsWrongType(at, KeyType.String))
        {
            return;
        }
        Span<byte> scratch = stackalloc byte[Integers.SizeMax];
        ReadOnlySpan<byte> bytes = at.Exists ? at.Record.Text(scratch) : default;
        long index = offset >> 3;
        bool isSet = index < bytes.Length && (bytes[(int)index] & (0x80 >> (int)(offset & 7))) != 0;
        context.Reply.Integer(isSet ? 1 : 0);
    }

    private bool TryReadOffset(CommandContext context, int index, out long offset) =>
        BitOffset.TryRead(context, index, width: 0, settings.ProtoMaxBulkLength.Value, out offset);
}
