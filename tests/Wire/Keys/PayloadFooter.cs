using System.Buffers.Binary;

namespace Bixbite.Wire.Keys;

/// <summary>The end of a payload of DUMP.</summary>
internal static class PayloadFooter
{
    private const ulong Polynomial = 0x95ac9329ac4bc9b5;

    /// <summary>Writes the checksum that fits: CRC-64 of Jones over all before it.</summary>
    public static void Sign(byte[] payload)
    {
        ulong crc = 0;
        foreach (byte value in payload.AsSpan(0, payload.Length - 8))
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 1 ? (crc >> 1) ^ Polynomial : crc >> 1;
            }
        }

        BinaryPrimitives.WriteUInt64LittleEndian(payload.AsSpan(payload.Length - 8), crc);
    }
}
