using System.Buffers;
using System.Buffers.Binary;
using Bixbite.Persistence.Pieces;
using Bixbite.Persistence.Rdb;
using Bixbite.Persistence.Rdb.Reading;
using Bixbite.Persistence.Rdb.Writing;
using Bixbite.Persistence.Values;
using Bixbite.Protocol;
using Bixbite.Structures.Checks;
using Bixbite.Types;
using Record = Bixbite.Keyspace.Record;

namespace Bixbite.Crash.Ledgers;

/// <summary>
/// Ledgers: the number of entries, then each with its length. No command builds one, so that the requests that make it are a RESTORE.
/// </summary>
internal sealed class LedgerCodec : CollectionCodec
{
    public const RdbType Number = (RdbType)200;

    public override KeyType Type => LedgerType.Number;

    public override ReadOnlySpan<RdbType> RdbTypes => [Number];

    /// <summary>A ledger of these entries as RESTORE takes it.</summary>
    public static byte[] Payload(params byte[][] entries)
    {
        ArrayBufferWriter<byte> body = new();
        RdbWriter writer = new(body, compressor: null);
        writer.Byte((byte)Number);
        writer.Length((ulong)entries.Length);
        foreach (byte[] entry in entries)
        {
            WriteEntry(writer, entry);
        }
        writer.Raw(Footer(body.WrittenSpan));
        return body.WrittenSpan.ToArray();
    }

    protected override bool TryReadRdb(RdbType type, ref RdbReader reader, scoped ValueSlot slot)
    {
        LedgerValue ledger = new(slot);
        for (ulong left = reader.Length(); left > 0; left--)
        {
            ReadOnlySpan<byte> entry = reader.Text();
            if (reader.HasFailed)
            {
                return false;
            }
            ledger.Append(entry);
        }

        return true;
    }

    protected override RdbType RdbTypeOf(scoped ValueSlot slot) => Number;

    protected override void WriteRdb(RdbWriter writer, scoped ValueSlot slot)
    {
        LedgerValue ledger = new(slot);
        writer.Length((ulong)ledger.Count);
        ledger.Visit(entry => WriteEntry(writer, entry));
    }

    protected override void WriteRequests(IBufferWriter<byte> target, Record record, scoped ValueSlot slot)
    {
        target.Begin(4);
        target.Add("RESTORE"u8);
        target.Add(record.Key);
        target.Add("0"u8);
        target.Add(Payload(EntriesOf(slot)));
    }

    protected override PieceSink RdbPieces(SavedValue value, bool isCompressed, scoped ValueSlot slot)
    {
        RdbEntries pieces = new(value, isCompressed);
        pieces.Begin(new LedgerValue(slot).Count);
        return pieces;
    }

    protected override PieceSink RequestPieces(SavedValue value, byte[] key, scoped ValueSlot slot)
    {
        RequestEntries pieces = new(value, key);
        pieces.Begin(new LedgerValue(slot).Count, Payload(EntriesOf(slot)).Length);
        return pieces;
    }

    private static byte[][] EntriesOf(scoped ValueSlot slot)
    {
        List<byte[]> entries = [];
        new LedgerValue(slot).Visit(entries.Add);
        return [.. entries];
    }

    private static void WriteEntry(RdbWriter writer, ReadOnlySpan<byte> entry)
    {
        writer.Length((ulong)entry.Length);
        writer.Raw(entry);
    }

    private static byte[] Footer(ReadOnlySpan<byte> body)
    {
        byte[] footer = new byte[10];
        BinaryPrimitives.WriteUInt16LittleEndian(footer, RdbFormat.VersionOf(Number));
        BinaryPrimitives.WriteUInt64LittleEndian(footer.AsSpan(2), Crc64.Append(Crc64.Append(0, body), footer.AsSpan(0, 2)));
        return footer;
    }

    private sealed class RdbEntries(SavedValue value, bool isCompressed) : RdbPieces(value, isCompressed), ILedgerSink
    {
        public void Begin(long count) => Writer.Length((ulong)count);

        public void Entry(ReadOnlySpan<byte> bytes) => WriteEntry(Writer, bytes);
    }

    private sealed class RequestEntries(SavedValue value, byte[] key) : RequestPieces(value, key), ILedgerSink
    {
        private readonly ArrayBufferWriter<byte> _body = new();
        private int _takenCount;

        private RdbWriter Body => new(_body, compressor: null);

        public void Begin(long count, long size)
        {
            Target.Begin(4);
            Target.Add("RESTORE"u8);
            Target.Add(Key);
            Target.Add("0"u8);
            Target.BeginArgument(size);
            Body.Byte((byte)Number);
            Body.Length((ulong)count);
            Move();
        }

        public void Entry(ReadOnlySpan<byte> bytes)
        {
            WriteEntry(Body, bytes);
            Move();
        }

        public override void Finish()
        {
            Target.Write(Footer(_body.WrittenSpan));
            Target.EndArgument();
        }

        /// <summary>What is new of the body goes on its way.</summary>
        private void Move()
        {
            Target.Write(_body.WrittenSpan[_takenCount..]);
            _takenCount = _body.WrittenCount;
        }
    }
}
