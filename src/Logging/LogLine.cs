using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Bixbite.Logging;

/// <summary>One line of the log as bytes.</summary>
internal static class LogLine
{
    private const string Levels = ".-*#";
    private const int EscapeSizeMax = 4;

    /// <summary>Writes the line with its line feed and returns its size; a text too long for the destination is cut.</summary>
    public static int Format(Span<byte> destination, long unixMs, char role, LogLevel level, ReadOnlySpan<char> text)
    {
        DateTime time = DateTime.UnixEpoch.AddMilliseconds(unixMs).ToLocalTime();
        Utf8.TryWrite(
            destination,
            CultureInfo.InvariantCulture,
            $"{Environment.ProcessId}:{role} {time:dd MMM yyyy HH:mm:ss.fff} {Levels[(int)level]} ",
            out int size);
        Span<byte> bytes = stackalloc byte[EscapeSizeMax];
        while (text.Length > 0)
        {
            Rune.DecodeFromUtf16(text, out Rune rune, out int count);
            text = text[count..];
            int width = Rune.IsControl(rune) && rune.IsAscii ? Escape((byte)rune.Value, bytes) : rune.EncodeToUtf8(bytes);
            if (size + width + 1 > destination.Length)
            {
                break;
            }
            bytes[..width].CopyTo(destination[size..]);
            size += width;
        }
        destination[size] = (byte)'\n';
        return size + 1;
    }

    private static int Escape(byte letter, Span<byte> destination)
    {
        int letterIndex = "\n\r\t"u8.IndexOf(letter);
        destination[0] = (byte)'\\';
        if (letterIndex >= 0)
        {
            destination[1] = "nrt"u8[letterIndex];
            return 2;
        }
        destination[1] = (byte)'x';
        destination[2] = "0123456789abcdef"u8[letter >> 4];
        destination[3] = "0123456789abcdef"u8[letter & 15];
        return EscapeSizeMax;
    }
}
