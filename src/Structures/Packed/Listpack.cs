using System.Buffers.Binary;

namespace Bixbite.Structures.Packed;

/// <summary>The frame of a listpack: header and end mark.</summary>
public static class Listpack
{
    public const int EmptySize = 7;

    public static void WriteEmpty(Span<byte> target)
    {
        BinaryPrimitives.WriteInt32LittleEndian(target, EmptySize);
        BinaryPrimitives.WriteInt16LittleEndian(target[4..], 0);
        target[6] = 0xFF;
    }

    /// <summary>All bytes, header and end mark included.</summary>
    public static int SizeOf(ReadOnlySpan<byte> pack) => BinaryPrimitives.ReadInt32LittleEndian(pack);
}
