using System.Buffers.Binary;

namespace Bixbite.Structures.Digests;

/// <summary>
/// How SHA-1 and SHA-256 end a text: what is left of it after its whole blocks of 64 bytes, a bit, zeros up to the end of a block, and in
/// the last eight bytes the length of the text in bits.
/// </summary>
internal static class LastBlocks
{
    public const int BlockSize = 64;
    public const int SizeMax = 2 * BlockSize;

    /// <summary>Writes the one or two blocks to the front of <paramref name="room"/>, which is zeroed, and returns them.</summary>
    public static ReadOnlySpan<byte> Write(ReadOnlySpan<byte> text, Span<byte> room)
    {
        ReadOnlySpan<byte> left = text[^(text.Length % BlockSize)..];
        left.CopyTo(room);
        room[left.Length] = 0x80;
        int size = left.Length + 1 + sizeof(ulong) <= BlockSize ? BlockSize : SizeMax;
        BinaryPrimitives.WriteUInt64BigEndian(room[(size - sizeof(ulong))..], (ulong)text.Length * 8);
        return room[..size];
    }
}
