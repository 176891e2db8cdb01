using System.Buffers;
using Bixbite.Engine.Records;
using Bixbite.Keyspace;
using Bixbite.Persistence.Pieces;
using Bixbite.Persistence.Saving;
using Bixbite.Persistence.Values;
using Bixbite.Protocol;
using Bixbite.Types;

namespace Bixbite.Persistence.Aof;

/// <summary>
/// The base of a log as requests that make the data (aof-use-rdb-preamble no): for each key those that build its value, at most 64 elements
/// each, then its deadline. The names of the commands are those that Redis writes. In front stand the time, if that is to be noted, and the
/// records beside the keys.
/// </summary>
internal sealed class AofEncoder(BlockPipe target, ValueContext values, SavingTools tools, long? unixSeconds)
    : SnapshotEncoder(target)
{
    private ValueContext Values => values;

    public override SnapshotFooter Footer => SnapshotFooter.None;

    public override void Begin()
    {
        if (unixSeconds is { } seconds)
        {
            Target.Advance(RequestFormat.WriteTime(Target.GetSpan(RequestFormat.TimeSizeMax), seconds));
        }
        foreach (RecordKind kind in tools.Records.All)
        {
            foreach (ReadOnlyMemory<byte> record in kind.Records)
            {
                WriteRecord(kind.RequestHead, record.Span);
            }
        }
    }

    public override void End()
    {
    }

    public override ISavedValue Open(int database, Record record) => new Value(this, database, record);

    protected override void Write(Record record) => Write(Target, record);

    protected override void WriteSelection(int database) =>
        Target.Advance(RequestFormat.WriteSelect(Target.GetSpan(RequestFormat.SelectSizeMax), database));

    private static void WriteDeadline(IBufferWriter<byte> target, ReadOnlySpan<byte> key, long deadlineMs)
    {
        if (deadlineMs != Deadline.None)
        {
            target.Begin(3);
            target.Add("PEXPIREAT"u8);
            target.Add(key);
            target.Add(deadlineMs);
        }
    }

    private void WriteRecord(IReadOnlyList<byte[]> head, ReadOnlySpan<byte> record)
    {
        Target.Begin(head.Count + 1);
        foreach (byte[] word in head)
        {
            Target.Add(word);
        }
        Target.Add(record);
    }

    private ValueCodec CodecOf(Record record) => tools.Codecs[record.Type];

    private void Write(IBufferWriter<byte> target, Record record)
    {
        CodecOf(record).WriteRequests(target, values, record);
        WriteDeadline(target, record.Key, record.DeadlineMs);
    }

    /// <summary>A value in pieces.</summary>
    private sealed class Value : PiecewiseValue
    {
        private readonly AofEncoder _encoder;
        private readonly byte[] _key;
        private readonly long _deadlineMs;

        public Value(AofEncoder encoder, int database, Record record)
            : base(encoder, database)
        {
            _encoder = encoder;
            _key = record.Key.ToArray();
            _deadlineMs = record.DeadlineMs;
        }

        public override void Take(Record record) => _encoder.Write(Target, record);

        protected override PieceSink Open(Record record) => _encoder.CodecOf(record).RequestPieces(this, _encoder.Values, record);

        protected override void AfterPieces() => WriteDeadline(Target, _key, _deadlineMs);
    }
}
