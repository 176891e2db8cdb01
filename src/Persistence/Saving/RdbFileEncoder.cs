using System.Buffers;
using System.Globalization;
using System.Text;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Records;
using Bixbite.Keyspace;
using Bixbite.Persistence.Pieces;
using Bixbite.Persistence.Rdb;
using Bixbite.Persistence.Rdb.Writing;
using Bixbite.Persistence.Values;

namespace Bixbite.Persistence.Saving;

/// <summary>The bytes of an RDB file; docs/formats/rdb.md draws them.</summary>
internal sealed class RdbFileEncoder : SnapshotEncoder
{
    private readonly RdbWriter _writer;
    private readonly Databases _databases;
    private readonly AccessClock _clock;
    private readonly ValueCodecs _codecs;
    private readonly RecordKinds _records;
    private readonly RdbFileOptions _options;

    /// <param name="target">Takes the bytes.</param>
    /// <param name="databases">What the snapshot is taken of; the file's version depends on what it holds now.</param>
    /// <param name="clock">Tells how long ago records were used, or how often.</param>
    /// <param name="tools">Their codecs write the values; their records are written as they are at the beginning.</param>
    /// <param name="options">How the file is written.</param>
    public RdbFileEncoder(BlockPipe target, Databases databases, AccessClock clock, SavingTools tools, RdbFileOptions options)
        : base(target)
    {
        _writer = WriterOn(target, options);
        _databases = databases;
        _clock = clock;
        _codecs = tools.Codecs;
        _records = tools.Records;
        _options = options;
    }

    public override SnapshotFooter Footer => _options.IsChecked ? SnapshotFooter.Checked : SnapshotFooter.Unchecked;

    public override void Begin()
    {
        int version = RdbFormat.FileVersion(_databases.HasFieldDeadlines);
        Target.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"REDIS{version:D4}")));
        Fact("redis-ver", ServerIdentity.RedisVersion);
        Fact("redis-bits", "64");
        Fact("ctime", Text(_options.UnixSeconds));
        Fact("used-mem", Text(_options.UsedBytes));
        if (_options.Place is { } place)
        {
            Fact("repl-stream-db", Text(place.Database));
            Fact("repl-id", place.Id);
            Fact("repl-offset", Text(place.End));
        }
        Fact("aof-base", _options.IsAppendOnlyBase ? "1" : "0");
        if (_options.HasRecords)
        {
            WriteRecords();
        }
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

    public override ISavedValue Open(int database, Record record) => new Value(this, database, record);

    public override void End() => _writer.Byte(RdbFormat.OpEnd);

    protected override void Write(Record record)
    {
        WriteHead(_writer, record);
        _codecs[record.Type].WriteRdb(_writer, _databases.Values, record);
    }

    protected override void WriteSelection(int database)
    {
        _writer.Byte(RdbFormat.OpDatabase);
        _writer.Length((ulong)database);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static RdbWriter WriterOn(BlockChain target, RdbFileOptions options) => new(target, options.IsCompressed);

    /// <summary>Writes the part before a value: the facts of its key, its type, the key.</summary>
    private void WriteHead(RdbWriter writer, Record record)
    {
        if (record.HasDeadline)
        {
            writer.Byte(RdbFormat.OpDeadlineMs);
            writer.Fixed64((ulong)record.DeadlineMs);
        }
        WriteAccess(writer, record);
        writer.Byte((byte)_codecs[record.Type].RdbTypeOf(_databases.Values, record));
        writer.String(record.Key);
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

    private void WriteRecords()
    {
        foreach (RecordKind kind in _records.All)
        {
            foreach (ReadOnlyMemory<byte> record in kind.Records)
            {
                _writer.Byte(kind.Code);
                _writer.String(record.Span);
            }
        }
    }

    private void Fact(string name, string value)
    {
        _writer.Byte(RdbFormat.OpFact);
        _writer.String(Encoding.ASCII.GetBytes(name));
        _writer.String(Encoding.ASCII.GetBytes(value));
    }

    /// <summary>A value in pieces: its head, then what its type's sink makes of them.</summary>
    private sealed class Value : PiecewiseValue
    {
        private readonly RdbFileEncoder _encoder;

        public Value(RdbFileEncoder encoder, int database, Record record)
            : base(encoder, database)
        {
            _encoder = encoder;
            encoder.WriteHead(WriterOn(Target, encoder._options), record);
        }

        public override void Take(Record record) =>
            _encoder._codecs[record.Type].WriteRdb(WriterOn(Target, _encoder._options), _encoder._databases.Values, record);

        protected override PieceSink Open(Record record) =>
            _encoder._codecs[record.Type].RdbPieces(this, _encoder._options.IsCompressed, _encoder._databases.Values, record);

        protected override void AfterPieces()
        {
        }
    }
}
