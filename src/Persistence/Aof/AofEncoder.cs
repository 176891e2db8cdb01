using Bixbite.Keyspace;
using Bixbite.Persistence.Saving;
using Bixbite.Protocol;
using Bixbite.Structures.Packed;
using Bixbite.Structures.Text;
using Bixbite.Types;
using Bixbite.Types.Hashes;
using Bixbite.Types.Saving;
using Bixbite.Types.Streams;

namespace Bixbite.Persistence.Aof;

/// <summary>
/// The base of a log as requests that make the data (aof-use-rdb-preamble no): for each key those that build its value, at most 64 elements
/// each, then its deadline. The names of the commands are those that Redis writes. In front stands the time, if that is to be noted.
/// </summary>
internal sealed class AofEncoder(BlockPipe target, ValueContext values, long? unixSeconds) : ISnapshotEncoder
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
        private readonly AofEncoder _encoder;
        private readonly int _database;
        private readonly byte[] _key;
        private readonly long _deadlineMs;
        private bool _isWhole;
        private bool _isStream;

        /// <summary>The elements of a collection.</summary>
        private ValueRequests.ElementCount? _elements;

        /// <summary>The long field that has begun, if it expires.</summary>
        private (byte[] Field, long DeadlineMs)? _expiring;

        /// <summary>The group of a stream, and its consumer, whose entries come.</summary>
        private (byte[] Group, byte[] Consumer) _pendingOf;

        private ValueRequests Requests => new(Target, _encoder.Values);

        public Value(AofEncoder encoder, int database, Record record)
            : base(encoder.Target)
        {
            _encoder = encoder;
            _database = database;
            _key = record.Key.ToArray();
            _deadlineMs = record.DeadlineMs;
        }

        public override void Begin(Record record)
        {
            if (record.Type == KeyType.Stream)
            {
                BeginStream(record);
                return;
            }
            if (record.Type != KeyType.String)
            {
                var reading = new RecordReading(_encoder.Values, record);
                _elements = ValueRequests.ElementsOf(record.Type, reading.Open());
                return;
            }
            Target.Begin(3);
            Target.Add("SET"u8);
            Target.Add(_key);
            Target.BeginArgument(record.TextLength);
        }

        public override void Take(Record record)
        {
            _isWhole = true;
            Requests.Write(record);
        }

        public override void Node(ReadOnlySpan<byte> pack)
        {
            Span<byte> digits = stackalloc byte[Integers.SizeMax];
            for (int offset = Listpack.First(pack); offset != 0; offset = Listpack.Next(pack, offset))
            {
                Requests.BeginPart(_elements!.Index++, _elements.Count, "RPUSH"u8, _key, 1);
                Target.Add(Listpack.At(pack, offset).Text(digits));
            }
        }

        public override bool TryBeginNode(ReadOnlySpan<byte> pack, out Range text)
        {
            text = default;
            ListpackEntry entry = Listpack.At(pack, Listpack.First(pack));
            if (Listpack.Count(pack) != 1 || entry.IsInteger || !pack.Overlaps(entry.Bytes, out int start))
            {
                Node(pack);
                return false;
            }
            Requests.BeginPart(_elements!.Index++, _elements.Count, "RPUSH"u8, _key, 1);
            BeginText(entry.Bytes.Length);
            text = start..(start + entry.Bytes.Length);
            return true;
        }

        public override void StreamNode(StreamId masterId, ReadOnlySpan<byte> pack) =>
            StreamRequests.WriteEntries(Target, _key, StreamEntryReader.In(masterId, pack));

        /// <summary>Entries are taken as they are, however long.</summary>
        public override bool TryBeginStreamNode(StreamId masterId, ReadOnlySpan<byte> pack, out Range text)
        {
            StreamNode(masterId, pack);
            text = default;
            return false;
        }

        public override void Group(ReadOnlySpan<byte> name, in SavedGroup group)
        {
            _pendingOf.Group = name.ToArray();
            StreamRequests.BeginGroup(Target, _key, name, group.LastDeliveredId, group.EntriesRead);
        }

        /// <summary>It comes again with its consumer.</summary>
        public override void Pending(in SavedPending entry)
        {
        }

        public override void BeginConsumers(int count)
        {
        }

        public override void Consumer(ReadOnlySpan<byte> name, long seenMs, long pendingCount)
        {
            _pendingOf.Consumer = name.ToArray();
            if (pendingCount == 0)
            {
                StreamRequests.WriteConsumer(Target, _key, _pendingOf.Group, name);
            }
        }

        public override void Own(in SavedPending entry) =>
            StreamRequests.WritePending(Target, _key, _pendingOf.Group, _pendingOf.Consumer, entry);

        public override void Member(ReadOnlySpan<byte> member)
        {
            Requests.BeginPart(_elements!.Index++, _elements.Count, "SADD"u8, _key, 1);
            Target.Add(member);
        }

        public override void Scored(ReadOnlySpan<byte> member, double score)
        {
            Span<byte> text = stackalloc byte[Doubles.SizeMax];
            Requests.BeginPart(_elements!.Index++, _elements.Count, "ZADD"u8, _key, 2);
            Target.Add(text[..Doubles.Format(score, text)]);
            Target.Add(member);
        }

        public override void Field(ReadOnlySpan<byte> field, ReadOnlySpan<byte> value, long deadlineMs) =>
            Requests.WriteField(_key, _elements!, field, value, deadlineMs);

        public override void BeginMember(int length)
        {
            Requests.BeginPart(_elements!.Index++, _elements.Count, "SADD"u8, _key, 1);
            BeginText(length);
        }

        public override void BeginScored(int length, double score)
        {
            Span<byte> text = stackalloc byte[Doubles.SizeMax];
            Requests.BeginPart(_elements!.Index++, _elements.Count, "ZADD"u8, _key, 2);
            Target.Add(text[..Doubles.Format(score, text)]);
            BeginText(length);
        }

        public override void BeginField(ReadOnlySpan<byte> field, int valueLength, long deadlineMs)
        {
            Requests.BeginField(_key, _elements!, field);
            _expiring = deadlineMs == FieldDeadlines.None ? null : (field.ToArray(), deadlineMs);
            BeginText(valueLength);
        }

        protected override void Finish()
        {
            if (_isWhole)
            {
                return;
            }
            if (_elements is null && !_isStream)
            {
                Target.EndArgument();
            }
            ValueRequests.WriteDeadline(Target, _key, _deadlineMs);
        }

        protected override void FinishElement()
        {
            Target.EndArgument();
            if (_expiring is { } expiring)
            {
                Requests.WriteFieldDeadline(_key, expiring.Field, expiring.DeadlineMs);
                _expiring = null;
            }
        }

        protected override void BeforeAttached() => _encoder.SelectIfNeeded(_database);

        private void BeginStream(Record record)
        {
            _isStream = true;
            var reading = new RecordReading(_encoder.Values, record);
            var stream = new StreamValue(reading.Open());
            StreamRequests.WriteBeginning(Target, _key, stream);
            StreamRequests.WriteState(Last, _key, stream);
        }

        private void BeginText(int length)
        {
            Target.BeginArgument(length);
            OpenElement();
        }
    }
}
