using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Bixbite.Wire.Keys;

namespace Bixbite.Wire.Persistence;

/// <summary>
/// Writes RDB files of any version by hand, so that a mistake of the server's own writer cannot hide in the tests. Text is taken byte for
/// character.
/// </summary>
internal sealed class RdbBytes(int version)
{
    private readonly List<byte> _bytes = [.. Latin($"REDIS{version:D4}")];

    /// <summary>An operation or a type.</summary>
    public RdbBytes Op(byte code) => Raw(code);

    public RdbBytes Raw(params byte[] raw)
    {
        _bytes.AddRange(raw);
        return this;
    }

    public RdbBytes Length(int length) => length switch
    {
        < 64 => Raw((byte)length),
        < 16384 => Raw((byte)(0x40 | (length >> 8)), (byte)length),
        _ => Raw([0x80, .. Big((uint)length)]),
    };

    public RdbBytes Text(string text) => Text(Latin(text));

    public RdbBytes Text(byte[] text) => Length(text.Length).Raw(text);

    /// <summary>A type, a key, and the value as one string: how packed values are stored.</summary>
    public RdbBytes Packed(byte type, string key, byte[] value) => Op(type).Text(key).Text(value);

    /// <summary>The whole file: from version 5 on its end is a checksum.</summary>
    public byte[] End()
    {
        _bytes.Add(0xFF);
        if (version < 5)
        {
            return [.. _bytes];
        }
        byte[] file = [.. _bytes, .. new byte[8]];
        PayloadFooter.Sign(file);
        return file;
    }

    /// <summary>
    /// A ziplist: total size, offset of the last entry, count, entries, 0xFF. An entry is the length of the one before, and a text as it
    /// is or a number in the given number of bytes.
    /// </summary>
    public static byte[] Ziplist(params IReadOnlyList<object> entries)
    {
        List<byte> content = [];
        int previousLength = 0;
        int last = 10;
        foreach (object entry in entries)
        {
            last = 10 + content.Count;
            byte[] encoded = [.. PreviousLength(previousLength), .. ZiplistEntry(entry)];
            content.AddRange(encoded);
            previousLength = encoded.Length;
        }

        byte[] head = [.. Little((uint)(content.Count + 11)), .. Little((uint)last), (byte)entries.Count, (byte)(entries.Count >> 8)];
        return [.. head, .. content, 0xFF];
    }

    /// <summary>A zipmap: count, then key length, key, value length, unused bytes, value and that many unused bytes; 0xFF.</summary>
    public static byte[] Zipmap(int unusedCount, params IReadOnlyList<string> pairs)
    {
        List<byte> content = [(byte)Math.Min(pairs.Count / 2, 254)];
        for (int i = 0; i < pairs.Count; i++)
        {
            content.AddRange(pairs[i].Length < 254 ? [(byte)pairs[i].Length] : [254, .. Little((uint)pairs[i].Length)]);
            if (i % 2 == 1)
            {
                content.Add((byte)unusedCount);
            }
            content.AddRange(Latin(pairs[i]));
            if (i % 2 == 1)
            {
                content.AddRange(new byte[unusedCount]);
            }
        }

        return [.. content, 0xFF];
    }

    /// <summary>An intset: bytes of a number, count, the numbers in order.</summary>
    public static byte[] Intset(int width, params IReadOnlyList<long> numbers) =>
        [.. Little((uint)width), .. Little((uint)numbers.Count), .. numbers.SelectMany(number => Little(number).Take(width))];

    /// <summary>A compressed string without any repetition: runs of up to 32 bytes as they are.</summary>
    public RdbBytes Lzf(string text)
    {
        byte[] packed = [.. Latin(text).Chunk(32).SelectMany(run => (byte[])[(byte)(run.Length - 1), .. run])];
        return Raw(0xC3).Length(packed.Length).Length(text.Length).Raw(packed);
    }

    private static byte[] PreviousLength(int length) => length < 254 ? [(byte)length] : [254, .. Little((uint)length)];

    private static byte[] ZiplistEntry(object entry) => entry switch
    {
        string text when text.Length < 64 => [(byte)text.Length, .. Latin(text)],
        string text when text.Length < 16384 => [(byte)(0x40 | (text.Length >> 8)), (byte)text.Length, .. Latin(text)],
        string text => [0x80, .. Big((uint)text.Length), .. Latin(text)],
        int and >= 0 and <= 12 and var number => [(byte)(0xF1 + number)],
        sbyte number => [0xFE, (byte)number],
        short number => [0xC0, .. Little(number).Take(2)],
        int number => [0xF0, .. Little(number).Take(3)],
        uint number => [0xD0, .. Little((int)number).Take(4)],
        long number => [0xE0, .. Little(number)],
        _ => throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"no entry of a ziplist: {entry}"), nameof(entry)),
    };

    private static byte[] Latin(string text) => Encoding.Latin1.GetBytes(text);

    private static byte[] Little(uint number) => [.. BitConverter.GetBytes(number)];

    private static byte[] Little(long number) => [.. BitConverter.GetBytes(number)];

    private static byte[] Big(uint number)
    {
        byte[] big = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(big, number);
        return big;
    }
}
