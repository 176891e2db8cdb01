using Bixbite.Memory;

namespace Bixbite.Fuzz.Targets;

/// <summary>Three bytes of input are an operation on a heap: blocks keep their bytes, and the accounts are exact.</summary>
internal static class HeapTarget
{
    private const int BlocksMax = 64;

    public static IReadOnlyList<byte[]> Seeds { get; } =
        [[0, 1, 8, 0, 2, 200, 1, 0, 0, 2, 1, 255, 0, 15, 255], [0, 11, 1, 2, 0, 12, 2, 0, 1, 3, 0, 0, 1, 0, 0]];

    public static void Run(ReadOnlySpan<byte> input)
    {
        using var heap = new Heap();
        var blocks = new List<(ulong Address, long Size, byte Pattern)>();
        long usedBytes = 0;
        for (; input.Length >= 3; input = input[3..])
        {
            int chosen = blocks.Count == 0 ? 0 : input[1] % blocks.Count;
            long size = SizeFrom(input[1], input[2]);
            switch (input[0] % 4)
            {
                case 0 when blocks.Count < BlocksMax:
                    Add(heap.Allocate(size), size, input[2]);
                    break;
                case 1 when blocks.Count > 0:
                    heap.Free(Take(chosen).Address);
                    break;
                case 2 when blocks.Count > 0:
                    (ulong address, long oldSize, byte pattern) = Take(chosen);
                    ulong moved = heap.Resize(address, size);
                    Check(Native.Bytes(moved, (int)Math.Min(oldSize, size)), pattern);
                    Add(moved, size, (byte)(pattern + 1));
                    break;
                default:
                    heap.Trim();
                    break;
            }
            if (heap.UsedBytes != usedBytes)
            {
                throw new InvalidOperationException("The used bytes are wrong.");
            }
        }

        void Add(ulong address, long size, byte pattern)
        {
            usedBytes += heap.SizeOf(address);
            Native.Bytes(address, (int)size).Fill(pattern);
            blocks.Add((address, size, pattern));
        }

        (ulong Address, long Size, byte Pattern) Take(int index)
        {
            (ulong Address, long Size, byte Pattern) block = blocks[index];
            blocks.RemoveAt(index);
            Check(Native.Bytes(block.Address, (int)block.Size), block.Pattern);
            usedBytes -= heap.SizeOf(block.Address);
            return block;
        }
    }

    private static long SizeFrom(byte exponent, byte mantissa) => ((long)mantissa + 1) << (exponent % 14);

    private static void Check(ReadOnlySpan<byte> bytes, byte pattern)
    {
        if (bytes.ContainsAnyExcept(pattern))
        {
            throw new InvalidOperationException("A block has lost its bytes.");
        }
    }
}
