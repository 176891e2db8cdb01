using System.Buffers.Binary;

namespace Bixbite.Structures.Packed;

/// <summary>The header of an intset.</summary>
public static class Intset
{
    public const int EmptySize = 8;

    /// <summary>All bytes, header included.</summary>
    public static int SizeOf(ReadOnlySpan<byte> set) =>
        EmptySize + (BinaryPrimitives.ReadInt32LittleEndian(set) * BinaryPrimitives.ReadInt32LittleEndian(set[4..]));
}
