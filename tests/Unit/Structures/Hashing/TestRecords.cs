using Bixbite.Memory;
using Bixbite.Structures.Hashing;

namespace Bixbite.Unit.Structures.Hashing;

/// <summary>Records as an index sees them: deadline, key length, key.</summary>
internal static class TestRecords
{
    private const int KeyOffset = 12;

    public static ulong Create(Heap heap, ReadOnlySpan<byte> key, long deadlineMs = EntryDeadline.None)
    {
        ulong record = heap.Allocate(KeyOffset + key.Length);
        SetDeadline(record, deadlineMs);
        Native.At<int>(record + 8) = key.Length;
        key.CopyTo(Native.Bytes(record + KeyOffset, key.Length));
        return record;
    }

    public static ulong Create(Heap heap, int key) => Create(heap, BitConverter.GetBytes(key));

    public static ReadOnlySpan<byte> KeyOf(ulong record) => Native.Bytes(record + KeyOffset, Native.At<int>(record + 8));

    public static int NumberOf(ulong record) => BitConverter.ToInt32(KeyOf(record));

    public static long DeadlineOf(ulong record) => Native.At<long>(record);

    public static void SetDeadline(ulong record, long deadlineMs) => Native.At<long>(record) = deadlineMs;
}

internal readonly struct TestKeys : IEntryKeys
{
    public static ReadOnlySpan<byte> KeyOf(ulong entry) => TestRecords.KeyOf(entry);

    public static long DeadlineMsOf(ulong entry) => TestRecords.DeadlineOf(entry);
}

/// <summary>A hash of 128 values, so that everything collides: a bit each of prefix and place, and five of the tag.</summary>
internal readonly struct CollidingKeys : IEntryKeys
{
    public static ReadOnlySpan<byte> KeyOf(ulong entry) => TestRecords.KeyOf(entry);

    public static long DeadlineMsOf(ulong entry) => TestRecords.DeadlineOf(entry);

    public static ulong HashOf(ulong seed, ReadOnlySpan<byte> key) => KeyHash.Of(seed, key) & 0x8000_4000_0000_001F;

    public static ulong Spread(ulong hash, ulong indexSeed) => hash;
}

/// <summary>A hash whose entries all have one of 64 prefixes and places, as if the rest were nothing.</summary>
internal readonly struct CrowdedKeys : IEntryKeys
{
    public static ReadOnlySpan<byte> KeyOf(ulong entry) => TestRecords.KeyOf(entry);

    public static long DeadlineMsOf(ulong entry) => TestRecords.DeadlineOf(entry);

    public static ulong HashOf(ulong seed, ReadOnlySpan<byte> key) => KeyHash.Of(seed, key) & 0xFC00_0000_0000_0000;

    public static ulong Spread(ulong hash, ulong indexSeed) => hash;
}
