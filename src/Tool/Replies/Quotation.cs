using System.Buffers;
using Bixbite.Structures.Text;

namespace Bixbite.Tool.Replies;

/// <summary>Writes bytes in double quotes with escapes, as they may be typed again.</summary>
internal static class Quotation
{
    private const int PieceSize = 64 * 1024;

    /// <param name="text">The bytes.</param>
    /// <param name="output">Where they are written.</param>
    /// <param name="hasDoubledBackslashes">The escapes are escaped themselves, for a text within a text.</param>
    public static void Write(ReadOnlySpan<byte> text, IBufferWriter<byte> output, bool hasDoubledBackslashes = false)
    {
        output.Write("\""u8);
        for (; text.Length > PieceSize; text = text[PieceSize..])
        {
            WriteInner(text[..PieceSize], output, hasDoubledBackslashes);
        }
        WriteInner(text, output, hasDoubledBackslashes);
        output.Write("\""u8);
    }

    private static void WriteInner(ReadOnlySpan<byte> text, IBufferWriter<byte> output, bool hasDoubledBackslashes)
    {
        byte[] room = new byte[Quoted.SizeOf(text)];
        int size = Quoted.Format(text, room);
        ReadOnlySpan<byte> inner = room.AsSpan(1, size - 2);
        for (int at = hasDoubledBackslashes ? inner.IndexOf((byte)'\\') : -1; at >= 0; at = inner.IndexOf((byte)'\\'))
        {
            output.Write(inner[..at]);
            output.Write("\\\\"u8);
            inner = inner[(at + 1)..];
        }
        output.Write(inner);
    }
}
