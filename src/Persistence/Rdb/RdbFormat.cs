namespace Bixbite.Persistence.Rdb;

/// <summary>Numbers of the RDB format.</summary>
internal static class RdbFormat
{
    /// <summary>The newest version that is read.</summary>
    public const int VersionMax = 12;

    private const int Version = 10;
    private const int VersionWithFieldDeadlines = 12;

    // What is not a value's type stands where one could: from the top of the byte's range downwards.
    public const byte OpEnd = 0xFF;
    public const byte OpDatabase = 0xFE;
    public const byte OpDeadlineSeconds = 0xFD;
    public const byte OpDeadlineMs = 0xFC;
    public const byte OpSizes = 0xFB;
    public const byte OpFact = 0xFA;
    public const byte OpFrequency = 0xF9;
    public const byte OpIdleSeconds = 0xF8;
    public const byte OpModuleFact = 0xF7;
    public const byte OpFunctionOfCandidate = 0xF6;
    public const byte OpFunction = 0xF5;
    public const byte OpSlotSizes = 0xF4;

    /// <summary>The first version whose files end with a checksum.</summary>
    public const int VersionWithChecksum = 5;

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

    // How a node of a list is stored: as one element, or as a listpack.
    public const ulong PlainNode = 1;
    public const ulong PackedNode = 2;

    // Lengths of a score as text that stand for what has no text.
    public const byte ScoreNaN = 253;
    public const byte ScorePositiveInfinity = 254;
    public const byte ScoreNegativeInfinity = 255;

    /// <summary>An ID of a stream: time and number, 8 bytes each, big-endian.</summary>
    public const int StreamIdSize = 16;

    /// <summary>The latest time at which a field may expire.</summary>
    public const ulong FieldDeadlineMsMax = 0xFFFF_FFFF_FFFF;

    /// <summary>A value of this type is one string, which is laid out as it is kept.</summary>
    public static bool IsOnePack(RdbType type) =>
        type is RdbType.SetIntset or RdbType.SetListpack or RdbType.HashListpack or RdbType.SortedSetListpack;

    /// <summary>The version of a value of this type: the oldest that has it, so that the oldest reader can read it.</summary>
    public static ushort VersionOf(RdbType type) =>
        (ushort)FileVersion(type is RdbType.HashWithDeadlines or RdbType.HashListpackWithDeadlines);

    /// <summary>The version of a file: the oldest that has all that is in it.</summary>
    public static int FileVersion(bool hasFieldDeadlines) => hasFieldDeadlines ? VersionWithFieldDeadlines : Version;
}
