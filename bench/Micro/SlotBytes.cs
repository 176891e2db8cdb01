using System.Diagnostics;
using System.Globalization;
using Bixbite.Memory;
using Bixbite.Structures.Hashing;

namespace Bixbite.Micro;

/// <summary>The index of a database in a cluster: bytes per key and time of a search, however keys are spread over slots.</summary>
internal static class SlotBytes
{
    private const int KeyCount = 1_000_000;
    private const int RoundCount = 3;

    private static readonly int[] s_tagCounts = [0, 1, 10, 100, 1_000, 10_000];

    internal static void Print()
    {
        Console.WriteLine($"{"tags",8} {"without slots B/key",20} {"with slots B/key",17} {"find ns",8} {"find with slots ns",19}");
        Span<byte> key = stackalloc byte[32];
        foreach (int tagCount in s_tagCounts)
        {
            using var records = new Heap();
            using var heap = new Heap();
            var plain = new HashIndex<Keys>(heap, IndexRoot.Allocate(heap, 1), 42);
            var slotted = new HashIndex<Keys>(
                heap, IndexRoot.Allocate(heap, KeyHash.Seed(1, hasSlots: true)), KeyHash.Seed(42, hasSlots: true));
            for (int i = 0; i < KeyCount; i++)
            {
                ReadOnlySpan<byte> bytes = Write(key, i, tagCount);
                ulong record = records.Allocate(4 + bytes.Length);
                Native.At<int>(record) = bytes.Length;
                bytes.CopyTo(Native.Bytes(record + 4, bytes.Length));
                plain.Insert(plain.HashOf(bytes), record);
                slotted.Insert(slotted.HashOf(bytes), record);
            }
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{tagCount,8:N0} {(double)plain.MemoryBytes / KeyCount,20:F2} {(double)slotted.MemoryBytes / KeyCount,17:F2} "
                    + $"{Time(plain, tagCount),8:F1} {Time(slotted, tagCount),19:F1}"));
        }
    }

    /// <summary>Nanoseconds to hash and find a key, keys in random order, the best of some rounds.</summary>
    private static double Time(HashIndex<Keys> index, int tagCount)
    {
        double best = double.MaxValue;
        Span<byte> key = stackalloc byte[32];
        for (int round = 0; round < RoundCount; round++)
        {
            var random = new Random(round);
            long started = Stopwatch.GetTimestamp();
            int found = 0;
            for (int i = 0; i < KeyCount; i++)
            {
                ReadOnlySpan<byte> bytes = Write(key, random.Next(KeyCount), tagCount);
                found += index.Find(index.HashOf(bytes), bytes).IsFound ? 1 : 0;
            }
            Invariant.Require(found == KeyCount, "Every key is there.");
            best = Math.Min(best, Stopwatch.GetElapsedTime(started).TotalNanoseconds / KeyCount);
        }
        return best;
    }

    private static ReadOnlySpan<byte> Write(Span<byte> key, int number, int tagCount)
    {
        int length = 0;
        if (tagCount > 0)
        {
            key[0] = (byte)'{';
            (number % tagCount).TryFormat(key[1..], out length, default, CultureInfo.InvariantCulture);
            key[length + 1] = (byte)'}';
            length += 2;
        }
        number.TryFormat(key[length..], out int digits, default, CultureInfo.InvariantCulture);
        return key[..(length + digits)];
    }

    private readonly struct Keys : IEntryKeys
    {
        public static ReadOnlySpan<byte> KeyOf(ulong entry) => Native.Bytes(entry + 4, Native.At<int>(entry));

        public static ulong HashOf(ulong seed, ReadOnlySpan<byte> key) => KeyHash.OfKey(seed, key);
    }
}
