using Bixbite.Memory;

namespace Bixbite.Fuzz.Targets;

/// <summary>
/// The first byte chooses an ordered or a weighted tree, and whether its heap has the fence. Then three bytes are an operation: what,
/// how many times, and where. Elements have few prefixes, so many are equal. After each operation the tree holds what a list beside it
/// holds; in the end it gives back all memory.
/// </summary>
internal static class CountedTreeTarget
{
    private const int CountMax = 20_000;

    public static IReadOnlyList<byte[]> Seeds { get; } =
    [
        [0, 0, 255, 3, 0, 255, 99, 0, 255, 200, 1, 100, 7, 2, 250, 10, 0, 200, 5, 3, 255, 0],
        [1, 0, 255, 3, 0, 255, 99, 1, 255, 255, 2, 30, 200, 3, 250, 128, 0, 255, 0, 2, 255, 0],
        [0, 1, 255, 255, 1, 255, 255, 1, 255, 255, 4, 200, 0, 4, 200, 128, 3, 255, 0],
        [3, 1, 255, 255, 1, 99, 255, 4, 9, 77, 5, 255, 255, 3, 255, 9],
    ];

    public static void Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
        {
            return;
        }
        using var heap = new Heap(isFenced: (input[0] & 2) != 0);
        if ((input[0] & 1) == 0)
        {
            Run(new OrderedSubject(heap), heap, input[1..]);
        }
        else
        {
            Run(new WeightedSubject(heap), heap, input[1..]);
        }
    }

    private static void Run<TSubject>(TSubject subject, Heap heap, ReadOnlySpan<byte> input)
        where TSubject : ITreeSubject
    {
        for (; input.Length >= 3; input = input[3..])
        {
            int times = input[1];
            for (int i = 0; i < times; i++)
            {
                int spread = ((input[2] << 8) + (i * 251)) & 0xFFFF;
                switch (input[0] % 6)
                {
                    case 0 when subject.Count < CountMax: subject.Add(spread); break;
                    case 1 when subject.Count < CountMax: subject.AddLast(); break;
                    case 2: subject.Remove(spread); break;
                    case 3: subject.Remove(input[2] < 128 ? 0 : 0xFFFF); break;
                    case 4 when i == 0: subject.RemoveRange(input[2] << 8, times * 16); break;
                    case 5: subject.Change(spread); break;
                }
            }
            subject.Verify();
        }
        subject.Release();
        if (heap.UsedBytes != 0)
        {
            throw new InvalidOperationException("Memory is left behind.");
        }
    }
}
