namespace Bixbite.Structures.Text;

/// <summary>
/// Bytes as a quoted text for people: MONITOR, logs, DEBUG. Quotes and backslashes are escaped, the usual control bytes have
/// their letter (\n \r \t \a \b), other unprintable bytes are \xhh. <see cref="QuotedWords"/> reads it back.
/// </summary>
public static class Quoted
{
    private const int EscapeSize = 2;
    private const int HexSize = 4;

    /// <summary>How many bytes <see cref="Format"/> writes: at most four for each, and the two quotes.</summary>
    public static int SizeOf(ReadOnlySpan<byte> text)
    {
        int size = 2;
        foreach (byte letter in text)
        {
            size += EscapeOf(letter) != 0 ? EscapeSize : Ascii.IsPrintable(letter) ? 1 : HexSize;
        }
        return size;
    }

    /// <summary>Writes the text in quotes and returns how many bytes it took.</summary>
    public static int Format(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        int size = 0;
        destination[size++] = (byte)'"';
        foreach (byte letter in text)
        {
            byte escape = EscapeOf(letter);
            if (escape != 0)
            {
                destination[size++] = (byte)'\\';
                destination[size++] = escape;
            }
            else if (Ascii.IsPrintable(letter))
            {
                destination[size++] = letter;
            }
            else
            {
                destination[size++] = (byte)'\\';
                destination[size++] = (byte)'x';
                destination[size++] = "0123456789abcdef"u8[letter >> 4];
                destination[size++] = "0123456789abcdef"u8[letter & 15];
            }
        }
        destination[size++] = (byte)'"';
        return size;
    }

    private static byte EscapeOf(byte letter) => letter switch
    {
        (byte)'\\' or (byte)'"' => letter,
        (byte)'\n' => (byte)'n',
        (byte)'\r' => (byte)'r',
        (byte)'\t' => (byte)'t',
        (byte)'\a' => (byte)'a',
        (byte)'\b' => (byte)'b',
        _ => 0,
    };
}
