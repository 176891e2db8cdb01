using System.Buffers;
using System.Globalization;
using System.Text;
using Bixbite.Engine.Lifecycle;
using Bixbite.Keyspace;
using Bixbite.Persistence.Rdb;
using Bixbite.Persistence.Rdb.Writing;
using Bixbite.Types;
using Bixbite.Types.Saving;
using Bixbite.Types.Streams;

namespace Bixbite.Persistence.Saving;

/// <summary>The bytes of an RDB file; docs/formats/rdb.md draws them.</summary>
internal sealed class RdbFileEncoder : ISnapshotEncoder
{
    private const int NoDatabase = -1;

    private readonly BlockPipe _target;
    private readonly RdbWriter _writer;
    private readonly Databases _databases;
    private readonly AccessClock _clock;
    private readonly RdbFileOptions _options;
    private int _database = NoDatabase;

    /// <param name="target">Takes the bytes.</param>
    /// <param name="databases">What the snapshot is taken of; the file's version depends on what it holds now.</param>
    /// <param name="clock">Tells how long ago records were used, or how often.</param>
    /// <param name="options">How the file is written.</param>
    public RdbFileEncoder(BlockPipe target, Databases databases, AccessClock clock, RdbFileOptions options)
    {
        _target = target;
        _writer = WriterOn(target, options);
        _databases = databases;
        _clock = clock;
        _options = options;
    }

    public SnapshotFooter Footer => _options.IsChecked ? SnapshotFooter.Checked : SnapshotFooter.Unchecked;

    public void Begin()
    {
        int version = RdbFormat.FileVersion(_databases.HasFieldDeadlines);
        _target.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"REDIS{version:D4}")));
        Fact("redis-ver", ServerIdentity.RedisVersion);
        Fact("redis-bits", "64");
        Fact("ctime", Text(_options.UnixSeconds));
        Fact("used-mem", Text(_options.UsedBytes));
        Fact("aof-base", _options.IsAppendOnlyBase ? "1" : "0");
        foreach (Database database in _databases.InOrder())
        {
            if (database.Count > 0)
            {
                Select(database.Number);
                _writer.Byte(RdbFormat.OpSizes);
                _writer.Length((ulong)database.Count);
                _writer.Length((ulong)database.VolatileCount);
            }
        }
    }

    public void Take(int database, Record record)
    {
        SelectIfNeeded(database);
        WriteHead(_writer, record);
        ValueEncoder.Write(_writer, _databases.Values, record);
    }

    public ISavedValue Open(int database, Record record) => new Value(this, database, record);

    public void End() => _writer.Byte(RdbFormat.OpEnd);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static RdbWriter WriterOn(BlockChain target, RdbFileOptions options) => new(target, options.IsCompressed);

    /// <summary>What stands before a value: what is known of its key, its type, the key.</summary>
    private void WriteHead(RdbWriter writer, Record record)
    {
        if (record.HasDeadline)
        {
            writer.Byte(RdbFormat.OpDeadlineMs);
            writer.Fixed64((ulong)record.DeadlineMs);
        }
        WriteAccess(writer, record);
        writer.Byte((byte)ValueEncoder.TypeOf(_databases.Values, record));
        writer.String(record.Key);
    }

    private void SelectIfNeeded(int database)
    {
        if (database != _database)
        {
            Select(database);
        }
    }

    private void Select(int database)
    {
        _database = database;
        _writer.Byte(RdbFormat.OpDatabase);
        _writer.Length((ulong)database);
    }

    /// <summary>Only where the policy of eviction will ask for it.</summary>
    private void WriteAccess(RdbWriter writer, Record record)
    {
        switch (_options.Access)
        {
            case AccessKept.Frequency:
                writer.Byte(RdbFormat.OpFrequency);
                writer.Byte(_clock.Frequency(record.Access));
                break;
            case AccessKept.Idleness:
                writer.Byte(RdbFormat.OpIdleSeconds);
                writer.Length((ulong)(_clock.IdleMs(record.Access) / 1000));
                break;
        }
    }

    private void Fact(string name, string value)
    {
        _writer.Byte(RdbFormat.OpFact);
        _writer.String(Encoding.ASCII.GetBytes(name));
        _writer.String(Encoding.ASCII.GetBytes(value));
    }

    /// <summary>A value in pieces: its head, how much is to come, then the pieces.</summary>
    private sealed class Value : SavedValue
    {
        private readonly RdbFileEncoder _encoder;
        private readonly int _database;

        /// <summary>Of a hash: when the first field expires, or that none does.</summary>
        private long _firstMs;

        /// <summary>Of the long element of a sorted set that has begun.</summary>
        private double? _score;

        public Value(RdbFileEncoder encoder, int database, Record record)
            : base(encoder._target)
        {
            _encoder = encoder;
            _database = database;
            encoder.WriteHead(Writer, record);
        }

        private RdbWriter Writer => WriterOn(Target, _encoder._options);

        public override void Begin(Record record)
        {
            if (record.Type == KeyType.String)
            {
                Writer.BeginString(record.TextLength);
                return;
            }
            var reading = new RecordReading(_encoder._databases.Values, record);
            if (record.Type == KeyType.Stream)
            {
                var stream = new StreamValue(reading.Open());
                Writer.Length((ulong)stream.NodeCount);
                StreamEncoder.WriteState(WriterOn(Last, _encoder._options), stream);
                return;
            }
            _firstMs = ValueEncoder.Begin(Writer, record.Type, reading.Open());
        }

        public override void Take(Record record) => ValueEncoder.Write(Writer, _encoder._databases.Values, record);

        public override void Node(ReadOnlySpan<byte> pack) => ListEncoder.WriteNode(Writer, pack);

        public override void StreamNode(StreamId masterId, ReadOnlySpan<byte> pack) =>
            StreamEncoder.WriteNode(Writer, masterId, pack);

        public override void Group(ReadOnlySpan<byte> name, in SavedGroup group) => StreamEncoder.BeginGroup(Writer, name, group);

        public override void Pending(in SavedPending entry) => StreamEncoder.WritePending(Writer, entry);

        public override void BeginConsumers(int count) => Writer.Length((ulong)count);

        public override void Consumer(ReadOnlySpan<byte> name, long seenMs, long pendingCount) =>
            StreamEncoder.BeginConsumer(Writer, name, seenMs, pendingCount);

        public override void Own(in SavedPending entry) => StreamEncoder.WriteRawId(Writer, entry.Id);

        public override bool TryBeginNode(ReadOnlySpan<byte> pack, out Range text)
        {
            Writer.Length(RdbFormat.PackedNode);
            BeginMember(pack.Length);
            text = Range.All;
            return true;
        }

        public override bool TryBeginStreamNode(StreamId masterId, ReadOnlySpan<byte> pack, out Range text)
        {
            StreamEncoder.BeginNode(Writer, masterId);
            BeginMember(pack.Length);
            text = Range.All;
            return true;
        }

        public override void Member(ReadOnlySpan<byte> member) => Writer.String(member);

        public override void Scored(ReadOnlySpan<byte> member, double score) => SortedSetEncoder.WriteElement(Writer, member, score);

        public override void Field(ReadOnlySpan<byte> field, ReadOnlySpan<byte> value, long deadlineMs) =>
            HashEncoder.WriteField(Writer, _firstMs, field, value, deadlineMs);

        public override void BeginMember(int length)
        {
            Writer.BeginString(length);
            OpenElement();
        }

        public override void BeginScored(int length, double score)
        {
            _score = score;
            BeginMember(length);
        }

        public override void BeginField(ReadOnlySpan<byte> field, int valueLength, long deadlineMs)
        {
            HashEncoder.BeginField(Writer, _firstMs, field, deadlineMs);
            BeginMember(valueLength);
        }

        protected override void Finish()
        {
        }

        protected override void FinishElement()
        {
            if (_score is { } score)
            {
                Writer.Fixed64(BitConverter.DoubleToUInt64Bits(score));
            }
        }

        protected override void BeforeAttached() => _encoder.SelectIfNeeded(_database);
    }
}
