using System.Buffers;
using Bixbite.Keyspace;
using Bixbite.Persistence.Pieces;
using Bixbite.Persistence.Rdb;
using Bixbite.Persistence.Rdb.Reading;
using Bixbite.Persistence.Rdb.Writing;
using Bixbite.Types;
using Bixbite.Types.Hashes;

namespace Bixbite.Persistence.Values.Hashes;

/// <summary>Hashes: a listpack or fields, with deadlines or without, or HMSET and HPEXPIREAT.</summary>
internal sealed class HashCodec : CollectionCodec
{
    public override KeyType Type => KeyType.Hash;

    public override ReadOnlySpan<RdbType> RdbTypes =>
    [
        RdbType.Hash, RdbType.HashZipmap, RdbType.HashZiplist, RdbType.HashListpack, RdbType.HashWithAbsoluteDeadlines,
        RdbType.HashListpackWithDeadlinesOnly, RdbType.HashWithDeadlines, RdbType.HashListpackWithDeadlines,
    ];

    protected override bool TryReadRdb(RdbType type, ref RdbReader reader, scoped ValueSlot slot) =>
        HashDecoder.TryRead(type, ref reader, slot);

    protected override RdbType RdbTypeOf(scoped ValueSlot slot) => HashEncoder.TypeOf(slot);

    protected override void WriteRdb(RdbWriter writer, scoped ValueSlot slot) => HashEncoder.Write(writer, slot);

    protected override void WriteRequests(IBufferWriter<byte> target, Record record, scoped ValueSlot slot)
    {
        var hash = new HashValue(slot);
        var requests = new HashRequests(hash.Count, hash.NextDeadlineMs != FieldDeadlines.None);
        var visitor = new FieldWriter(requests, target, record);
        hash.Visit(ref visitor);
    }

    protected override PieceSink RdbPieces(SavedValue value, bool isCompressed, scoped ValueSlot slot)
    {
        var pieces = new RdbFields(value, isCompressed);
        pieces.Begin(new HashValue(slot));
        return pieces;
    }

    protected override PieceSink RequestPieces(SavedValue value, byte[] key, scoped ValueSlot slot)
    {
        var hash = new HashValue(slot);
        return new RequestFields(value, key, new HashRequests(hash.StoredCount, hash.NextDeadlineMs != FieldDeadlines.None));
    }

    private sealed class RdbFields(SavedValue value, bool isCompressed) : RdbPieces(value, isCompressed), IHashSink
    {
        /// <summary>When the first field expires, or that none does.</summary>
        private long _firstMs;

        public void Begin(HashValue hash) => _firstMs = HashEncoder.Begin(Writer, hash, hash.StoredCount);

        public void Field(ReadOnlySpan<byte> field, ReadOnlySpan<byte> value, long deadlineMs) =>
            HashEncoder.WriteField(Writer, _firstMs, field, value, deadlineMs);

        public void BeginField(ReadOnlySpan<byte> field, int valueLength, long deadlineMs)
        {
            HashEncoder.BeginField(Writer, _firstMs, field, deadlineMs);
            BeginText(valueLength);
        }
    }

    private sealed class RequestFields(SavedValue value, byte[] key, HashRequests requests) : RequestPieces(value, key), IHashSink
    {
        /// <summary>The long field that has begun, if it expires.</summary>
        private (byte[] Field, long DeadlineMs)? _expiring;

        public void Field(ReadOnlySpan<byte> field, ReadOnlySpan<byte> value, long deadlineMs) =>
            requests.Write(Target, Key, field, value, deadlineMs);

        public void BeginField(ReadOnlySpan<byte> field, int valueLength, long deadlineMs)
        {
            requests.Begin(Target, Key, field);
            _expiring = deadlineMs == FieldDeadlines.None ? null : (field.ToArray(), deadlineMs);
            BeginText(valueLength);
        }

        protected override void FinishElement()
        {
            base.FinishElement();
            if (_expiring is { } expiring)
            {
                HashRequests.WriteDeadline(Target, Key, expiring.Field, expiring.DeadlineMs);
                _expiring = null;
            }
        }
    }

    private readonly struct FieldWriter(HashRequests requests, IBufferWriter<byte> target, Record record) : IFieldVisitor
    {
        public void Visit(scoped ReadOnlySpan<byte> field, scoped ReadOnlySpan<byte> value, long deadlineMs) =>
            requests.Write(target, record.Key, field, value, deadlineMs);
    }
}
