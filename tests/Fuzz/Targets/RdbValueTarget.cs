using System.Buffers;
using Bixbite.Keyspace;
using Bixbite.Memory;
using Bixbite.Persistence;
using Bixbite.Persistence.Rdb.Reading;
using Bixbite.Persistence.Values;
using Bixbite.Types;
using Bixbite.Types.Hashes;
using Bixbite.Types.Lists;
using Bixbite.Types.Sets;
using Bixbite.Types.SortedSets;
using Bixbite.Types.Streams;

namespace Bixbite.Fuzz.Targets;

/// <summary>
/// The type and the value of a payload: what is taken can be written, read again with the same result, and changed; what is refused
/// leaves nothing behind. The checksum is left out, since no mutation would fit it.
/// </summary>
internal static class RdbValueTarget
{
    private const int LengthMax = 1 << 20;
    private const int FooterSize = 10;

    /// <summary>The first volatile key makes the database's index note deadlines.</summary>
    private const int DeadlineLaneSizeMax = 4096;

    private static ReadOnlySpan<byte> Added => "a member that nobody has"u8;

    /// <summary>One for every type and encoding.</summary>
    public static IReadOnlyList<byte[]> Seeds { get; } =
    [
        [1, 3, 1, (byte)'a', 0xC0, 5, 0xC3, 5, 21, 0, (byte)'a', 0xE0, 11, 0],
        [2, 3, 1, (byte)'a', 0xC1, 0, 1, 2, .. "bc"u8],
        [2, 2, 0xC0, 3, 2, .. "77"u8],
        [3, 3, 1, (byte)'a', 3, .. "1.5"u8, 1, (byte)'b', 254, 1, (byte)'c', 255],
        [4, 2, 1, (byte)'f', 1, (byte)'v', 1, (byte)'g', 0xC0, 9],
        [5, 2, 1, (byte)'b', 0, 0, 0, 0, 0, 0, 4, 0x40, 1, (byte)'a', 0, 0, 0, 0, 0, 0, 0xF0, 0xBF],
        [9, 16, 2, 1, (byte)'f', 1, 1, (byte)'v', 0, 1, (byte)'g', 3, 0, .. "wwe"u8, 0xFF],
        [10, 29, 29, 0, 0, 0, 25, 0, 0, 0, 5, 0, 0, 1, (byte)'a', 3, 0xF6, 2, 0xC0, 1, 2, 4, 0xFE, 9, 3, 0xF0, 1, 2, 0x83, 0xFF],
        [11, 14, 2, 0, 0, 0, 3, 0, 0, 0, 1, 0, 3, 0, 44, 1],
        [12, 20, 20, 0, 0, 0, 16, 0, 0, 0, 4, 0, 0, 1, (byte)'a', 3, 0xF2, 2, 0xF4, 2, 0xF8, 0xFF],
        [13, 17, 17, 0, 0, 0, 13, 0, 0, 0, 2, 0, 0, 1, (byte)'f', 3, 1, (byte)'v', 0xFF],
        [14, 1, 17, 17, 0, 0, 0, 13, 0, 0, 0, 2, 0, 0, 1, (byte)'f', 3, 1, (byte)'v', 0xFF],
        [15, .. Node, 1, 5, 1, 0],
        [19, .. Node, 1, 5, 1, 5, 1, 0, 0, 1, 1, 1, (byte)'g', 5, 1, 1, 0, 0],
        [
            19, .. Node, 1, 5, 1, 5, 1, 0, 0, 1, 1, 1, (byte)'g', 5, 1, 1,
            1, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 1, 9, 0, 0, 0, 0, 0, 0, 0, 1,
            1, 1, (byte)'c', 9, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 1,
        ],
        [21, .. Node, 1, 5, 1, 5, 1, 0, 0, 1, 1, 1, (byte)'g', 5, 1, 1, 0, 1, 1, (byte)'c', .. new byte[16], 0],
        [16, 13, 13, 0, 0, 0, 2, 0, 0x81, (byte)'f', 2, 0x81, (byte)'v', 2, 0xFF],
        [17, 19, 19, 0, 0, 0, 4, 0, 0x81, (byte)'a', 2, 1, 1, 0x81, (byte)'b', 2, 0x81, (byte)'3', 2, 1, 0xFF],
        [17, 17, 17, 0, 0, 0, 4, 0, 0x81, (byte)'a', 2, 1, 1, 0x81, (byte)'b', 2, 2, 1, 0xFF],
        [18, 2, 2, 10, 10, 0, 0, 0, 1, 0, 0x81, (byte)'a', 2, 0xFF, 1, 2, .. "bc"u8],
        [20, 12, 12, 0, 0, 0, 2, 0, 0x81, (byte)'a', 2, 7, 1, 0xFF],
        [22, 2, 0x44, 0, 1, (byte)'f', 1, (byte)'v', 0, 1, (byte)'g', 1, (byte)'w'],
        [23, 15, 15, 0, 0, 0, 3, 0, 0x81, (byte)'f', 2, 0x81, (byte)'v', 2, 9, 1, 0xFF],
        [24, 9, 0, 0, 0, 0, 0, 0, 0, 2, 1, 1, (byte)'f', 1, (byte)'v', 0, 1, (byte)'g', 1, (byte)'w'],
        [25, 9, 0, 0, 0, 0, 0, 0, 0, 15, 15, 0, 0, 0, 3, 0, 0x81, (byte)'f', 2, 0x81, (byte)'v', 2, 9, 1, 0xFF],
    ];

    /// <summary>A stream's only node.</summary>
    private static byte[] Node =>
        [
            1, (byte)StreamValueTarget.MasterId.Length, .. StreamValueTarget.MasterId, (byte)StreamValueTarget.Pack.Length,
            .. StreamValueTarget.Pack,
        ];

    public static void Run(ReadOnlySpan<byte> input)
    {
        byte[] payload = [.. input, .. new byte[FooterSize]];
        if (!DumpPayload.TryReadType(payload, ValueCodecs.BuiltIn, out KeyType type) || type == KeyType.String)
        {
            return;
        }
        using var place = new GuardedInput(payload.Length);
        var lazyFree = new LazyFree();
        var values = new ValueContext(place.Heap, seed: 7);
        Database database = new Databases(1, values, new AccessClock(new CommandTime()), lazyFree)[0];
        long before = place.Heap.UsedBytes;
        if (TryRestore(database, "k"u8, type, Native.Bytes(place.Place(payload), payload.Length)))
        {
            byte[] dumped = Dump(database, values, "k"u8);
            Require(TryRestore(database, "again"u8, type, dumped), "What was written is not read again.");
            if (TakesItsUsualLayout(database))
            {
                dumped = Dump(database, values, "again"u8);
            }
            Require(TryRestore(database, "again"u8, type, dumped), "What was written again is not read again.");
            Require(dumped.AsSpan().SequenceEqual(Dump(database, values, "again"u8)), "Written again it is another value.");
            Change(database, type);
            Remove(database, "k"u8);
            Remove(database, "again"u8);
        }
        lazyFree.Run(() => false);
        Require(place.Heap.UsedBytes <= before + DeadlineLaneSizeMax, "Something was left behind.");
    }

    /// <summary>
    /// What others do not make becomes what is made here when it is read again: a set of integers in a listpack an intset, and a hash
    /// whose fields could expire, but do not, one without the room for deadlines.
    /// </summary>
    private static bool TakesItsUsualLayout(Database database) =>
        (database.Open(database.Find("k"u8)).Layout, database.Open(database.Find("again"u8)).Layout)
            is (ValueLayout.Listpack, ValueLayout.Intset) or (ValueLayout.ListpackWithDeadlines, ValueLayout.Listpack);

    private static bool TryRestore(Database database, ReadOnlySpan<byte> key, KeyType type, ReadOnlySpan<byte> payload)
    {
        RecordDraft draft = database.Draft(key, type);
        if (!DumpPayload.TryReadCollection(payload, ValueCodecs.BuiltIn, new RdbScratch(), LengthMax, draft.Open()))
        {
            draft.Discard();
            return false;
        }
        KeyRef at = database.Find(key);
        database.Attach(ref at, ref draft, Deadline.None);
        return true;
    }

    private static byte[] Dump(Database database, ValueContext values, ReadOnlySpan<byte> key)
    {
        var payload = new PayloadBuffer(values);
        KeyRef at = database.Find(key);
        DumpPayload.Write(payload, ValueCodecs.BuiltIn, values, at.Record, compressor: null);
        byte[] bytes = payload.Written.ToArray();
        payload.Clear();
        return bytes;
    }

    private static void Remove(Database database, ReadOnlySpan<byte> key)
    {
        KeyRef at = database.Find(key);
        database.Remove(ref at);
    }

    private static void Change(Database database, KeyType type)
    {
        ValueSlot slot = database.Edit(database.Find("k"u8));
        switch (type)
        {
            case KeyType.List:
                var list = new ListValue(slot);
                list.Append(Added);
                Require(list.RemoveEqual(Added, 1, ListEnd.Right) == 1, "The list lost an element.");
                break;
            case KeyType.Set:
                var set = new SetValue(slot);
                Require(!set.Add(Added) || set.Remove(Added), "The set lost a member.");
                break;
            case KeyType.SortedSet:
                var sorted = new SortedSetValue(slot);
                sorted.Add(Added, 1.5);
                Require(sorted.TryScoreOf(Added, out double score) && score == 1.5 && sorted.Remove(Added), "The set lost a member.");
                break;
            case KeyType.Stream:
                ChangeStream(new StreamValue(slot));
                break;
            default:
                var hash = new HashValue(slot);
                hash.Set(Added, Added);
                Require(hash.Contains(Added) && hash.Remove(Added), "The hash lost a field.");
                break;
        }
    }

    private static void ChangeStream(StreamValue stream)
    {
        StreamGroupReader groups = stream.ReadGroups();
        while (groups.MoveNext())
        {
            PendingReader pending = groups.Current.ReadPending(StreamId.Min, StreamId.Max);
            while (pending.MoveNext())
            {
                Require(groups.Current.Acknowledge(pending.Current.Id), "The group lost a pending entry.");
            }
            Require(groups.Current.PendingCount == 0, "Some entries are still pending.");
        }
        while (stream.Count > 0)
        {
            long count = stream.Count;
            Require(stream.TryDelete(stream.FirstId) && stream.Count == count - 1, "The stream lost an entry.");
            Require(stream.Trim(StreamTrim.ToLength(count / 2)) == count - 1 - (count / 2), "The stream was not trimmed to its length.");
        }
    }

    private static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvalidOperationException(what);
        }
    }
}
