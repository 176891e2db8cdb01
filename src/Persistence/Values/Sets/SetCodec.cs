using System.Buffers;
using Bixbite.Keyspace;
using Bixbite.Persistence.Pieces;
using Bixbite.Persistence.Rdb;
using Bixbite.Persistence.Rdb.Reading;
using Bixbite.Persistence.Rdb.Writing;
using Bixbite.Protocol;
using Bixbite.Types;
using Bixbite.Types.Sets;

namespace Bixbite.Persistence.Values.Sets;

/// <summary>Sets: an intset or members, or SADD.</summary>
internal sealed class SetCodec : CollectionCodec
{
    public override KeyType Type => KeyType.Set;

    public override ReadOnlySpan<RdbType> RdbTypes => [RdbType.Set, RdbType.SetIntset, RdbType.SetListpack];

    protected override bool TryReadRdb(RdbType type, ref RdbReader reader, scoped ValueSlot slot) =>
        SetDecoder.TryRead(type, ref reader, slot);

    protected override RdbType RdbTypeOf(scoped ValueSlot slot) =>
        slot.Layout == ValueLayout.Intset ? RdbType.SetIntset : RdbType.Set;

    protected override void WriteRdb(RdbWriter writer, scoped ValueSlot slot) => SetEncoder.Write(writer, slot);

    protected override void WriteRequests(IBufferWriter<byte> target, Record record, scoped ValueSlot slot)
    {
        var set = new SetValue(slot);
        var parts = new RequestParts(set.Count);
        SetReader members = set.Read();
        while (members.MoveNext())
        {
            parts.Next(target, "SADD"u8, record.Key, 1);
            target.Add(members.Member);
        }
    }

    protected override PieceSink RdbPieces(SavedValue value, bool isCompressed, scoped ValueSlot slot)
    {
        var pieces = new RdbMembers(value, isCompressed);
        pieces.BeginElements(new SetValue(slot).Count);
        return pieces;
    }

    protected override PieceSink RequestPieces(SavedValue value, byte[] key, scoped ValueSlot slot) =>
        new RequestMembers(value, key, new SetValue(slot).Count);

    private sealed class RdbMembers(SavedValue value, bool isCompressed) : RdbPieces(value, isCompressed), ISetSink
    {
        public void Member(ReadOnlySpan<byte> member) => Writer.String(member);

        public void BeginMember(int length) => BeginText(length);
    }

    private sealed class RequestMembers(SavedValue value, byte[] key, long count) : RequestPieces(value, key), ISetSink
    {
        private RequestParts _parts = new(count);

        public void Member(ReadOnlySpan<byte> member)
        {
            _parts.Next(Target, "SADD"u8, Key, 1);
            Target.Add(member);
        }

        public void BeginMember(int length)
        {
            _parts.Next(Target, "SADD"u8, Key, 1);
            BeginText(length);
        }
    }
}
