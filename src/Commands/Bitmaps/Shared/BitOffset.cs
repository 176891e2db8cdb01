using Bixbite.Engine.Execution;
using Bixbite.Protocol;
using Bixbite.Structures.Text;

namespace Bixbite.Commands.Bitmaps.Shared;

/// <summary>A bit offset as an argument: a number, or for bit fields <c>#n</c>, the n-th field of its width.</summary>
internal static class BitOffset
{
    /// <summary>
    /// Reads the offset; answers an error where it is none, or beyond the longest string allowed. A width of 0 allows no <c>#</c>.
    /// </summary>
    public static bool TryRead(CommandContext context, int index, int width, long sizeMax, out long offset)
    {
        ReadOnlySpan<byte> text = context[index];
        bool isCounted = width > 0 && text.Length > 0 && text[0] == '#';
        if (!Integers.TryParse(isCounted ? text[1..] : text, out offset) || !TryScale(ref offset, isCounted ? width : 1)
            || offset < 0 || offset >> 3 >= Math.Min(sizeMax, int.MaxValue - 8))
        {
            context.Reply.Error(ErrorText.BitOffset);
            return false;
        }
        return true;
    }

    private static bool TryScale(ref long offset, int width)
    {
        Int128 scaled = (Int128)offset * width;
        offset = (long)scaled;
        return scaled == offset;
    }
}
