using System.Buffers;
using Bixbite.Keyspace;
using Bixbite.Persistence.Pieces;
using Bixbite.Persistence.Rdb;
using Bixbite.Persistence.Rdb.Reading;
using Bixbite.Persistence.Rdb.Writing;
using Bixbite.Protocol;
using Bixbite.Structures.Text;
using Bixbite.Types;
using Bixbite.Types.SortedSets;

namespace Bixbite.Persistence.Values.SortedSets;

/// <summary>Sorted sets: a listpack or members with scores, or ZADD.</summary>
internal sealed class SortedSetCodec : CollectionCodec
{
    public override KeyType Type => KeyType.SortedSet;

    public override ReadOnlySpan<RdbType> RdbTypes =>
        [RdbType.SortedSetWithTextScores, RdbType.SortedSet, RdbType.SortedSetZiplist, RdbType.SortedSetListpack];

    protected override bool TryReadRdb(RdbType type, ref RdbReader reader, scoped ValueSlot slot) =>
        SortedSetDecoder.TryRead(type, ref reader, slot);

    protected override RdbType RdbTypeOf(scoped ValueSlot slot) =>
        slot.Layout == ValueLayout.Listpack ? RdbType.SortedSetListpack : RdbType.SortedSet;

    protected override void WriteRdb(RdbWriter writer, scoped ValueSlot slot) => SortedSetEncoder.Write(writer, slot);

    protected override void WriteRequests(IBufferWriter<byte> target, Record record, scoped ValueSlot slot)
    {
        var set = new SortedSetValue(slot);
        var parts = new RequestParts(set.Count);
        SortedSetReader elements = set.Read(set.All, isReversed: false);
        while (elements.MoveNext())
        {
            BeginElement(ref parts, target, record.Key, elements.Score);
            target.Add(elements.Member);
        }
    }

    protected override PieceSink RdbPieces(SavedValue value, bool isCompressed, scoped ValueSlot slot)
    {
        var pieces = new RdbElements(value, isCompressed);
        pieces.BeginElements(new SortedSetValue(slot).Count);
        return pieces;
    }

    protected override PieceSink RequestPieces(SavedValue value, byte[] key, scoped ValueSlot slot) =>
        new RequestElements(value, key, new SortedSetValue(slot).Count);

    /// <summary>Writes what stands before a member.</summary>
    private static void BeginElement(ref RequestParts parts, IBufferWriter<byte> target, ReadOnlySpan<byte> key, double score)
    {
        Span<byte> text = stackalloc byte[Doubles.SizeMax];
        parts.Next(target, "ZADD"u8, key, 2);
        target.Add(text[..Doubles.Format(score, text)]);
    }

    private sealed class RdbElements(SavedValue value, bool isCompressed) : RdbPieces(value, isCompressed), ISortedSetSink
    {
        /// <summary>Of the long element that has begun.</summary>
        private double _score;

        public void Scored(ReadOnlySpan<byte> member, double score) => SortedSetEncoder.WriteElement(Writer, member, score);

        public void BeginScored(int length, double score)
        {
            _score = score;
            BeginText(length);
        }

        protected override void FinishElement() => Writer.Fixed64(BitConverter.DoubleToUInt64Bits(_score));
    }

    private sealed class RequestElements(SavedValue value, byte[] key, long count) : RequestPieces(value, key), ISortedSetSink
    {
        private RequestParts _parts = new(count);

        public void Scored(ReadOnlySpan<byte> member, double score)
        {
            BeginElement(ref _parts, Target, Key, score);
            Target.Add(member);
        }

        public void BeginScored(int length, double score)
        {
            BeginElement(ref _parts, Target, Key, score);
            BeginText(length);
        }
    }
}
