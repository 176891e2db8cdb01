using System.Buffers;
using System.Globalization;
using Bixbite.Keyspace;
using Bixbite.Types;
using Bixbite.Types.Hashes;
using Bixbite.Types.Lists;
using Bixbite.Types.Saving;
using Bixbite.Types.Sets;
using Bixbite.Types.SortedSets;
using Bixbite.Types.Streams;
using Xunit;
using Record = Bixbite.Keyspace.Record;

namespace Bixbite.Unit.Keyspace;

/// <summary>Takes a snapshot as text: each key, as <c>db/key</c>, with its <see cref="ValueText"/>; a value in pieces at a time.</summary>
internal sealed class SnapshotText(ValueContext values) : ISnapshotSink
{
    private bool _isAttached;

    public Dictionary<string, string> Taken { get; } = [];

    /// <summary>The value and when its key expires.</summary>
    public static string Describe(ValueContext values, Record record) => WithDeadline(ValueText.Of(values, record), record.DeadlineMs);

    public void Take(int database, Record record)
    {
        Assert.False(_isAttached);
        Taken.Add(KeyOf(database, record), Describe(values, record));
    }

    public ISavedValue Open(int database, Record record) => new Saved(this, database, record);

    private static string KeyOf(int database, Record record) => $"{database}/{ValueText.Ascii(record.Key)}";

    private static string WithDeadline(string text, long deadlineMs) =>
        deadlineMs == Deadline.None ? text : string.Create(CultureInfo.InvariantCulture, $"{text} until {deadlineMs}");

    private string DescribeWhole(Record record) => Describe(values, record);

    private void Attach()
    {
        Assert.False(_isAttached);
        _isAttached = true;
    }

    private void Add(string key, string text)
    {
        _isAttached = false;
        Taken.Add(key, text);
    }

    private sealed class Saved(SnapshotText sink, int database, Record record)
        : ISavedValue, IListSink, ISetSink, ISortedSetSink, IHashSink, IStreamSink
    {
        private readonly string _key = KeyOf(database, record);
        private readonly long _deadlineMs = record.DeadlineMs;
        private readonly KeyType _type = record.Type;
        private readonly ValueText _elements = new();
        private readonly ArrayBufferWriter<byte> _text = new();
        private int _textLength;
        private Action<byte[]>? _finish;
        private string? _whole;

        public void Discard()
        {
        }

        public void Attach() => sink.Attach();

        public IValueSink Begin(Record record) => this;

        public void Take(Record record) => _whole = sink.DescribeWhole(record);

        public void Text(ReadOnlySpan<byte> piece)
        {
            Assert.True(_finish is not null || _type == KeyType.String);
            _text.Write(piece);
        }

        public void Node(ReadOnlySpan<byte> pack) => _elements.Node(pack);

        public void StreamNode(StreamId masterId, ReadOnlySpan<byte> pack) =>
            _elements.Entries(StreamEntryReader.In(masterId, pack));

        public IGroupSink EndStreamNodes() => _elements.Groups();

        public bool TryBeginNode(ReadOnlySpan<byte> pack, out Range text)
        {
            text = Range.All;
            Begin(pack.Length, bytes => _elements.Node(bytes));
            return true;
        }

        public bool TryBeginStreamNode(StreamId masterId, ReadOnlySpan<byte> pack, out Range text)
        {
            text = Range.All;
            Begin(pack.Length, bytes => _elements.Entries(StreamEntryReader.In(masterId, bytes)));
            return true;
        }

        public void Member(ReadOnlySpan<byte> member) => _elements.Member(member);

        public void Scored(ReadOnlySpan<byte> member, double score) => _elements.Scored(member, score);

        public void Field(ReadOnlySpan<byte> field, ReadOnlySpan<byte> value, long deadlineMs) =>
            _elements.Field(field, value, deadlineMs);

        public void BeginMember(int length) => Begin(length, text => _elements.Member(text));

        public void BeginScored(int length, double score) => Begin(length, text => _elements.Scored(text, score));

        public void BeginField(ReadOnlySpan<byte> field, int valueLength, long deadlineMs)
        {
            byte[] name = field.ToArray();
            Begin(valueLength, text => _elements.Field(name, text, deadlineMs));
        }

        public void EndElement()
        {
            Assert.Equal(_textLength, _text.WrittenCount);
            _finish!(_text.WrittenSpan.ToArray());
            _finish = null;
        }

        public void Close() => sink.Add(_key, _whole ?? WithDeadline(Pieces(), _deadlineMs));

        private string Pieces() => _type == KeyType.String ? ValueText.Ascii(_text.WrittenSpan) : _elements.Result(_type);

        private void Begin(int length, Action<byte[]> finish)
        {
            Assert.Null(_finish);
            _text.ResetWrittenCount();
            _textLength = length;
            _finish = finish;
        }
    }
}
