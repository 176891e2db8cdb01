using System.Buffers.Binary;

namespace Bixbite.Structures.Checks;

/// <summary>MurmurHash64A, little endian on every machine: the hash that HyperLogLog values are made of.</summary>
public static class Murmur64
{
    private const ulong Multiplier = 0xC6A4_A793_5BD1_E995;
    private const int Rotation = 47;

    public static ulong Hash(ReadOnlySpan<byte> bytes, uint seed)
    {
        ulong hash = seed ^ ((ulong)bytes.Length * Multiplier);
        while (bytes.Length >= sizeof(ulong))
        {
            ulong word = BinaryPrimitives.ReadUInt64LittleEndian(bytes) * Multiplier;
            word = (word ^ word >> Rotation) * Multiplier;
            hash = (hash ^ word) * Multiplier;
            bytes = bytes[sizeof(ulong)..];
        }
        if (bytes.Length > 0)
        {
            ulong tail = 0;
            for (int i = 0; i < bytes.Length; i++)
            {
                tail |= (ulong)bytes[i] << 8 * i;
            }
            hash = (hash ^ tail) * Multiplier;
        }
        hash = (hash ^ hash >> Rotation) * Multiplier;
        return hash ^ hash >> Rotation;
    }
}
