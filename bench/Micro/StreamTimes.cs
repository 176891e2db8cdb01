using System.Diagnostics;
using System.Globalization;
using Bixbite.Memory;
using Bixbite.Structures.Packed;
using Bixbite.Types;
using Bixbite.Types.Streams;

namespace Bixbite.Micro;

/// <summary>Streams of entries with two small fields: bytes and nanoseconds an entry, and the same for pending entries.</summary>
internal static class StreamTimes
{
    private const int Lookups = 200_000;

    internal static void Print(int count)
    {
        Measure(100_000, isShown: false);
        Measure(100_000, isShown: false);
        Measure(count, isShown: true);
    }

    private static void Measure(int count, bool isShown)
    {
        using var heap = new Heap();
        var link = new Link(heap.Allocate(ValueSlot.EmptySize));
        ValueSlot.WriteEmpty(link.Address);
        var stream = new StreamValue(new ValueSlot(new ValueContext(heap, seed: 1), ref link, 0));
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < count; i++)
        {
            stream.Append(IdOf(i), new Reading(i));
        }
        Report(isShown, "append", start, count);
        Report(isShown, "bytes an entry", heap.UsedBytes / (double)count);
        Read(stream, isShown, count);
        Find(stream, isShown, count);
        Pend(stream, isShown, count, heap);
    }

    private static void Read(scoped StreamValue stream, bool isShown, int count)
    {
        long start = Stopwatch.GetTimestamp();
        long length = 0;
        StreamEntryReader reader = stream.Read();
        while (reader.MoveNext())
        {
            while (reader.NextField(out ListpackEntry field, out ListpackEntry value))
            {
                length += field.Length + value.Length;
            }
        }
        Report(isShown, "read", start, count);
        start = Stopwatch.GetTimestamp();
        reader = stream.ReadBackward(StreamId.Max, StreamId.Min);
        while (reader.MoveNext())
        {
            length += reader.FieldCount;
        }
        Report(isShown && length > 0, "read backward, without fields", start, count);
    }

    private static void Find(scoped StreamValue stream, bool isShown, int count)
    {
        var random = new Random(1);
        long start = Stopwatch.GetTimestamp();
        int found = 0;
        for (int i = 0; i < Lookups; i++)
        {
            found += stream.Contains(IdOf(random.Next(count))) ? 1 : 0;
        }
        Report(isShown && found == Lookups, "find", start, Lookups);
        start = Stopwatch.GetTimestamp();
        for (int i = 0; i < Lookups; i++)
        {
            found += stream.Read(stream.LastId, StreamId.Max).MoveNext() ? 1 : 0;
        }
        Report(isShown && found == 2 * Lookups, "read the last", start, Lookups);
    }

    private static void Pend(scoped StreamValue stream, bool isShown, int count, Heap heap)
    {
        stream.TryCreateGroup("group"u8, StreamId.Min, 0, out StreamGroup group);
        group.TryCreateConsumer("consumer"u8, 0, out StreamConsumer consumer);
        long before = heap.UsedBytes;
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < count; i++)
        {
            group.AddPending(IdOf(i), consumer, deliveryMs: i, deliveryCount: 1);
        }
        Report(isShown, "add pending", start, count);
        Report(isShown, "bytes a pending entry", (heap.UsedBytes - before) / (double)count);
        start = Stopwatch.GetTimestamp();
        for (int i = 0; i < count; i++)
        {
            group.Acknowledge(IdOf(i));
        }
        Report(isShown, "acknowledge", start, count);
    }

    private static StreamId IdOf(int i) => new(1_700_000_000_000 + (ulong)(i / 4), (ulong)(i % 4));

    private static void Report(bool isShown, string what, long start, int count) =>
        Report(isShown, what + ", ns", Stopwatch.GetElapsedTime(start).TotalNanoseconds / count);

    private static void Report(bool isShown, string what, double value)
    {
        if (isShown)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-34} {value,8:F1}"));
        }
    }

    /// <summary>A sensor's name and a number.</summary>
    private readonly struct Reading(int number) : IStreamFields
    {
        public int Count => 2;

        public ReadOnlySpan<byte> Field(int index) => index == 0 ? "sensor"u8 : "value"u8;

        public ReadOnlySpan<byte> Value(int index) => index == 0 ? "sensor-17"u8 : (number & 1) == 0 ? "12345"u8 : "12.5"u8;
    }
}
