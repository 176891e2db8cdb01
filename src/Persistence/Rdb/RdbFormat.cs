namespace Bixbite.Persistence.Rdb;

/// <summary>Numbers of the RDB format.</summary>
internal static class RdbFormat
{
    /// <summary>The version written into DUMP payloads.</summary>
    public const int Version = 11;

    /// <summary>The newest version that is read.</summary>
    public const int VersionMax = 12;

    public const byte TypeString = 0;

    // The first byte of a length. Two high bits choose the form:
    //   00  the other 6 bits are the length
    //   01  14 bits: the other 6 and the next byte
    //   10  0x80: 4 bytes follow, big-endian; 0x81: 8 bytes
    //   11  not a length: the other 6 bits name a special encoding
    public const byte Length14 = 0x40;
    public const byte Length32 = 0x80;
    public const byte Length64 = 0x81;
    public const byte Special = 0xC0;
    public const byte FormMask = 0xC0;
    public const byte ValueMask = 0x3F;

    public const byte SpecialInt8 = 0;
    public const byte SpecialInt16 = 1;
    public const byte SpecialInt32 = 2;
    public const byte SpecialLzf = 3;
}
