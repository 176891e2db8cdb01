using System.Diagnostics;
using Bixbite.Memory;
using Bixbite.Structures.Hashing;

namespace Bixbite.Micro;

/// <summary>
/// The same keys inserted in several orders: at random, as another index has them, and as the very index will have them, which who knows
/// its seed could choose. Time and memory, also half-way, beside those of the random order.
/// </summary>
internal static class HostileOrderTimes
{
    private const ulong Seed = 42;

    internal static void Print(int count)
    {
        using var records = new Heap();
        using var sourceHeap = new Heap();
        HashIndex<SampleRecords> source = SampleRecords.Fill(sourceHeap, records, count);
        ulong[] room = new ulong[count + IndexWalk.StepSizeMin];
        var walk = default(IndexWalk);
        int filled = 0;
        for (int step = source.Walk(ref walk, room.AsSpan(filled)); step > 0; step = source.Walk(ref walk, room.AsSpan(filled)))
        {
            filled += step;
        }
        ulong[] sorted = room[..count];
        ulong[] random = [.. sorted];
        new Random(1).Shuffle(random);
        Console.WriteLine($"{"keys",10} {"order",-16} {"s",7} {"slowest us",11} {"bytes/key",10} {"at a half",10} {"at 1 %",8}");
        Insert("random", random, indexSeed: 2);
        Insert("another index's", sorted, indexSeed: 2);
        Insert("its own", sorted, indexSeed: 1);
        Array.Reverse(sorted);
        Insert("its own, back", sorted, indexSeed: 1);
    }

    private static void Insert(string name, ulong[] order, ulong indexSeed)
    {
        using var heap = new Heap();
        var index = new HashIndex<SampleRecords>(heap, IndexRoot.Allocate(heap, indexSeed), Seed);
        double half = 0;
        double hundredth = 0;
        long slowest = 0;
        long start = Stopwatch.GetTimestamp();
        long last = start;
        for (int i = 0; i < order.Length; i++)
        {
            index.Insert(index.HashOf(SampleRecords.KeyOf(order[i])), order[i]);
            long now = Stopwatch.GetTimestamp();
            slowest = Math.Max(slowest, now - last);
            last = now;
            if (i == order.Length / 2)
            {
                half = (double)index.MemoryBytes / index.Count;
            }
            if (i == order.Length / 100)
            {
                hundredth = (double)index.MemoryBytes / index.Count;
            }
        }
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        double slowestUs = slowest * 1e6 / Stopwatch.Frequency;
        double bytes = (double)index.MemoryBytes / index.Count;
        Console.WriteLine($"{order.Length,10} {name,-16} {seconds,7:F2} {slowestUs,11:F0} {bytes,10:F2} {half,10:F2} {hundredth,8:F2}");
    }
}
