using System.Buffers;
using System.Buffers.Binary;
using Bixbite.Keyspace;
using Bixbite.Persistence.Rdb;
using Bixbite.Structures.Checks;
using Bixbite.Types.Strings;

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
    private const int FooterSize = 10;
    private const int ChecksumSize = 8;

    /// <summary>Appends the payload of a record; long strings are compressed if a compressor is given.</summary>
    public static void Write(ArrayBufferWriter<byte> target, Record record, LzfCompressor? compressor)
    {
        var writer = new RdbWriter(target, compressor);
        writer.Byte(RdbFormat.TypeString);
        if (record.StringEncoding == StringEncoding.Integer)
        {
            writer.Integer(record.Integer);
        }
        else
        {
            writer.String(record.Text(default));
        }
        BinaryPrimitives.WriteUInt16LittleEndian(target.GetSpan(2), RdbFormat.Version);
        target.Advance(2);
        ulong checksum = Crc64.Append(0, target.WrittenSpan);
        BinaryPrimitives.WriteUInt64LittleEndian(target.GetSpan(8), checksum);
        target.Advance(8);
    }

    /// <summary>Whether the version is one that is read here and the checksum is right.</summary>
    public static bool IsIntact(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < FooterSize)
        {
            return false;
        }
        int version = BinaryPrimitives.ReadUInt16LittleEndian(payload[^FooterSize..]);
        ulong checksum = BinaryPrimitives.ReadUInt64LittleEndian(payload[^ChecksumSize..]);
        return version <= RdbFormat.VersionMax && Crc64.Append(0, payload[..^ChecksumSize]) == checksum;
    }

    /// <summary>Reads the string of an intact payload; false if it is not one, or is longer than allowed. Nothing may follow it.</summary>
    public static bool TryReadString(ReadOnlySpan<byte> payload, long lengthMax, out byte[] text)
    {
        var reader = new RdbReader(payload[..^FooterSize]);
        text = [];
        if (reader.Byte() != RdbFormat.TypeString || reader.HasFailed)
        {
            return false;
        }
        text = reader.String(lengthMax);
        return !reader.HasFailed && reader.IsAtEnd;
    }
}
