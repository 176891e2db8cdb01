using Bixbite.Structures.Checks;

namespace Bixbite.Fuzz.Targets;

/// <summary>Decompressing anything writes within its destination, and what is compressed comes back as it was.</summary>
internal static class LzfTarget
{
    private static readonly LzfCompressor s_compressor = new();

    public static void Run(ReadOnlySpan<byte> input)
    {
        foreach (int size in new[] { 0, 1, input.Length, 1000 })
        {
            if (Lzf.Decompress(input, new byte[size]) > size)
            {
                throw new InvalidOperationException("More was decompressed than there is room for.");
            }
        }

        byte[] compressed = new byte[input.Length];
        int length = s_compressor.Compress(input, compressed);
        byte[] back = new byte[input.Length];
        if (length > 0 && (Lzf.Decompress(compressed.AsSpan(0, length), back) != back.Length || !input.SequenceEqual(back)))
        {
            throw new InvalidOperationException("The compressed text does not come back.");
        }
    }
}
