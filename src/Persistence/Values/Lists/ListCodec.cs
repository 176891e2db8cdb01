using System.Buffers;
using Bixbite.Keyspace;
using Bixbite.Persistence.Pieces;
using Bixbite.Persistence.Rdb;
using Bixbite.Persistence.Rdb.Reading;
using Bixbite.Persistence.Rdb.Writing;
using Bixbite.Protocol;
using Bixbite.Structures.Packed;
using Bixbite.Structures.Text;
using Bixbite.Types;
using Bixbite.Types.Lists;

namespace Bixbite.Persistence.Values.Lists;

/// <summary>Lists: nodes, or RPUSH.</summary>
internal sealed class ListCodec : CollectionCodec
{
    public override KeyType Type => KeyType.List;

    public override ReadOnlySpan<RdbType> RdbTypes =>
        [RdbType.List, RdbType.ListZiplist, RdbType.ListOfZiplists, RdbType.ListOfListpacks];

    protected override bool TryReadRdb(RdbType type, ref RdbReader reader, scoped ValueSlot slot) =>
        ListDecoder.TryRead(type, ref reader, slot);

    protected override RdbType RdbTypeOf(scoped ValueSlot slot) => RdbType.ListOfListpacks;

    protected override void WriteRdb(RdbWriter writer, scoped ValueSlot slot) => ListEncoder.Write(writer, slot);

    protected override void WriteRequests(IBufferWriter<byte> target, Record record, scoped ValueSlot slot)
    {
        Span<byte> digits = stackalloc byte[Integers.SizeMax];
        var list = new ListValue(slot);
        var parts = new RequestParts(list.Count);
        ListReader elements = list.Read(0, list.Count);
        while (elements.MoveNext())
        {
            parts.Next(target, "RPUSH"u8, record.Key, 1);
            target.Add(elements.Current.Text(digits));
        }
    }

    protected override PieceSink RdbPieces(SavedValue value, bool isCompressed, scoped ValueSlot slot)
    {
        var pieces = new RdbNodes(value, isCompressed);
        pieces.BeginElements(new ListValue(slot).Nodes().Count);
        return pieces;
    }

    protected override PieceSink RequestPieces(SavedValue value, byte[] key, scoped ValueSlot slot) =>
        new RequestElements(value, key, new ListValue(slot).Count);

    private sealed class RdbNodes(SavedValue value, bool isCompressed) : RdbPieces(value, isCompressed), IListSink
    {
        public void Node(ReadOnlySpan<byte> pack) => ListEncoder.WriteNode(Writer, pack);

        public bool TryBeginNode(ReadOnlySpan<byte> pack, out Range text)
        {
            Writer.Length(RdbFormat.PackedNode);
            BeginText(pack.Length);
            text = Range.All;
            return true;
        }
    }

    private sealed class RequestElements(SavedValue value, byte[] key, long count) : RequestPieces(value, key), IListSink
    {
        private RequestParts _parts = new(count);

        public void Node(ReadOnlySpan<byte> pack)
        {
            Span<byte> digits = stackalloc byte[Integers.SizeMax];
            for (int offset = Listpack.First(pack); offset != 0; offset = Listpack.Next(pack, offset))
            {
                _parts.Next(Target, "RPUSH"u8, Key, 1);
                Target.Add(Listpack.At(pack, offset).Text(digits));
            }
        }

        public bool TryBeginNode(ReadOnlySpan<byte> pack, out Range text)
        {
            text = default;
            ListpackEntry entry = Listpack.At(pack, Listpack.First(pack));
            if (Listpack.Count(pack) != 1 || entry.IsInteger || !pack.Overlaps(entry.Bytes, out int start))
            {
                Node(pack);
                return false;
            }
            _parts.Next(Target, "RPUSH"u8, Key, 1);
            BeginText(entry.Bytes.Length);
            text = start..(start + entry.Bytes.Length);
            return true;
        }
    }
}
