using Bixbite.Commands.Bitmaps.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Requests;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Structures.Bits;
using Bixbite.Structures.Text;
using Bixbite.Types;

namespace Bixbite.Commands.Bitmaps;

/// <summary>Integers of any width within a string: BITFIELD and BITFIELD_RO.</summary>
public sealed class Bitfield(ProtocolSettings settings)
{
    private readonly List<BitfieldOperation> _operations = [];

    [Command(
        "bitfield", Group = "bitmap", Since = "3.2.0", Arity = -2,
        Flags = "write denyoom",
        Keys = "rw update access variable_flags; 1 -- This command allows both access and modification of the key",
        KeyFlags = nameof(KeyFlags),
        Complexity = "O(1) for each operation",
        Summary = "Reads and changes integers of any width within a string.",
        Syntax = "key [(operation: GET (get-block: encoding offset) | (write: [OVERFLOW (overflow-block: WRAP | SAT | "
            + "FAIL)] (write-operation: SET (set-block: encoding offset value:integer) | INCRBY (incrby-block: "
            + "encoding offset increment:integer)))) ...]")]
    public void Run(CommandContext context)
    {
        if (!TryReadOperations(context))
        {
            return;
        }
        if (_operations.TrueForAll(operation => operation.Action == BitfieldAction.Get))
        {
            Read(context);
        }
        else
        {
            Change(context);
        }
    }

    [Command(
        "bitfield_ro", Group = "bitmap", Since = "6.0.0", Arity = -2,
        Flags = "readonly fast", Keys = "ro access; 1",
        Complexity = "O(1) for each operation",
        Summary = "Reads integers of any width within a string.",
        Syntax = "key [(GET (get-block: encoding offset)) ...]")]
    public void BitfieldRo(CommandContext context)
    {
        if (!TryReadOperations(context))
        {
            return;
        }
        if (_operations.TrueForAll(operation => operation.Action == BitfieldAction.Get))
        {
            Read(context);
        }
        else
        {
            context.Reply.Error(ErrorText.BitfieldReadOnly);
        }
    }

    /// <summary>With only GETs the key is only read.</summary>
    internal static KeySpecFlags KeyFlags(ReadOnlySpan<Argument> arguments)
    {
        for (int i = 2; i < arguments.Length; i++)
        {
            ReadOnlySpan<byte> word = arguments[i].Bytes;
            int left = arguments.Length - 1 - i;
            if (left >= 2 && Ascii.EqualsIgnoreCase(word, "get"u8))
            {
                i += 2;
            }
            else if (left >= 1 && Ascii.EqualsIgnoreCase(word, "overflow"u8))
            {
                i++;
            }
            else
            {
                // Also what is no operation counts as a change: nobody is admitted by a mistake.
                return KeySpecFlags.ReadWrite | KeySpecFlags.Access | KeySpecFlags.Update;
            }
        }
        return KeySpecFlags.ReadOnly | KeySpecFlags.Access;
    }

    private bool TryReadOperations(CommandContext context)
    {
        _operations.Clear();
        return BitfieldOperation.TryReadAll(context, settings.ProtoMaxBulkLength.Value, _operations);
    }

    private void Read(CommandContext context)
    {
        KeyRef at = context.KeyToRead(1);
        if (context.IsWrongType(at, KeyType.String))
        {
            return;
        }
        Span<byte> scratch = stackalloc byte[Integers.SizeMax];
        ReadOnlySpan<byte> bytes = at.Exists ? at.Record.Text(scratch) : default;
        context.Reply.Array(_operations.Count);
        foreach (BitfieldOperation operation in _operations)
        {
            context.Reply.Integer(BitField.Get(bytes, operation.Offset, operation.Type));
        }
    }

    private void Change(CommandContext context)
    {
        ReadOnlySpan<byte> key = context[1];
        KeyRef at = context.KeyToWrite(1);
        if (context.IsWrongType(at, KeyType.String))
        {
            return;
        }
        long firstBit = long.MaxValue;
        long lastBit = 0;
        foreach (BitfieldOperation operation in _operations)
        {
            if (operation.Action != BitfieldAction.Get)
            {
                firstBit = Math.Min(firstBit, operation.Offset);
                lastBit = Math.Max(lastBit, operation.LastBit);
            }
        }
        long size = (lastBit >> 3) + 1;
        long start = Math.Min(firstBit >> 3, size);
        int changeCount = 0;
        bool isGrown = !at.Exists || at.Record.TextLength < size;
        if (isGrown && !context.HasRoomFor(size - (at.Exists ? at.Record.TextLength : 0)))
        {
            return;
        }
        Span<byte> bytes = context.Database.EditText(ref at, key, size, start, size - start);
        context.Reply.Array(_operations.Count);
        foreach (BitfieldOperation operation in _operations)
        {
            changeCount += Apply(context.Reply, bytes, operation, isGrown) ? 1 : 0;
        }
        if (isGrown || changeCount > 0)
        {
            context.Changed(key, KeyEventClass.String, "setbit"u8, Math.Max(changeCount, 1));
        }
    }

    /// <summary>Runs one operation and answers it; true where a bit changed, or came into being.</summary>
    private static bool Apply(ReplyWriter reply, Span<byte> bytes, in BitfieldOperation operation, bool isGrown)
    {
        long old = BitField.Get(bytes, operation.Offset, operation.Type);
        if (operation.Action == BitfieldAction.Get)
        {
            reply.Integer(old);
            return false;
        }
        bool isIncrement = operation.Action == BitfieldAction.IncrBy;
        bool isFitting = isIncrement
            ? BitField.TryAdd(operation.Type, old, operation.Value, operation.Overflow, out long value)
            : BitField.TryFit(operation.Type, operation.Value, operation.Overflow, out value);
        if (!isFitting)
        {
            reply.Null();
            return false;
        }
        BitField.Set(bytes, operation.Offset, operation.Type, value);
        reply.Integer(isIncrement ? value : old);
        return isGrown || value != old;
    }
}
