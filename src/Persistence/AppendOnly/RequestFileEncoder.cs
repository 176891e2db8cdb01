using System.Buffers;
using Bixbite.Keyspace;
using Bixbite.Persistence.Saving;
using Bixbite.Protocol;
using Bixbite.Types;

namespace Bixbite.Persistence.AppendOnly;

/// <summary>
/// The base of a log as requests that make the data (aof-use-rdb-preamble no): for each key those that build its value, at most 64 elements
/// each, then its deadline. The names of the commands are those that Redis writes. In front stands the time, if that is to be noted.
/// </summary>
internal sealed class RequestFileEncoder(BlockPipe target, ValueContext values, long? unixSeconds) : ISnapshotEncoder
{
    private const int NoDatabase = -1;

    private int _database = NoDatabase;

    private BlockPipe Target => target;

    private ValueContext Values => values;

    public SnapshotFooter Footer => SnapshotFooter.None;

    public void Begin()
    {
        if (unixSeconds is { } seconds)
        {
            target.Advance(RequestFormat.WriteTime(target.GetSpan(RequestFormat.TimeSizeMax), seconds));
        }
    }

    public void End()
    {
    }

    public void Take(int database, Record record)
    {
        SelectIfNeeded(database);
        new ValueRequests(target, values).Write(record);
    }

    public ISavedValue Open(int database, Record record) => new Value(this, database, record);

    private void SelectIfNeeded(int database)
    {
        if (database != _database)
        {
            _database = database;
            target.Advance(RequestFormat.WriteSelect(target.GetSpan(RequestFormat.SelectSizeMax), database));
        }
    }

    /// <summary>A value in pieces.</summary>
    private sealed class Value : SavedValue
    {
        private readonly RequestFileEncoder _encoder;
        private readonly int _database;
        private readonly byte[] _key;
        private readonly long _deadlineMs;
        private bool _isWhole;

        public Value(RequestFileEncoder encoder, int database, Record record)
            : base(encoder.Target)
        {
            _encoder = encoder;
            _database = database;
            _key = record.Key.ToArray();
            _deadlineMs = record.DeadlineMs;
        }

        public override void Begin(Record record)
        {
            Target.Begin(3);
            Target.Add("SET"u8);
            Target.Add(_key);
            Target.BeginArgument(record.TextLength);
        }

        public override void Take(Record record)
        {
            _isWhole = true;
            new ValueRequests(Target, _encoder.Values).Write(record);
        }

        public override void Text(ReadOnlySpan<byte> piece) => Target.Write(piece);

        public override void Close()
        {
            if (_isWhole)
            {
                return;
            }
            Target.EndArgument();
            ValueRequests.WriteDeadline(Target, _key, _deadlineMs);
        }

        protected override void BeforeAttached() => _encoder.SelectIfNeeded(_database);
    }
}
