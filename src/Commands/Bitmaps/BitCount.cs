using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Structures.Bits;
using Bixbite.Structures.Text;
using Bixbite.Types;

namespace Bixbite.Commands.Bitmaps;

/// <summary>Looking for bits in a string: BITCOUNT and BITPOS, within a range of bytes or bits.</summary>
public sealed class BitCount
{
    [Command(
        "bitcount", Group = "bitmap", Since = "2.6.0", Arity = -2,
        Flags = "readonly", Keys = "ro access; 1",
        History = "7.0.0 Added the `BYTE|BIT` option.",
        Complexity = "O(N) with N the length of the range",
        Summary = "Counts the bits that are set in a string.",
        Syntax = "key [range: start:integer end:integer [unit@7.0.0: BYTE | BIT]]")]
    public void Run(CommandContext context)
    {
        if (context.Count is not (2 or 4 or 5))
        {
            context.Reply.Error(ErrorText.Syntax);
            return;
        }
        if (!TryReadBounds(context, 2, isUnitFirst: false, out Bounds bounds))
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
        BitRange range = bounds.HasStart
            ? BitRange.Resolve(bounds.Start, bounds.End, bounds.IsInBits, bytes.Length, isReversedEmpty: true)
            : BitRange.Whole(bytes.Length);
        context.Reply.Integer(Structures.Bits.BitCount.Count(bytes, range));
    }

    [Command(
        "bitpos", Group = "bitmap", Since = "2.8.7", Arity = -3,
        Flags = "readonly", Keys = "ro access; 1",
        History = "7.0.0 Added the `BYTE|BIT` option.",
        Complexity = "O(N) with N the length of the range",
        Summary = "Finds the first bit that is set or clear in a string.",
        Syntax = "key bit:integer [range: start:integer [end-unit-block: end:integer [unit@7.0.0: BYTE | BIT]]]")]
    public void BitPos(CommandContext context)
    {
        if (!Integers.TryParse(context[2], out long bit))
        {
            context.Reply.Error(ErrorText.NotAnInteger);
            return;
        }
        if (bit is not (0 or 1))
        {
            context.Reply.Error(ErrorText.BitArgument);
            return;
        }
        if (context.Count > 6)
        {
            context.Reply.Error(ErrorText.Syntax);
            return;
        }
        if (!TryReadBounds(context, 3, isUnitFirst: true, out Bounds bounds))
        {
            return;
        }
        KeyRef at = context.KeyToRead(1);
        if (!context.IsWrongType(at, KeyType.String))
        {
            context.Reply.Integer(Find(at, bounds, isSet: bit == 1));
        }
    }

    /// <summary>A missing key is an endless row of clear bits, and so is what follows a string, unless the range has an end.</summary>
    private static long Find(in KeyRef at, in Bounds bounds, bool isSet)
    {
        if (!at.Exists)
        {
            return isSet ? -1 : 0;
        }
        Span<byte> scratch = stackalloc byte[Integers.SizeMax];
        ReadOnlySpan<byte> bytes = at.Record.Text(scratch);
        long end = bounds.HasEnd ? bounds.End : long.MaxValue;
        BitRange range = bounds.HasStart
            ? BitRange.Resolve(bounds.Start, end, bounds.IsInBits, bytes.Length, isReversedEmpty: false)
            : BitRange.Whole(bytes.Length);
        if (range.IsEmpty)
        {
            return -1;
        }
        long position = BitScan.Find(bytes, range, isSet);
        return position < 0 && !isSet && !bounds.HasEnd ? range.Last + 1 : position;
    }

    /// <summary>
    /// Reads <c>[start [end [BYTE|BIT]]]</c> from a position on, as far as it is there. Where both end and unit are wrong, BITPOS complains
    /// of the unit and BITCOUNT of the end.
    /// </summary>
    private static bool TryReadBounds(CommandContext context, int position, bool isUnitFirst, out Bounds bounds)
    {
        bounds = default;
        if (context.Count <= position)
        {
            return true;
        }
        var arguments = new ArgumentReader(context, position);
        bounds.HasStart = true;
        bounds.Start = arguments.Integer();
        var unit = new ArgumentReader(context, position + 2);
        if (!unit.IsAtEnd)
        {
            bounds.IsInBits = unit.Match("bit"u8);
            if (!bounds.IsInBits && !unit.Match("byte"u8))
            {
                unit.Fail(ErrorText.Syntax);
            }
        }
        if (isUnitFirst && !arguments.HasFailed && unit.AnswerFailure())
        {
            return false;
        }
        if (!arguments.IsAtEnd)
        {
            bounds.HasEnd = true;
            bounds.End = arguments.Integer();
        }
        return !arguments.AnswerFailure() && !unit.AnswerFailure();
    }

    private struct Bounds
    {
        public bool HasStart;
        public bool HasEnd;
        public bool IsInBits;
        public long Start;
        public long End;
    }
}
