using System.Buffers.Text;
using System.Diagnostics;
using System.IO.Hashing;
using Bixbite.Structures.Text;

namespace Bixbite.Structures.Checks;

/// <summary>The digest of a string value for DIGEST, IFDEQ and IFDNE: XXH3 of 64 bits, as 16 hexadecimal digits.</summary>
public static class TextDigest
{
    public const int TextSize = 16;

    public static ulong Of(ReadOnlySpan<byte> value) => XxHash3.HashToUInt64(value);

    /// <summary>Writes <see cref="TextSize"/> lower-case digits, leading zeros included.</summary>
    public static void Format(ulong digest, Span<byte> destination)
    {
        bool fits = Utf8Formatter.TryFormat(digest, destination, out int size, new System.Buffers.StandardFormat('x', TextSize));
        Debug.Assert(fits && size == TextSize);
    }

    /// <summary>
    /// Whether the text names the digest, in either case. A text of 16 bytes that are not all hexadecimal digits names none; other sizes
    /// are the caller's to refuse.
    /// </summary>
    public static bool Matches(ulong digest, ReadOnlySpan<byte> text)
    {
        Span<byte> digits = stackalloc byte[TextSize];
        Format(digest, digits);
        return Ascii.EqualsIgnoreCase(digits, text);
    }
}
