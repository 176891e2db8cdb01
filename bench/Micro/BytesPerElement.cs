using System.Globalization;
using Bixbite.Memory;
using Bixbite.Structures.Hashing;

namespace Bixbite.Micro;

internal static class BytesPerElement
{
    private static readonly int[] s_counts =
        [1, 10, 100, 1_000, 10_000, 100_000, 200_000, 400_000, 600_000, 800_000, 1_000_000, 1_200_000, 1_600_000, 2_000_000, 3_000_000,
            4_000_000, 5_000_000, 10_000_000];

    internal static void Print()
    {
        Console.WriteLine($"{"keys",12} {"segments",9} {"index B/key",12} {"lane B/key",11} {"heap mapped/used",17}");
        Span<byte> key = stackalloc byte[SampleRecords.KeySize];
        foreach (int count in s_counts)
        {
            using var records = new Heap();
            using var heap = new Heap();
            HashIndex<SampleRecords> index = SampleRecords.Fill(records, heap, count);
            long plain = index.MemoryBytes;
            double mapped = (double)heap.MappedBytes / heap.UsedBytes;
            for (int i = 0; i < count; i++)
            {
                SampleRecords.WriteKey(key, (uint)i);
                index.SetDeadline(index.Find(index.HashOf(key), key), 1_000_000_000_000 + i);
            }
            double lanes = (double)(index.MemoryBytes - plain) / count;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{count,12:N0} {index.SegmentCount,9:N0} {(double)plain / count,12:F2} {lanes,11:F2} {mapped,17:F3}"));
        }
    }
}
