using System.Buffers;
using Bixbite.Keyspace;
using Bixbite.Persistence.Pieces;
using Bixbite.Persistence.Rdb;
using Bixbite.Persistence.Rdb.Reading;
using Bixbite.Persistence.Rdb.Writing;
using Bixbite.Types;
using Bixbite.Types.Streams;

namespace Bixbite.Persistence.Values.Streams;

/// <summary>Streams: nodes, state and groups, or XADD, XSETID, XGROUP and XCLAIM.</summary>
internal sealed class StreamCodec : CollectionCodec
{
    public override KeyType Type => KeyType.Stream;

    public override ReadOnlySpan<RdbType> RdbTypes =>
        [RdbType.Stream, RdbType.StreamWithCounters, RdbType.StreamWithActiveTimes];

    protected override bool TryReadRdb(RdbType type, ref RdbReader reader, scoped ValueSlot slot) =>
        StreamDecoder.TryRead(type, ref reader, slot);

    protected override RdbType RdbTypeOf(scoped ValueSlot slot) => RdbType.StreamWithCounters;

    protected override void WriteRdb(RdbWriter writer, scoped ValueSlot slot) => StreamEncoder.Write(writer, slot);

    protected override void WriteRequests(IBufferWriter<byte> target, Record record, scoped ValueSlot slot) =>
        StreamRequests.Write(target, record.Key, slot);

    protected override PieceSink RdbPieces(SavedValue value, bool isCompressed, scoped ValueSlot slot)
    {
        var pieces = new RdbNodes(value, isCompressed);
        pieces.Begin(new StreamValue(slot));
        return pieces;
    }

    protected override PieceSink RequestPieces(SavedValue value, byte[] key, scoped ValueSlot slot)
    {
        var pieces = new RequestEntries(value, key);
        pieces.Begin(new StreamValue(slot));
        return pieces;
    }

    /// <summary>Writes a stream; the state after the nodes is taken when the value begins.</summary>
    private sealed class RdbNodes(SavedValue value, bool isCompressed) : RdbPieces(value, isCompressed), IStreamSink, IGroupSink
    {
        public void Begin(StreamValue stream)
        {
            BeginElements(stream.NodeCount);
            StreamEncoder.WriteState(LastWriter, stream);
        }

        public void StreamNode(StreamId masterId, ReadOnlySpan<byte> pack) => StreamEncoder.WriteNode(Writer, masterId, pack);

        public bool TryBeginStreamNode(StreamId masterId, ReadOnlySpan<byte> pack, out Range text)
        {
            StreamEncoder.BeginNode(Writer, masterId);
            BeginText(pack.Length);
            text = Range.All;
            return true;
        }

        public IGroupSink EndStreamNodes()
        {
            AppendLast();
            return this;
        }

        public void Group(ReadOnlySpan<byte> name, in SavedGroup group) => StreamEncoder.BeginGroup(Writer, name, group);

        public void Pending(in SavedPending entry) => StreamEncoder.WritePending(Writer, entry);

        public void BeginConsumers(int count) => Writer.Length((ulong)count);

        public void Consumer(ReadOnlySpan<byte> name, long seenMs, long pendingCount) =>
            StreamEncoder.BeginConsumer(Writer, name, seenMs, pendingCount);

        public void Own(in SavedPending entry) => StreamEncoder.WriteRawId(Writer, entry.Id);
    }

    private sealed class RequestEntries(SavedValue value, byte[] key) : RequestPieces(value, key), IStreamSink, IGroupSink
    {
        private byte[] _group = [];
        private byte[] _consumer = [];

        public void Begin(StreamValue stream)
        {
            StreamRequests.WriteBeginning(Target, Key, stream);
            StreamRequests.WriteState(Last, Key, stream);
        }

        public void StreamNode(StreamId masterId, ReadOnlySpan<byte> pack) =>
            StreamRequests.WriteEntries(Target, Key, StreamEntryReader.In(masterId, pack));

        /// <summary>Entries are taken as they are, however long.</summary>
        public bool TryBeginStreamNode(StreamId masterId, ReadOnlySpan<byte> pack, out Range text)
        {
            StreamNode(masterId, pack);
            text = default;
            return false;
        }

        public IGroupSink EndStreamNodes()
        {
            AppendLast();
            return this;
        }

        public void Group(ReadOnlySpan<byte> name, in SavedGroup group)
        {
            _group = name.ToArray();
            StreamRequests.BeginGroup(Target, Key, name, group.LastDeliveredId, group.EntriesRead);
        }

        /// <summary>It comes again with its consumer.</summary>
        public void Pending(in SavedPending entry)
        {
        }

        public void BeginConsumers(int count)
        {
        }

        public void Consumer(ReadOnlySpan<byte> name, long seenMs, long pendingCount)
        {
            _consumer = name.ToArray();
            if (pendingCount == 0)
            {
                StreamRequests.WriteConsumer(Target, Key, _group, name);
            }
        }

        public void Own(in SavedPending entry) => StreamRequests.WritePending(Target, Key, _group, _consumer, entry);
    }
}
