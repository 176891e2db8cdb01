using System.Buffers.Binary;
using Bixbite.Memory;
using Bixbite.Structures.Packed;
using Bixbite.Structures.Text;
using Bixbite.Types;
using Bixbite.Types.Streams;

namespace Bixbite.Fuzz.Targets;

/// <summary>
/// Nodes of a stream, each the ID of its master and a listpack, cut from the input: what is taken reads the same in both directions, can be
/// found, added to, deleted and trimmed, and stays sound; what is refused changes nothing.
/// </summary>
internal static class StreamValueTarget
{
    private const int IdSize = 16;
    private const int ChangesMax = 20;

    /// <summary>The ID of the first seed's master, as in a payload.</summary>
    public static byte[] MasterId => [0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 1];

    /// <summary>The first seed's listpack: one entry with one field.</summary>
    public static byte[] Pack => Framed(10, [1, 1, 0, 1, 1, 1, 0x81, (byte)'f', 2, 0, 1, 2, 1, 0, 1, 0, 1, 0x81, (byte)'v', 2, 4, 1]);

    /// <summary>Without the listpack's frame, which the target puts around it.</summary>
    public static IReadOnlyList<byte[]> Seeds { get; } =
    [
        [.. MasterId, .. Pack[Listpack.HeaderSize..^1]],
        [
            .. MasterId, 2, 1, 1, 1, 1, 1, 0x81, (byte)'f', 2, 0, 1, 3, 1, 0, 1, 0, 1, 7, 1, 4, 1,
            0, 1, 1, 1, 0xDF, 0xFF, 2, 2, 1, 0x81, (byte)'g', 2, 1, 1, 0x81, (byte)'h', 2, 0x82, .. "vw"u8, 3, 8, 1,
            2, 1, 0xF1, 0, 1, 3, 4, 0, 1, 0x81, (byte)'v', 2, 4, 1,
        ],
        [.. MasterId, 1, 1, 0, 1, 0, 1, 0, 1, 2, 1, 0, 1, 0, 1, 3, 1],
    ];

    public static void Run(ReadOnlySpan<byte> input)
    {
        if (input.Length < IdSize)
        {
            return;
        }
        byte[] pack = Framed(ushort.MaxValue, input[IdSize..]);
        using var place = new GuardedInput(pack.Length);
        var context = new ValueContext(place.Heap, seed: 7);
        var link = new Link(place.Heap.Allocate(ValueSlot.EmptySize));
        ValueSlot.WriteEmpty(link.Address);
        var slot = new ValueSlot(context, ref link, 0);
        var stream = new StreamValue(slot);
        bool isTaken = stream.TryAppendNode(IdFrom(input), Native.Bytes(place.Place(pack), pack.Length));
        long count = stream.Count;
        Require(isTaken || (count == 0 && stream.NodeCount == 0), "What is refused has changed something.");
        Require(!stream.TryAppendNode(IdFrom(input), pack) || stream.Count == 0, "The same node was taken twice.");
        Check(stream);
        if (count > 0)
        {
            Change(stream);
        }
        while (slot.Layout == ValueLayout.Root && context.Types.Collection(KeyType.Stream).ReleaseSome(context, slot.Root, 10))
        {
        }
        place.Heap.Free(link.Address);
    }

    private static byte[] Framed(int count, ReadOnlySpan<byte> entries)
    {
        byte[] pack = [0, 0, 0, 0, (byte)count, (byte)(count >> 8), .. entries, 0xFF];
        BitConverter.TryWriteBytes(pack, pack.Length);
        return pack;
    }

    private static StreamId IdFrom(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[sizeof(ulong)..]));

    private static void Check(scoped StreamValue stream)
    {
        var ids = new List<StreamId>();
        Span<byte> digits = stackalloc byte[Integers.SizeMax];
        StreamEntryReader reader = stream.Read();
        while (reader.MoveNext())
        {
            Require(ids.Count == 0 || ids[^1] < reader.Id, "The entries are not in order.");
            ids.Add(reader.Id);
            int fieldCount = 0;
            for (; reader.NextField(out ListpackEntry field, out ListpackEntry value); fieldCount++)
            {
                Require(
                    field.Text(digits).Length == field.Length && value.Text(digits).Length == value.Length, "A text has another length.");
            }
            Require(fieldCount == reader.FieldCount, "An entry has another number of fields.");
        }
        Require(ids.Count == stream.Count && ids.FirstOrDefault() == stream.FirstId, "The count is not what reading gives.");
        StreamEntryReader backward = stream.ReadBackward(StreamId.Max, StreamId.Min);
        while (backward.MoveNext())
        {
            Require(ids.Count > 0 && ids[^1] == backward.Id, "Backwards the entries are others.");
            Require(stream.Contains(backward.Id), "An entry is not found.");
            ids.RemoveAt(ids.Count - 1);
        }
        Require(ids.Count == 0, "Backwards some entries are missing.");
    }

    private static void Change(scoped StreamValue stream)
    {
        StreamEntryReader last = stream.ReadBackward(StreamId.Max, StreamId.Min);
        last.MoveNext();
        stream.LastId = last.Id;
        if (stream.LastId.TryGetNext(out StreamId next))
        {
            stream.Append(next, default(OneField));
            Require(stream.Contains(next), "What was added is not there.");
        }
        for (int i = 0; i < ChangesMax && stream.Count > 1; i++)
        {
            bool hasGone = i % 2 == 0 ? stream.TryDelete(stream.FirstId) : stream.Trim(StreamTrim.ToLength(stream.Count - 1)) == 1;
            Require(hasGone, "Nothing went.");
            Check(stream);
            StreamNodeReader nodes = stream.ReadNodes();
            while (nodes.MoveNext())
            {
                Require(new NodeCheck(nodes.MasterId, nodes.Pack).IsSound(), "A change broke a node.");
            }
        }
    }

    private static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvalidOperationException(what);
        }
    }

    private readonly struct OneField : IStreamFields
    {
        public int Count => 1;

        public ReadOnlySpan<byte> Field(int index) => "f"u8;

        public ReadOnlySpan<byte> Value(int index) => "12345"u8;
    }
}
