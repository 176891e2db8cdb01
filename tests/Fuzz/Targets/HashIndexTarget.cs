using Bixbite.Memory;
using Bixbite.Structures.Hashing;

namespace Bixbite.Fuzz.Targets;

/// <summary>
/// Two bytes of input are an operation on an index of at most 4,096 keys with a hash so short that they collide, beside a dictionary. In
/// the end both hold the same, and a scan visits each entry once.
/// </summary>
internal static class HashIndexTarget
{
    public static IReadOnlyList<byte[]> Seeds { get; } =
        [Sequence(0, 600), Sequence(1, 300), [0, 1, 0, 2, 0, 1, 0x40, 1, 0x80, 7, 0xC0, 7]];

    public static void Run(ReadOnlySpan<byte> input)
    {
        using var heap = new Heap();
        var index = new HashIndex<ShortHashKeys>(heap, IndexRoot.Allocate(heap, 1), 1);
        var model = new Dictionary<int, ulong>();
        for (; input.Length >= 2; input = input[2..])
        {
            Apply(heap, index, model, input[0] >> 6, ((input[0] & 15) << 8) | input[1]);
        }
        index.Verify();

        var visited = new HashSet<ulong>();
        ulong cursor = 0;
        do
        {
            cursor = index.Scan(cursor, 10, entry =>
            {
                if (!visited.Add(entry))
                {
                    throw new InvalidOperationException("An entry was visited twice.");
                }
            });
        }
        while (cursor != 0);
        if (!visited.SetEquals(model.Values))
        {
            throw new InvalidOperationException("The index does not hold what it should.");
        }
    }

    private static void Apply(Heap heap, HashIndex<ShortHashKeys> index, Dictionary<int, ulong> model, int operation, int number)
    {
        byte[] key = BitConverter.GetBytes(number);
        ulong hash = index.HashOf(key);
        IndexPosition position = index.Find(hash, key);
        if (position.IsFound != model.TryGetValue(number, out ulong entry) || (position.IsFound && index.EntryAt(position) != entry))
        {
            throw new InvalidOperationException("A search went wrong.");
        }
        if (!position.IsFound)
        {
            entry = heap.Allocate(ShortHashKeys.RecordSize);
            Native.At<long>(entry) = EntryDeadline.None;
            key.CopyTo(Native.Bytes(entry + 8, sizeof(int)));
            position = index.Insert(hash, entry);
            model.Add(number, entry);
        }
        if (operation == 1)
        {
            index.Remove(position);
            heap.Free(entry);
            model.Remove(number);
        }
        else if (operation > 1)
        {
            Native.At<long>(entry) = operation == 2 ? number * 1000L : EntryDeadline.None;
            index.SetDeadline(position, Native.At<long>(entry));
        }
    }

    private static byte[] Sequence(int operation, int count)
    {
        byte[] bytes = new byte[count * 2];
        for (int i = 0; i < count; i++)
        {
            (bytes[2 * i], bytes[(2 * i) + 1]) = ((byte)((operation << 6) | (i >> 8)), (byte)i);
        }
        return bytes;
    }

    private readonly struct ShortHashKeys : IEntryKeys
    {
        public const int RecordSize = 12;

        public static ReadOnlySpan<byte> KeyOf(ulong entry) => Native.Bytes(entry + 8, sizeof(int));

        public static long DeadlineMsOf(ulong entry) => Native.At<long>(entry);

        public static ulong HashOf(ulong seed, ReadOnlySpan<byte> key) => KeyHash.Of(seed, key) & 0xF0F0_0000_0000_0003;

        public static ulong Spread(ulong hash, ulong indexSeed) => hash;
    }
}
