using Bixbite.Memory;
using Bixbite.Structures.Hashing;

namespace Bixbite.Micro;

/// <summary>
/// Records of a deadline and a 12-byte key, "key:" and eight hexadecimal digits, with 80 more bytes as a small value would have.
/// </summary>
internal readonly struct SampleRecords : IEntryKeys
{
    public const int KeySize = 12;
    public const int RecordSize = 8 + KeySize + 80;

    public static ReadOnlySpan<byte> KeyOf(ulong entry) => Native.Bytes(entry + 8, KeySize);

    public static long DeadlineMsOf(ulong entry) => Native.At<long>(entry);

    public static void WriteKey(Span<byte> key, uint number)
    {
        "key:"u8.CopyTo(key);
        number.TryFormat(key[4..], out _, "x8");
    }

    public static ulong Create(Heap heap, ReadOnlySpan<byte> key, long deadlineMs)
    {
        ulong record = heap.Allocate(RecordSize);
        Native.At<long>(record) = deadlineMs;
        key.CopyTo(Native.Bytes(record + 8, KeySize));
        return record;
    }

    public static HashIndex<SampleRecords> Fill(Heap heap, Heap indexHeap, int count)
    {
        var index = new HashIndex<SampleRecords>(indexHeap, IndexRoot.Allocate(indexHeap, 1), 42);
        Span<byte> key = stackalloc byte[KeySize];
        for (int i = 0; i < count; i++)
        {
            WriteKey(key, (uint)i);
            index.Insert(index.HashOf(key), Create(heap, key, EntryDeadline.None));
        }
        return index;
    }
}
