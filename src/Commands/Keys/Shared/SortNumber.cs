using Bixbite.Structures.Text;
using Bixbite.Types;

namespace Bixbite.Commands.Keys.Shared;

/// <summary>Parses numbers as SORT does: like C's strtod, it skips leading white space and finds 0 in an empty text.</summary>
internal static class SortNumber
{
    public static bool TryRead(StoredText text, out double number)
    {
        if (text.IsInteger)
        {
            number = text.Integer;
            return true;
        }
        number = 0;
        ReadOnlySpan<byte> bytes = text.Bytes;
        if (bytes.IsEmpty)
        {
            return true;
        }
        while (!bytes.IsEmpty && Ascii.IsSpace(bytes[0]))
        {
            bytes = bytes[1..];
        }
        return Doubles.TryParse(bytes, out number);
    }
}
