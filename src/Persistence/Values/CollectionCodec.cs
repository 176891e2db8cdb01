using System.Buffers;
using Bixbite.Keyspace;
using Bixbite.Persistence.Pieces;
using Bixbite.Persistence.Rdb;
using Bixbite.Persistence.Rdb.Reading;
using Bixbite.Persistence.Rdb.Writing;
using Bixbite.Types;

namespace Bixbite.Persistence.Values;

/// <summary>The codec of a type whose values lie in a <see cref="ValueSlot"/>.</summary>
internal abstract class CollectionCodec : ValueCodec
{
    public sealed override RdbType RdbTypeOf(ValueContext values, Record record)
    {
        var reading = new RecordReading(values, record);
        return RdbTypeOf(reading.Open());
    }

    public sealed override void WriteRdb(RdbWriter writer, ValueContext values, Record record)
    {
        var reading = new RecordReading(values, record);
        WriteRdb(writer, reading.Open());
    }

    public sealed override void WriteRequests(IBufferWriter<byte> target, ValueContext values, Record record)
    {
        var reading = new RecordReading(values, record);
        WriteRequests(target, record, reading.Open());
    }

    public sealed override PieceSink RdbPieces(SavedValue value, bool isCompressed, ValueContext values, Record record)
    {
        var reading = new RecordReading(values, record);
        return RdbPieces(value, isCompressed, reading.Open());
    }

    public sealed override PieceSink RequestPieces(SavedValue value, ValueContext values, Record record)
    {
        var reading = new RecordReading(values, record);
        return RequestPieces(value, record.Key.ToArray(), reading.Open());
    }

    /// <summary>
    /// Reads a collection into an empty value of its type. False if the bytes are wrong in any way; what was built by then is then of no
    /// use and is to be discarded, and so is an empty collection, unless its type says that there may be some.
    /// </summary>
    public bool TryReadRdb(RdbType type, ref RdbReader reader, scoped ValueSlot slot, out bool isEmpty)
    {
        bool isSound = TryReadRdb(type, ref reader, slot);
        CollectionType collection = slot.Context.Types.Collection(Type);
        isEmpty = isSound && !collection.MayBeEmpty && collection.IsEmpty(slot);
        return isSound && !reader.HasFailed;
    }

    protected abstract bool TryReadRdb(RdbType type, ref RdbReader reader, scoped ValueSlot slot);

    protected abstract RdbType RdbTypeOf(scoped ValueSlot slot);

    protected abstract void WriteRdb(RdbWriter writer, scoped ValueSlot slot);

    protected abstract void WriteRequests(IBufferWriter<byte> target, Record record, scoped ValueSlot slot);

    protected abstract PieceSink RdbPieces(SavedValue value, bool isCompressed, scoped ValueSlot slot);

    protected abstract PieceSink RequestPieces(SavedValue value, byte[] key, scoped ValueSlot slot);
}
