using System.Text;

namespace Bixbite.Configuration;

/// <summary>
/// Bytes as text and back without loss. Valid UTF-8 is decoded as such; a byte that is not part of any becomes the lone low surrogate
/// U+DC00 + byte, which no valid text contains. So a password or a path of arbitrary bytes survives being a <see cref="string"/>.
/// </summary>
public static class ByteText
{
    private const int EscapeFirst = 0xDC80;
    private const int EscapeLast = 0xDCFF;

    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        StringBuilder text = new(bytes.Length);
        Span<char> pair = stackalloc char[2];
        while (bytes.Length > 0)
        {
            if (Rune.DecodeFromUtf8(bytes, out Rune rune, out int size) == System.Buffers.OperationStatus.Done)
            {
                text.Append(pair[..rune.EncodeToUtf16(pair)]);
            }
            else
            {
                size = 1;
                text.Append((char)(0xDC00 + bytes[0]));
            }
            bytes = bytes[size..];
        }
        return text.ToString();
    }

    public static byte[] Encode(string text)
    {
        byte[] bytes = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        int size = 0;
        ReadOnlySpan<char> rest = text;
        while (rest.Length > 0)
        {
            if (rest[0] is >= (char)EscapeFirst and <= (char)EscapeLast)
            {
                bytes[size++] = (byte)(rest[0] - 0xDC00);
                rest = rest[1..];
                continue;
            }
            Rune.DecodeFromUtf16(rest, out Rune rune, out int count);
            size += rune.EncodeToUtf8(bytes.AsSpan(size));
            rest = rest[count..];
        }
        return bytes[..size];
    }
}
