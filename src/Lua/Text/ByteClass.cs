using System.Text;

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

    /// <summary>Writes the bytes with small letters for large ones.</summary>
    public static void ToLower(ReadOnlySpan<byte> from, Span<byte> to)
    {
        _ = Ascii.ToLower(from, to, out int _);
        for (int index = CountAscii(from); index < from.Length; index++)
        {
            to[index] = ToLower(from[index]);
        }
    }

    /// <summary>Writes the bytes with large letters for small ones.</summary>
    public static void ToUpper(ReadOnlySpan<byte> from, Span<byte> to)
    {
        _ = Ascii.ToUpper(from, to, out int _);
        for (int index = CountAscii(from); index < from.Length; index++)
        {
            to[index] = ToUpper(from[index]);
        }
    }

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

    /// <summary>How far the runtime's own conversion goes.</summary>
    private static int CountAscii(ReadOnlySpan<byte> text)
    {
        int end = text.IndexOfAnyInRange((byte)0x80, (byte)0xff);
        return end < 0 ? text.Length : end;
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
