using System.Buffers.Binary;
using System.Diagnostics;
using Bixbite.Keyspace;
using Bixbite.Persistence.Rdb;
using Bixbite.Persistence.Rdb.Reading;
using Bixbite.Persistence.Rdb.Writing;
using Bixbite.Persistence.Values;
using Bixbite.Structures.Checks;
using Bixbite.Types;

namespace Bixbite.Persistence;

/// <summary>
/// The value of one key as DUMP gives it out and RESTORE takes it, interchangeable with Redis.
/// <code>
///  +------+--------------------+-------------+------------------------+
///  | type | value, as in RDB   | version, LE | CRC-64 of all before it|
///  | 1    |                    | 2           | 8, LE                  |
///  +------+--------------------+-------------+------------------------+
/// </code>
/// </summary>
public static class DumpPayload
{
    /// <summary>The type, version and checksum that surround a value.</summary>
    public const int FrameSize = TypeSize + FooterSize;

    /// <summary>The version and the checksum.</summary>
    internal const int FooterSize = 10;

    private const int TypeSize = 1;
    private const int ChecksumSize = 8;

    /// <summary>
    /// Writes the payload of a record, which may be too large for the target; what is long is compressed if a compressor is given.
    /// </summary>
    public static void Write(PayloadBuffer target, ValueCodecs codecs, ValueContext values, Record record, LzfCompressor? compressor)
    {
        Debug.Assert(target.Block == 0, "The payload before has not been cleared.");
        var writer = new RdbWriter(target, compressor);
        RdbType type = codecs[record.Type].RdbTypeOf(values, record);
        writer.Byte((byte)type);
        codecs[record.Type].WriteRdb(writer, values, record);
        WriteFooter(target, RdbFormat.VersionOf(type));
    }

    /// <summary>Whether the version is one that is read here and, unless told otherwise, the checksum is right.</summary>
    public static bool IsIntact(ReadOnlySpan<byte> payload, bool isChecksumSkipped = false)
    {
        if (payload.Length < FooterSize)
        {
            return false;
        }
        int version = BinaryPrimitives.ReadUInt16LittleEndian(payload[^FooterSize..]);
        ulong checksum = BinaryPrimitives.ReadUInt64LittleEndian(payload[^ChecksumSize..]);
        return version <= RdbFormat.VersionMax && (isChecksumSkipped || Crc64.Append(0, payload[..^ChecksumSize]) == checksum);
    }

    /// <summary>Ends a payload.</summary>
    internal static void WriteFooter(PayloadBuffer target, ushort version)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(target.GetSpan(sizeof(ushort)), version);
        target.Advance(sizeof(ushort));
        ulong checksum = Crc64.Append(0, target.Written);
        BinaryPrimitives.WriteUInt64LittleEndian(target.GetSpan(ChecksumSize), checksum);
        target.Advance(ChecksumSize);
    }

    /// <summary>Reads the type of an intact payload; false if it is none that is read here.</summary>
    public static bool TryReadType(ReadOnlySpan<byte> payload, ValueCodecs codecs, out KeyType type)
    {
        type = KeyType.String;
        if (payload.Length <= FooterSize || !codecs.TryFind((RdbType)payload[0], out ValueCodec? codec))
        {
            return false;
        }
        type = codec.Type;
        return true;
    }

    /// <summary>
    /// Reads the string of an intact payload; false if it is wrong in any way, or longer than allowed. Good as long as the payload
    /// and until the scratch is used again.
    /// </summary>
    public static bool TryReadString(ReadOnlySpan<byte> payload, RdbScratch scratch, long lengthMax, out ReadOnlySpan<byte> text)
    {
        var reader = new RdbReader(payload[TypeSize..^FooterSize], scratch, lengthMax);
        text = reader.Text();
        return !reader.HasFailed && reader.IsAtEnd;
    }

    /// <summary>
    /// The length of the string of an intact payload if it is compressed, for <see cref="TryReadCompressed"/>; 0 if it is not, or is wrong.
    /// </summary>
    public static int CompressedLength(ReadOnlySpan<byte> payload, RdbScratch scratch, long lengthMax) =>
        new RdbReader(payload[TypeSize..^FooterSize], scratch, lengthMax).CompressedLength();

    /// <summary>Reads such a string to where it is to stay, which has its length; false if it is wrong in any way.</summary>
    public static bool TryReadCompressed(ReadOnlySpan<byte> payload, RdbScratch scratch, long lengthMax, Span<byte> text)
    {
        var reader = new RdbReader(payload[TypeSize..^FooterSize], scratch, lengthMax);
        return reader.TryDecompress(text) && reader.IsAtEnd;
    }

    /// <summary>
    /// Reads the collection of an intact payload into an empty value of its type; false if it is wrong in any way, or has strings longer
    /// than allowed. What was built by then is to be discarded.
    /// </summary>
    public static bool TryReadCollection(
        ReadOnlySpan<byte> payload, ValueCodecs codecs, RdbScratch scratch, long lengthMax, scoped ValueSlot value)
    {
        var reader = new RdbReader(payload[TypeSize..^FooterSize], scratch, lengthMax);
        return codecs.TryFind((RdbType)payload[0], out ValueCodec? codec)
            && codec is CollectionCodec collection
            && collection.TryReadRdb((RdbType)payload[0], ref reader, value, out bool isEmpty)
            && !isEmpty
            && reader.IsAtEnd;
    }
}
