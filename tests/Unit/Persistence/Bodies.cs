using System.Buffers.Binary;
using System.Text;
using Bixbite.Memory;
using Bixbite.Structures.Packed;

namespace Bixbite.Unit.Persistence;

/// <summary>The pieces of payloads, made by hand from the description of the format.</summary>
internal static class Bodies
{
    /// <summary>A payload of every type and encoding that is read.</summary>
    public static IReadOnlyDictionary<string, byte[]> All { get; } = new Dictionary<string, byte[]>
    {
        ["list"] = [1, 3, .. String("a"), 0xC0, 5, .. String(new string('x', 70))],
        ["set"] = [2, 3, .. String("a"), .. String("b"), 0xC1, 0, 1],
        ["set of integers"] = [2, 2, .. String("77"), 0xC0, 3],
        ["sorted set with text scores"] =
            [3, 4, .. String("a"), 3, .. "1.5"u8, .. String("b"), 254, .. String("c"), 255, .. String("d"), 1, .. "2"u8],
        ["hash"] = [4, 2, .. String("f"), .. String("v"), .. String("g"), 0xC0, 9],
        ["sorted set"] = [5, 2, .. String("b"), .. Double(2.5), .. String("a"), .. Double(-1)],
        ["hash zipmap"] = [9, .. String(Zipmap("f", "v", "long", new string('y', 300)))],
        ["list ziplist"] =
            [10, .. String(Ziplist("a", 5L, "b", -1L, 1000L, -70000L, 10_000_000L, long.MaxValue, new string('z', 300), "end"))],
        ["set intset 2"] = [11, .. String(Intset(2, -5, 3, 300))],
        ["set intset 8"] = [11, .. String(Intset(8, -5, 3, long.MaxValue))],
        ["sorted set ziplist"] = [12, .. String(Ziplist("a", 1L, "b", "1.5", 7L, 12L))],
        ["hash ziplist"] = [13, .. String(Ziplist("f", "v", 3L, 4L))],
        ["list of ziplists"] = [14, 2, .. String(Ziplist("a", 1L)), .. String(Ziplist("b"))],
        ["hash listpack"] = [16, .. String(Pack("f", "v", "12", "34"))],
        ["sorted set listpack"] = [17, .. String(Pack("a", "1", "b", "1", "c", "2.5"))],
        ["list of listpacks"] = [18, 3, 2, .. String(Pack("a", "7")), 1, .. String("plain"), 2, .. String(Pack("b", "-9000"))],
        ["set listpack"] = [20, .. String(Pack("a", "b", "5"))],
        ["hash with absolute deadlines"] = [22, 2, 0x44, 0, .. String("f"), .. String("v"), 0, .. String("g"), .. String("w")],
        ["hash listpack with deadlines only"] = [23, .. String(Pack("f", "v", "4000000000000", "g", "w", "0"))],
        ["hash with deadlines"] =
        [
            24, .. Fixed(4_000_000_000_000), 3,
            1, .. String("f"), .. String("v"), 0, .. String("g"), .. String("w"), 9, .. String("h"), .. String("x"),
        ],
        ["hash listpack with deadlines"] =
            [25, .. Fixed(4_000_000_000_000), .. String(Pack("f", "v", "4000000000000", "g", "w", "4000000000001", "h", "x", "0"))],
        ["stream without counters"] =
        [
            15, 1, .. String(Id(5, 1)), .. String(Node), 3, 8, 2,
            1, .. String("group"), 5, 1, 1, .. Id(5, 1), .. Fixed(1000), 2, 1, .. String("alice"), .. Fixed(2000), 1, .. Id(5, 1),
        ],
        ["stream"] =
        [
            19, 2, .. String(Id(5, 1)), .. String(Node), .. String(Id(9, 0)), .. String(Pack("1", "0", "0", "0", "2", "0", "0", "3")),
            4, 9, 7, 5, 1, 6, 0, 7,
            2, .. String("all"), 9, 7, .. Length(ulong.MaxValue), 2, .. Id(5, 1), .. Fixed(1000), 2, .. Id(9, 0), .. Fixed(1001), 1,
            2, .. String("alice"), .. Fixed(2000), 1, .. Id(9, 0), .. String("bob"), .. Fixed(2001), 1, .. Id(5, 1),
            .. String("none"), 0, 0, 0, 0, 0,
        ],
        ["empty stream"] = [19, 0, 0, 9, 7, 0, 0, 9, 7, 1, 0],
        ["stream with active times"] =
        [
            21, 1, .. String(Id(5, 1)), .. String(Node), 3, 8, 2, 5, 1, 6, 0, 7,
            1, .. String("group"), 5, 1, 1, 1, .. Id(5, 1), .. Fixed(1000), 2,
            1, .. String("alice"), .. Fixed(2000), .. Fixed(1999), 1, .. Id(5, 1),
        ],
        ["compressed list"] = [1, 1, 0xC3, 5, 21, 0, (byte)'a', 0xE0, 11, 0],
    };

    /// <summary>A stream's node of four entries, the second of them deleted, the third with fields of its own.</summary>
    public static byte[] Node => Pack(
        "3", "1", "2", "name", "12", "0", "2", "0", "0", "sara", "100000", "5", "3", "1", "-1", "x", "y", "5",
        "0", "2", "-1", "1", "other", "-5", "6", "2", "3", "1", "bob", new string('z', 70), "5");

    /// <summary>A stream of these nodes, with what comes behind them.</summary>
    public static byte[] Stream(byte[][] nodes, params byte[] rest) =>
        [19, (byte)nodes.Length, .. nodes.SelectMany(node => (byte[])[.. String(Id(5, 1)), .. String(node)]), .. rest];

    /// <summary>The ID of an entry of a stream.</summary>
    public static byte[] Id(ulong ms, ulong sequence)
    {
        byte[] id = new byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(id, ms);
        BinaryPrimitives.WriteUInt64BigEndian(id.AsSpan(8), sequence);
        return id;
    }

    public static byte[] String(string text) => String(Encoding.Latin1.GetBytes(text));

    /// <summary>A string of the format, with the shortest length before it.</summary>
    public static byte[] String(byte[] text) => [.. Length((ulong)text.Length), .. text];

    public static byte[] Length(ulong length)
    {
        byte[] wide = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(wide, length);
        return length switch
        {
            < 64 => [(byte)length],
            < 16384 => [(byte)(0x40 | (length >> 8)), (byte)length],
            <= uint.MaxValue => [0x80, .. wide[4..]],
            _ => [0x81, .. wide],
        };
    }

    public static byte[] Fixed(ulong value) => BitConverter.GetBytes(value);

    public static byte[] Double(double value) => BitConverter.GetBytes(value);

    public static byte[] Intset(int width, params long[] values)
    {
        var bytes = new List<byte>([.. BitConverter.GetBytes(width), .. BitConverter.GetBytes(values.Length)]);
        foreach (long value in values)
        {
            bytes.AddRange(BitConverter.GetBytes(value)[..width]);
        }
        return [.. bytes];
    }

    public static byte[] Pack(params string[] entries)
    {
        using var heap = new Heap();
        var link = new Link(heap.Allocate(Listpack.EmptySize));
        var tail = new BlockTail(heap, ref link, 0);
        Listpack.WriteEmpty(tail.Bytes(Listpack.EmptySize));
        foreach (string entry in entries)
        {
            Listpack.Append(tail, Encoding.Latin1.GetBytes(entry));
        }
        byte[] pack = Listpack.Pack(tail).ToArray();
        heap.Free(link.Address);
        return pack;
    }

    /// <summary>Entries are strings or integers.</summary>
    public static byte[] Ziplist(params object[] entries)
    {
        var bytes = new List<byte>(new byte[10]);
        int last = bytes.Count;
        int previousSize = 0;
        foreach (object entry in entries)
        {
            last = bytes.Count;
            if (previousSize < 254)
            {
                bytes.Add((byte)previousSize);
            }
            else
            {
                bytes.AddRange([0xFE, .. BitConverter.GetBytes(previousSize)]);
            }
            bytes.AddRange(entry is long integer ? ZiplistInteger(integer) : ZiplistText(Encoding.Latin1.GetBytes((string)entry)));
            previousSize = bytes.Count - last;
        }
        bytes.Add(0xFF);
        byte[] list = [.. bytes];
        BinaryPrimitives.WriteInt32LittleEndian(list, list.Length);
        BinaryPrimitives.WriteInt32LittleEndian(list.AsSpan(4), last);
        BinaryPrimitives.WriteInt16LittleEndian(list.AsSpan(8), (short)entries.Length);
        return list;
    }

    /// <summary>Fields and values in turns; each value has a spare byte behind it.</summary>
    public static byte[] Zipmap(params string[] texts)
    {
        var bytes = new List<byte> { (byte)(texts.Length / 2) };
        for (int i = 0; i < texts.Length; i++)
        {
            if (texts[i].Length < 254)
            {
                bytes.Add((byte)texts[i].Length);
            }
            else
            {
                bytes.AddRange([254, .. BitConverter.GetBytes(texts[i].Length)]);
            }
            bool isValue = i % 2 == 1;
            if (isValue)
            {
                bytes.Add(1);
            }
            bytes.AddRange(Encoding.Latin1.GetBytes(texts[i]));
            if (isValue)
            {
                bytes.Add(0xAA);
            }
        }
        bytes.Add(255);
        return [.. bytes];
    }

    private static byte[] ZiplistInteger(long value)
    {
        byte[] wide = BitConverter.GetBytes(value);
        return value switch
        {
            >= 0 and <= 12 => [(byte)(0xF1 + value)],
            >= sbyte.MinValue and <= sbyte.MaxValue => [0xFE, wide[0]],
            >= short.MinValue and <= short.MaxValue => [0xC0, .. wide[..2]],
            >= -(1 << 23) and < 1 << 23 => [0xF0, .. wide[..3]],
            >= int.MinValue and <= int.MaxValue => [0xD0, .. wide[..4]],
            _ => [0xE0, .. wide],
        };
    }

    private static byte[] ZiplistText(byte[] text)
    {
        byte[] length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, text.Length);
        return text.Length switch
        {
            < 64 => [(byte)text.Length, .. text],
            < 16384 => [(byte)(0x40 | length[2]), length[3], .. text],
            _ => [0x80, .. length, .. text],
        };
    }
}
