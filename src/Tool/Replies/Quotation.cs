using System.Buffers;
using Bixbite.Structures.Text;

namespace Bixbite.Tool.Replies;

/// <summary>Writes bytes in double quotes with escapes, as they may be typed again.</summary>
internal static class Quotation
{
    private const int PieceSize = 64 * 1024;

    public static void Write(ReadOnlySpan<byte> text, IBufferWriter<byte> output)
    {
        output.Write("\""u8);
        for (; text.Length > PieceSize; text = text[PieceSize..])
        {
            WriteInner(text[..PieceSize], output);
        }
        WriteInner(text, output);
        output.Write("\""u8);
    }

    private static void WriteInner(ReadOnlySpan<byte> text, IBufferWriter<byte> output)
    {
        byte[] room = new byte[Quoted.SizeOf(text)];
        int size = Quoted.Format(text, room);
        output.Write(room.AsSpan(1, size - 2));
    }
}
