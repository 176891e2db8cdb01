using Bixbite.Persistence.Loading;
using Bixbite.Persistence.Values;

namespace Bixbite.Fuzz.Targets;

/// <summary>An RDB file is read to its end, or refused with a place; the checksum is left out, since no mutation would fit it.</summary>
internal static class RdbFileTarget
{
    /// <summary>A value for each seed of <see cref="RdbValueTarget"/>, between what a file has besides values.</summary>
    public static IReadOnlyList<byte[]> Seeds { get; } =
    [
        .. RdbValueTarget.Seeds.Select(value => (byte[])
        [
            .. "REDIS0011"u8, 0xFA, 9, .. "redis-ver"u8, 5, .. "7.2.4"u8, 0xF5, 5, .. "#!lua"u8,
            0xFE, 0, 0xFB, 1, 0, 0xFC, 1, 2, 3, 4, 5, 6, 7, 0, 0xF9, 5,
            value[0], 3, .. "key"u8, .. value.AsSpan(1), 0, 1, (byte)'s', 0xC0, 7, 0xFF, .. new byte[8],
        ]),
    ];

    public static void Run(ReadOnlySpan<byte> input)
    {
        using RdbCheck check = RdbCheck.Of(new MemoryFile(input.ToArray()), "file", ValueCodecs.BuiltIn, nowMs: 0);
        for (int slices = 0; !check.Run(static () => true); slices++)
        {
            if (slices > input.Length)
            {
                throw new InvalidOperationException("Reading does not come to an end.");
            }
        }
        if (check.Offset > input.Length || (check.Problem is { } problem && !problem.Contains("byte", StringComparison.Ordinal)))
        {
            throw new InvalidOperationException($"at {check.Offset} of {input.Length}: {check.Problem}");
        }
    }
}
