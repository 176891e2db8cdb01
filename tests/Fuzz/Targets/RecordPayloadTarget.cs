using Bixbite.Persistence;
using Bixbite.Persistence.Rdb.Reading;

namespace Bixbite.Fuzz.Targets;

/// <summary>
/// A payload of FUNCTION RESTORE gives libraries within the limit, or says what is wrong, and comes to an end; the checksum is left out,
/// since no mutation would fit it.
/// </summary>
internal static class RecordPayloadTarget
{
    private const byte LibraryCode = 0xF5;
    private const int FooterSize = 10;
    private const int LengthMax = 1 << 20;

    private static readonly RdbScratch s_scratch = new();

    public static IReadOnlyList<byte[]> Seeds { get; } =
    [
        Payload([]), Payload([LibraryCode, 5, .. "#!lua"u8]), Payload([LibraryCode, 3, .. "abc"u8, LibraryCode, 0x40, 3, .. "def"u8]),
        Payload([LibraryCode, 0xC3, 4, 20, 1, .. "aa"u8, 0xE0, 0]), Payload([LibraryCode, 0xC0, 5]), Payload([0xF6, 3, .. "lib"u8]),
    ];

    public static void Run(ReadOnlySpan<byte> input)
    {
        if (!DumpPayload.IsIntact(input, isChecksumSkipped: true))
        {
            return;
        }
        var reader = new RecordPayloadReader(input, LibraryCode, s_scratch, LengthMax);
        for (int left = input.Length - FooterSize; ; left -= 2)
        {
            RecordStep step = reader.Next(out ReadOnlySpan<byte> record);
            if (left < 0 || record.Length > LengthMax)
            {
                throw new InvalidOperationException("There are more records, or longer ones, than there can be.");
            }
            if (step != RecordStep.Record)
            {
                return;
            }
        }
    }

    private static byte[] Payload(ReadOnlySpan<byte> body) => [.. body, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0];
}
