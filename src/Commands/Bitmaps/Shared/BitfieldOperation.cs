using Bixbite.Engine.Execution;
using Bixbite.Protocol;
using Bixbite.Structures.Bits;
using Bixbite.Structures.Text;

namespace Bixbite.Commands.Bitmaps.Shared;

internal enum BitfieldAction : byte
{
    Get,
    Set,
    IncrBy,
}

/// <summary>One GET, SET or INCRBY of a BITFIELD.</summary>
internal readonly record struct BitfieldOperation(
    BitfieldAction Action, BitFieldType Type, long Offset, long Value, BitFieldOverflow Overflow)
{
    /// <summary>The last bit that the operation touches.</summary>
    public long LastBit => Offset + Type.BitCount - 1;

    /// <summary>Reads all operations of a command; answers the first error.</summary>
    public static bool TryReadAll(CommandContext context, long sizeMax, List<BitfieldOperation> operations)
    {
        BitFieldOverflow overflow = BitFieldOverflow.Wrap;
        for (int i = 2; i < context.Count;)
        {
            int left = context.Count - i - 1;
            ReadOnlySpan<byte> word = context[i];
            if (left >= 1 && Ascii.EqualsIgnoreCase(word, "overflow"u8))
            {
                if (!TryReadOverflow(context, i + 1, out overflow))
                {
                    return false;
                }
                i += 2;
                continue;
            }
            BitfieldAction action;
            if (left >= 2 && Ascii.EqualsIgnoreCase(word, "get"u8))
            {
                action = BitfieldAction.Get;
            }
            else if (left >= 3 && Ascii.EqualsIgnoreCase(word, "set"u8))
            {
                action = BitfieldAction.Set;
            }
            else if (left >= 3 && Ascii.EqualsIgnoreCase(word, "incrby"u8))
            {
                action = BitfieldAction.IncrBy;
            }
            else
            {
                context.Reply.Error(ErrorText.Syntax);
                return false;
            }
            if (!TryRead(context, i + 1, action, overflow, sizeMax, out BitfieldOperation operation))
            {
                return false;
            }
            operations.Add(operation);
            i += action == BitfieldAction.Get ? 3 : 4;
        }
        return true;
    }

    private static bool TryRead(
        CommandContext context, int index, BitfieldAction action, BitFieldOverflow overflow, long sizeMax, out BitfieldOperation operation)
    {
        operation = default;
        if (!BitFieldType.TryParse(context[index], out BitFieldType type))
        {
            context.Reply.Error(ErrorText.BitfieldType);
            return false;
        }
        if (!BitOffset.TryRead(context, index + 1, type.BitCount, sizeMax, out long offset))
        {
            return false;
        }
        long value = 0;
        if (action != BitfieldAction.Get && !Integers.TryParse(context[index + 2], out value))
        {
            context.Reply.Error(ErrorText.NotAnInteger);
            return false;
        }
        operation = new BitfieldOperation(action, type, offset, value, overflow);
        return true;
    }

    private static bool TryReadOverflow(CommandContext context, int index, out BitFieldOverflow overflow)
    {
        ReadOnlySpan<byte> word = context[index];
        overflow = BitFieldOverflow.Wrap;
        if (Ascii.EqualsIgnoreCase(word, "wrap"u8))
        {
            return true;
        }
        if (Ascii.EqualsIgnoreCase(word, "sat"u8))
        {
            overflow = BitFieldOverflow.Saturate;
            return true;
        }
        if (Ascii.EqualsIgnoreCase(word, "fail"u8))
        {
            overflow = BitFieldOverflow.Fail;
            return true;
        }
        context.Reply.Error(ErrorText.BitfieldOverflow);
        return false;
    }
}
