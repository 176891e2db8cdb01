using System.Diagnostics;
using System.Globalization;
using Bixbite.Memory;
using Bixbite.Structures.Ordered;

namespace Bixbite.Micro;

/// <summary>
/// Steps on trees from what fits the caches to what does not: nanoseconds each, and bytes per entry after insertion in random and in
/// ascending order. "Equal" is a set whose scores are all the same, so that only members tell.
/// </summary>
internal static class CountedTreeTimes
{
    private const int Steps = 500_000;
    private const int WalkCount = 100;

    internal static void Print(int countMax)
    {
        Console.WriteLine($"{"entries",12} {"order",-10} {"B/entry",8} {"insert",8} {"bound",8} {"rank",8} {"select",8} "
            + $"{"walk",8} {"back",8} {"remove",8}  (walk: per element of {WalkCount})");
        for (int i = 0; i < 3; i++)
        {
            Measure(200_000, "warm-up", i => new SampleKey(SampleMembers.Scatter((ulong)i & 0xFFFF), i));
        }
        for (int count = 1_000; count <= countMax; count *= 10)
        {
            Measure(count, "random", i => new SampleKey(SampleMembers.Scatter((ulong)i), i));
            Measure(count, "ascending", i => new SampleKey((ulong)i << 20, i));
            Measure(count, "equal", i => new SampleKey(1UL << 40, (long)(SampleMembers.Scatter((ulong)i) >> 8)));
        }
    }

    private static void Measure(int count, string order, Func<int, SampleKey> keyOf)
    {
        using var elements = new Heap();
        using var heap = new Heap();
        ulong root = heap.Allocate(CountedTree<SampleMembers>.RootSize);
        CountedTree<SampleMembers>.Initialize(heap, root);
        var tree = new CountedTree<SampleMembers>(heap, root);
        var keys = new SampleKey[count];
        var made = new ulong[count];
        for (int i = 0; i < count; i++)
        {
            keys[i] = keyOf(i);
            made[i] = SampleMembers.Create(elements, keys[i].Score, (int)keys[i].Number);
            Native.At<long>(made[i] + 8) = keys[i].Number;
        }
        double insert = Time(count, () =>
        {
            for (int i = 0; i < count; i++)
            {
                tree.Insert(keys[i], made[i]);
            }
        });
        double bytes = (double)tree.MemoryBytes / count;
        var random = new Random(1);
        int[] picks = new int[Math.Min(Steps, count * 100)];
        for (int i = 0; i < picks.Length; i++)
        {
            picks[i] = random.Next(count);
        }
        double[] times =
        [
            Time(picks.Length, () => Bounds(tree, keys, picks)),
            Time(picks.Length, () => Ranks(tree, keys, picks)),
            Time(picks.Length, () => Selections(tree, picks)),
            Time(picks.Length / WalkCount * WalkCount, () => Walks(tree, picks, isBackward: false)),
            Time(picks.Length / WalkCount * WalkCount, () => Walks(tree, picks, isBackward: true)),
        ];
        random.Shuffle(keys);
        double remove = Time(count, () =>
        {
            foreach (SampleKey key in keys)
            {
                tree.TryRemove(key, out _);
            }
        });
        if (tree.Count != 0)
        {
            throw new InvalidOperationException("keys are missing");
        }
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{count,12:N0} {order,-10} {bytes,8:F2} {insert,8:F1} {times[0],8:F1} {times[1],8:F1} {times[2],8:F1} "
            + $"{times[3],8:F2} {times[4],8:F2} {remove,8:F1}"));
    }

    private static double Time(int steps, Action body)
    {
        long start = Stopwatch.GetTimestamp();
        body();
        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / steps;
    }

    private static void Bounds(CountedTree<SampleMembers> tree, SampleKey[] keys, int[] picks)
    {
        ulong sum = 0;
        foreach (int pick in picks)
        {
            sum += tree.EntryAt(tree.LowerBound(keys[pick]));
        }
        Keep(sum);
    }

    private static void Ranks(CountedTree<SampleMembers> tree, SampleKey[] keys, int[] picks)
    {
        ulong sum = 0;
        foreach (int pick in picks)
        {
            sum += (ulong)tree.IndexOf(tree.LowerBound(keys[pick]));
        }
        Keep(sum);
    }

    private static void Selections(CountedTree<SampleMembers> tree, int[] picks)
    {
        ulong sum = 0;
        foreach (int pick in picks)
        {
            sum += tree.EntryAt(tree.At(pick, out _));
        }
        Keep(sum);
    }

    private static void Walks(CountedTree<SampleMembers> tree, int[] picks, bool isBackward)
    {
        ulong sum = 0;
        for (int i = 0; i < picks.Length / WalkCount; i++)
        {
            TreeCursor from = tree.At(picks[i], out _);
            foreach (ulong element in isBackward ? tree.Backward(from, WalkCount) : tree.Forward(from, WalkCount))
            {
                sum += Native.At<ulong>(element + 8);
            }
        }
        Keep(sum);
    }

    private static void Keep(ulong sum)
    {
        if (sum == 1)
        {
            Console.WriteLine();
        }
    }
}
