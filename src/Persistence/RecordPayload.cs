using Bixbite.Engine.Records;
using Bixbite.Persistence.Rdb;
using Bixbite.Persistence.Rdb.Reading;
using Bixbite.Persistence.Rdb.Writing;
using Bixbite.Structures.Checks;

namespace Bixbite.Persistence;

/// <summary>
/// The records of a kind as bytes that other servers understand, as FUNCTION DUMP gives them out and FUNCTION RESTORE takes them.
/// <code>
///  +------+--------+------+--------+ ... +-------------+------------------------+
///  | code | record | code | record |     | version, LE | CRC-64 of all before it|
///  | 1    |        | 1    |        |     | 2           | 8, LE                  |
///  +------+--------+------+--------+ ... +-------------+------------------------+
/// </code>
/// </summary>
public static class RecordPayload
{
    /// <summary>Writes all records, which may be too large for the target; what is long is compressed if a compressor is given.</summary>
    public static void Write(PayloadBuffer target, RecordKind kind, LzfCompressor? compressor)
    {
        var writer = new RdbWriter(target, compressor);
        foreach (ReadOnlyMemory<byte> record in kind.Records)
        {
            writer.Byte(kind.Code);
            writer.String(record.Span);
        }
        DumpPayload.WriteFooter(target, (ushort)RdbFormat.FileVersion(hasFieldDeadlines: false));
    }
}

/// <summary>Reads the records of a payload that <see cref="DumpPayload.IsIntact"/>, one after the other.</summary>
public ref struct RecordPayloadReader(ReadOnlySpan<byte> payload, byte code, RdbScratch scratch, long lengthMax)
{
    private RdbReader _reader = new(payload[..^DumpPayload.FooterSize], scratch, lengthMax);

    /// <summary>The next record. Good until the next call.</summary>
    public RecordStep Next(out ReadOnlySpan<byte> record)
    {
        record = default;
        if (_reader.IsAtEnd)
        {
            return RecordStep.End;
        }
        byte found = _reader.Byte();
        if (found != code)
        {
            return found == RdbFormat.OpFunctionOfCandidate ? RecordStep.Candidate : RecordStep.OtherKind;
        }
        record = _reader.Text();
        return _reader.HasFailed ? RecordStep.Damaged : RecordStep.Record;
    }
}

/// <summary>The next part of a payload of records.</summary>
public enum RecordStep
{
    Record,
    End,

    /// <summary>Its bytes make no sense.</summary>
    Damaged,

    /// <summary>Something of another kind.</summary>
    OtherKind,

    /// <summary>A library of functions in the format of a candidate of Redis 7.0.</summary>
    Candidate,
}
