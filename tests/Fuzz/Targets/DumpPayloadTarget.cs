using Bixbite.Persistence;
using Bixbite.Persistence.Rdb.Reading;

namespace Bixbite.Fuzz.Targets;

/// <summary>Reading a payload gives a string within the limit, or none; the checksum is left out, since no mutation would fit it.</summary>
internal static class DumpPayloadTarget
{
    private const int LengthMax = 1 << 20;

    private static readonly RdbScratch s_scratch = new();

    public static IReadOnlyList<byte[]> Seeds { get; } =
    [
        Payload(0, 5, (byte)'h', (byte)'e', (byte)'l', (byte)'l', (byte)'o'),
        Payload(0, 0xc0, 5), Payload(0, 0xc1, 5, 5), Payload(0, 0xc2, 1, 2, 3, 4),
        Payload(0, 0x40, 3, 1, 2, 3), Payload(0, 0x80, 0, 0, 0, 1, 7), Payload(0, 0x81, 0, 0, 0, 0, 0, 0, 0, 1, 7),
        Payload(0, 0xc3, 4, 20, 1, (byte)'a', (byte)'a', 0xe0),
    ];

    public static void Run(ReadOnlySpan<byte> input)
    {
        DumpPayload.IsIntact(input);
        if (input.Length <= FooterSize)
        {
            return;
        }
        if (DumpPayload.TryReadString(input, s_scratch, LengthMax, out ReadOnlySpan<byte> text) && text.Length > LengthMax)
        {
            throw new InvalidOperationException("The string is longer than allowed.");
        }
    }

    private const int FooterSize = 10;

    private static byte[] Payload(params byte[] body) => [.. body, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0];
}
