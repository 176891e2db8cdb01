namespace Bixbite.Structures.Checks;

/// <summary>The 16-bit checksum of cluster slots: XMODEM (polynomial x^16 + x^12 + x^5 + 1, not reflected, starting from zero).</summary>
public static class Crc16
{
    private const ushort Polynomial = 0x1021;

    private static readonly ushort[] s_table = BuildTable();

    public static ushort Compute(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<ushort> table = s_table;
        uint crc = 0;
        foreach (byte value in bytes)
        {
            crc = (crc << 8 ^ table[(int)((crc >> 8 ^ value) & 0xFF)]) & 0xFFFF;
        }
        return (ushort)crc;
    }

    private static ushort[] BuildTable()
    {
        ushort[] table = new ushort[256];
        for (int value = 0; value < table.Length; value++)
        {
            int crc = value << 8;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = crc << 1 ^ ((crc & 0x8000) != 0 ? Polynomial : 0);
            }
            table[value] = (ushort)crc;
        }
        return table;
    }
}
