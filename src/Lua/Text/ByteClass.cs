namespace Bixbite.Lua.Text;

/// <summary>The character classes of C's ctype.h in the C locale: bytes above 127 belong to none.</summary>
public static class ByteClass
{
    [Flags]
    private enum Kind : byte
    {
        None = 0,
        Upper = 1,
        Lower = 2,
        Digit = 4,
        Space = 8,
        Control = 16,
        Punctuation = 32,
        HexLetter = 64,
    }

    private static readonly Kind[] s_kinds = Create();

    public static bool IsUpper(byte one) => (s_kinds[one] & Kind.Upper) != 0;

    public static bool IsLower(byte one) => (s_kinds[one] & Kind.Lower) != 0;

    public static bool IsDigit(byte one) => (s_kinds[one] & Kind.Digit) != 0;

    public static bool IsSpace(byte one) => (s_kinds[one] & Kind.Space) != 0;

    public static bool IsControl(byte one) => (s_kinds[one] & Kind.Control) != 0;

    public static bool IsPunctuation(byte one) => (s_kinds[one] & Kind.Punctuation) != 0;

    public static bool IsLetter(byte one) => (s_kinds[one] & (Kind.Upper | Kind.Lower)) != 0;

    public static bool IsLetterOrDigit(byte one) => (s_kinds[one] & (Kind.Upper | Kind.Lower | Kind.Digit)) != 0;

    public static bool IsHexDigit(byte one) => (s_kinds[one] & (Kind.Digit | Kind.HexLetter)) != 0;

    public static byte ToLower(byte one) => IsUpper(one) ? (byte)(one + ('a' - 'A')) : one;

    public static byte ToUpper(byte one) => IsLower(one) ? (byte)(one - ('a' - 'A')) : one;

    /// <summary>The value of a digit in any base up to 36; 36 and more for a byte that is none.</summary>
    public static int DigitValue(byte one) => one switch
    {
        >= (byte)'0' and <= (byte)'9' => one - '0',
        >= (byte)'a' and <= (byte)'z' => one - 'a' + 10,
        >= (byte)'A' and <= (byte)'Z' => one - 'A' + 10,
        _ => int.MaxValue,
    };

    /// <summary>The bytes without the white space they begin with.</summary>
    public static ReadOnlySpan<byte> TrimStart(ReadOnlySpan<byte> text)
    {
        int start = 0;
        while (start < text.Length && IsSpace(text[start]))
        {
            start++;
        }
        return text[start..];
    }

    private static Kind[] Create()
    {
        Kind[] kinds = new Kind[256];
        for (int one = 0; one < 128; one++)
        {
            char letter = (char)one;
            kinds[one] = letter switch
            {
                '\t' or '\n' or '\v' or '\f' or '\r' => Kind.Space | Kind.Control,
                ' ' => Kind.Space,
                < ' ' or '\x7f' => Kind.Control,
                >= '0' and <= '9' => Kind.Digit,
                >= 'A' and <= 'F' => Kind.Upper | Kind.HexLetter,
                >= 'a' and <= 'f' => Kind.Lower | Kind.HexLetter,
                >= 'A' and <= 'Z' => Kind.Upper,
                >= 'a' and <= 'z' => Kind.Lower,
                _ => Kind.Punctuation,
            };
        }
        return kinds;
    }
}
