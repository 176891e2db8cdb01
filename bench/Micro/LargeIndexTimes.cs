using System.Diagnostics;
using System.Globalization;
using Bixbite.Memory;
using Bixbite.Platform;
using Bixbite.Structures.Hashing;

namespace Bixbite.Micro;

/// <summary>
/// Steps over an index far larger than the caches: nanoseconds of CPU, the best of a few rounds, and for growth the slowest steps.
/// </summary>
internal static class LargeIndexTimes
{
    private const int BatchSize = 16;
    private const int Rounds = 3;

    internal static void Print(int count)
    {
        using var records = new Heap();
        using var heap = new Heap();
        HashIndex<SampleRecords> index = Grow(records, heap, count);
        uint[] order = new uint[2_000_000];
        var random = new Random(1);
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = (uint)random.Next(count);
        }

        Measure("find, hit", order, numbers => FindOneByOne(index, numbers, 0));
        Measure("find, miss", order, numbers => FindOneByOne(index, numbers, 1u << 31));
        Measure("find in batches of 16 with prefetch", order, numbers => FindInBatches(index, numbers));
        Measure("set deadline", order, numbers => SetDeadlines(index, numbers));

        ulong[] due = new ulong[100];
        for (int i = 0; i < 2_000; i++)
        {
            index.CollectDue(400_000 + (i * 32), due, out _);
        }
        Thread.Sleep(500);
        for (int i = 0; i < 2_000; i++)
        {
            index.CollectDue(464_000 + (i * 16), due, out _);
        }
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < 100; i++)
        {
            index.CollectDue(500_000 + (i * 32), due, out _);
        }
        Line("collect due, nothing due", Stopwatch.GetElapsedTime(start).TotalNanoseconds / 100);

        start = Stopwatch.GetTimestamp();
        long visited = 0;
        ulong cursor = 0;
        do
        {
            cursor = index.Scan(cursor, 100, _ => visited++);
        }
        while (cursor != 0);
        Line("scan by 100, per entry", Stopwatch.GetElapsedTime(start).TotalNanoseconds / visited);

        long cpu = CpuUs();
        long before = index.Count;
        Remove(index, records, order);
        Line("find, remove and free", (CpuUs() - cpu) * 1000.0 / (before - index.Count));
    }

    private static HashIndex<SampleRecords> Grow(Heap records, Heap heap, int count)
    {
        var index = new HashIndex<SampleRecords>(heap, IndexRoot.Allocate(heap, 1), 42);
        var slowest = new PriorityQueue<int, long>();
        Span<byte> key = stackalloc byte[SampleRecords.KeySize];
        long start = Stopwatch.GetTimestamp();
        long last = start;
        for (int i = 0; i < count; i++)
        {
            SampleRecords.WriteKey(key, (uint)i);
            index.Insert(index.HashOf(key), SampleRecords.Create(records, key, EntryDeadline.None));
            long now = Stopwatch.GetTimestamp();
            slowest.Enqueue(i, now - last);
            if (slowest.Count > 1_000)
            {
                slowest.Dequeue();
            }
            last = Stopwatch.GetTimestamp();
        }
        Line("insert and allocate, from nothing", Stopwatch.GetElapsedTime(start).TotalNanoseconds / count);
        var steps = new List<(long Ticks, int At)>();
        while (slowest.TryDequeue(out int at, out long ticks))
        {
            steps.Add((ticks, at));
        }
        steps.Reverse();
        Console.WriteLine("  slowest steps, us @ key: " + string.Join(", ", steps.Take(12).Select(step =>
            string.Create(CultureInfo.InvariantCulture, $"{Microseconds(step.Ticks):F0} @ {step.At}"))));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  100th slowest {Microseconds(steps[99].Ticks):F1} us, 1000th {Microseconds(steps[^1].Ticks):F1} us"));
        return index;
    }

    private static long CpuUs()
    {
        CpuTimes times = ProcessFacts.ThreadCpu();
        return times.UserUs + times.SystemUs;
    }

    private static double Microseconds(long ticks) => ticks * 1e6 / Stopwatch.Frequency;

    private static void Measure(string what, uint[] numbers, Action<uint[]> body)
    {
        double best = double.MaxValue;
        for (int i = 0; i < Rounds; i++)
        {
            long start = CpuUs();
            body(numbers);
            best = Math.Min(best, (CpuUs() - start) * 1000.0 / numbers.Length);
        }
        Line(what, best);
    }

    private static void Line(string what, double ns) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-40} {ns,12:N1} ns"));

    private static void FindOneByOne(HashIndex<SampleRecords> index, uint[] numbers, uint offset)
    {
        Span<byte> key = stackalloc byte[SampleRecords.KeySize];
        int found = 0;
        foreach (uint number in numbers)
        {
            SampleRecords.WriteKey(key, number + offset);
            found += index.Find(index.HashOf(key), key).IsFound ? 1 : 0;
        }
        if (found != (offset == 0 ? numbers.Length : 0))
        {
            throw new InvalidOperationException("keys are missing");
        }
    }

    private static void FindInBatches(HashIndex<SampleRecords> index, uint[] numbers)
    {
        Span<byte> keys = stackalloc byte[SampleRecords.KeySize * BatchSize];
        Span<ulong> hashes = stackalloc ulong[BatchSize];
        int found = 0;
        for (int start = 0; start + BatchSize <= numbers.Length; start += BatchSize)
        {
            for (int i = 0; i < BatchSize; i++)
            {
                Span<byte> key = keys.Slice(i * SampleRecords.KeySize, SampleRecords.KeySize);
                SampleRecords.WriteKey(key, numbers[start + i]);
                hashes[i] = index.HashOf(key);
                index.PrefetchBucket(hashes[i]);
            }
            for (int i = 0; i < BatchSize; i++)
            {
                index.PrefetchEntry(hashes[i]);
            }
            for (int i = 0; i < BatchSize; i++)
            {
                found += index.Find(hashes[i], keys.Slice(i * SampleRecords.KeySize, SampleRecords.KeySize)).IsFound ? 1 : 0;
            }
        }
        if (found != numbers.Length)
        {
            throw new InvalidOperationException("keys are missing");
        }
    }

    private static void SetDeadlines(HashIndex<SampleRecords> index, uint[] numbers)
    {
        Span<byte> key = stackalloc byte[SampleRecords.KeySize];
        foreach (uint number in numbers)
        {
            SampleRecords.WriteKey(key, number);
            IndexPosition position = index.Find(index.HashOf(key), key);
            long deadlineMs = 1_000_000 + (number / 8);
            Native.At<long>(index.EntryAt(position)) = deadlineMs;
            index.SetDeadline(position, deadlineMs);
        }
    }

    private static void Remove(HashIndex<SampleRecords> index, Heap records, uint[] numbers)
    {
        Span<byte> key = stackalloc byte[SampleRecords.KeySize];
        foreach (uint number in numbers)
        {
            SampleRecords.WriteKey(key, number);
            IndexPosition position = index.Find(index.HashOf(key), key);
            if (!position.IsFound)
            {
                continue;
            }
            ulong record = index.EntryAt(position);
            index.Remove(position);
            records.Free(record);
        }
    }
}
