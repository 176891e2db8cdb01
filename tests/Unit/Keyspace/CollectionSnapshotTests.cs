using System.Buffers;
using System.Globalization;
using System.IO.Hashing;
using System.Text;
using Bixbite.Keyspace;
using Bixbite.Structures.Packed;
using Bixbite.Structures.Text;
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

/// <summary>Large collections go into a snapshot as they were at its beginning, whatever is done to them meanwhile.</summary>
public sealed class CollectionSnapshotTests : IDisposable
{
    private const int ElementCount = 4_000;
    private const int KeyCount = 3;

    private readonly KeyspaceFixture _keyspace = new(databaseCount: 2);

    public void Dispose() => _keyspace.Dispose();

    [Theory]
    [InlineData(KeyType.Hash)]
    [InlineData(KeyType.Set)]
    [InlineData(KeyType.SortedSet)]
    [InlineData(KeyType.List)]
    [InlineData(KeyType.Stream)]
    public void AreWhatTheyWere(KeyType type)
    {
        int seed = Random.Shared.Next();
        TestContext.Current.SendDiagnosticMessage($"seed {seed}");
        var random = new Random(seed);
        for (int round = 0; round < 6; round++)
        {
            for (int i = 0; i < ElementCount; i++)
            {
                Change(type, random, mayRemoveKey: false);
            }
            Dictionary<string, string> expected = KeyspaceFixture.Content(_keyspace.Databases, (_, record) => Describe(record));
            var sink = new Sink(Describe);
            Snapshot snapshot = _keyspace.Databases.BeginSnapshot(sink);
            bool isCancelled = round == 3;
            for (int slice = 0; !snapshot.Run(() => true) && (!isCancelled || slice < 15); slice++)
            {
                for (int i = random.Next(10); i > 0; i--)
                {
                    Change(type, random, mayRemoveKey: true);
                }
                if (random.Next(100) == 0)
                {
                    _keyspace.Databases.Flush(_keyspace.Databases[random.Next(2)], lazily: true);
                }
            }
            if (isCancelled)
            {
                snapshot.Cancel();
                continue;
            }
            Assert.Equal(expected, sink.Taken);
            Assert.Equal(expected.Count, snapshot.TakenCount);
        }
        foreach (Database database in _keyspace.Databases.All)
        {
            _keyspace.Databases.Flush(database, lazily: true);
        }
        _keyspace.LazyFree.Run(() => false);
        Assert.True(_keyspace.LazyFree.IsIdle);
        Assert.True(_keyspace.Heap.UsedBytes < 4096, $"{_keyspace.Heap.UsedBytes} bytes are left");
    }

    [Fact]
    public void AGroupRemovedUnderASnapshotThatIsCancelledIsFreedInSlices()
    {
        const int EntryCount = 20_000;
        Database database = _keyspace.Databases[0];
        KeyRef at = database.Find("stream"u8);
        database.Create(ref at, "stream"u8, KeyType.Stream);
        // The tree of groups has a node from here on.
        Assert.True(new StreamValue(database.Edit(at)).TryCreateGroup("other"u8, StreamId.Min, 0, out _));
        long before = _keyspace.Heap.UsedBytes;
        Assert.True(new StreamValue(database.Edit(at)).TryCreateGroup("group"u8, StreamId.Min, 0, out StreamGroup group));
        group.TryCreateConsumer("consumer"u8, 0, out StreamConsumer consumer);
        for (ulong i = 0; i < EntryCount; i++)
        {
            group.AddPending(new StreamId(1, i), consumer, 0, 1);
        }
        Snapshot snapshot = _keyspace.Databases.BeginSnapshot(new Sink(Describe));
        Assert.True(new StreamValue(database.Edit(at)).TryRemoveGroup("group"u8));
        Assert.True(_keyspace.LazyFree.IsIdle, "it was freed before the snapshot had it");
        Assert.True(_keyspace.Databases.Values.Saving.UsedBytes > EntryCount);
        snapshot.Cancel();
        Assert.Equal(0, _keyspace.Databases.Values.Saving.UsedBytes);
        int slices = 0;
        for (; !_keyspace.LazyFree.IsIdle; slices++)
        {
            _keyspace.LazyFree.Run(() => true);
        }
        Assert.True(slices > 10, $"it took {slices} slices");
        Assert.Equal(before, _keyspace.Heap.UsedBytes);
    }

    private static string Join(IEnumerable<string> elements) => string.Join(',', elements);

    /// <summary>Most are short, some are long enough to be taken in pieces.</summary>
    private static byte[] Text(string name, int number)
    {
        int length = number % 500 == 0 ? 400_000 : number % 10 == 0 ? 3000 : 0;
        return Bytes($"{name}:{number}".PadRight(length, '.'));
    }

    private static byte[] Bytes(string text) => Encoding.ASCII.GetBytes(text);

    private static string Ascii(ReadOnlySpan<byte> bytes) => bytes.Length < 100
        ? Encoding.ASCII.GetString(bytes)
        : string.Create(CultureInfo.InvariantCulture, $"{Ascii(bytes[..20])}...{bytes.Length} {XxHash3.HashToUInt64(bytes)}");

    private string Describe(Record record)
    {
        var reading = new RecordReading(_keyspace.Databases.Values, record);
        ValueSlot slot = reading.Open();
        var elements = new Elements();
        switch (record.Type)
        {
            case KeyType.Hash:
                var visitor = new FieldVisitor(elements);
                new HashValue(slot).Visit(ref visitor);
                break;
            case KeyType.Set:
                SetReader members = new SetValue(slot).Read();
                while (members.MoveNext())
                {
                    elements.Member(members.Member);
                }
                break;
            case KeyType.SortedSet:
                var sorted = new SortedSetValue(slot);
                SortedSetReader scored = sorted.Read(sorted.All);
                while (scored.MoveNext())
                {
                    elements.Scored(scored.Member, scored.Score);
                }
                break;
            case KeyType.Stream:
                var stream = new StreamValue(slot);
                elements.Entries(stream.Read());
                StreamGroupMix.HandOver(stream, elements.Groups());
                break;
            default:
                ListNodeReader nodes = new ListValue(slot).Nodes();
                while (nodes.MoveNext())
                {
                    elements.Node(nodes.Current);
                }
                break;
        }
        return elements.Result(record.Type);
    }

    private void Change(KeyType type, Random random, bool mayRemoveKey)
    {
        Database database = _keyspace.Databases[random.Next(2)];
        byte[] key = Bytes($"key:{random.Next(KeyCount)}");
        KeyRef at = database.Find(key);
        if (!at.Exists)
        {
            database.Create(ref at, key, type);
            ChangeValue(type, database.Edit(at), random, isFirst: true);
            return;
        }
        switch (mayRemoveKey ? random.Next(60) : 60)
        {
            case 0:
                database.Remove(ref at);
                return;
            case 1:
                byte[] name = Bytes($"key:{random.Next(KeyCount)}");
                KeyspaceFixture.MoveIfFree(database, ref at, _keyspace.Databases[random.Next(2)], name);
                return;
            case 2:
                KeyspaceFixture.CopyIfFree(database, at, Bytes("copy"));
                return;
        }
        ChangeValue(type, database.Edit(at), random, isFirst: false);
        if (type == KeyType.Hash)
        {
            database.NoteFieldDeadlines(at);
        }
    }

    private static void ChangeValue(KeyType type, ValueSlot slot, Random random, bool isFirst)
    {
        byte[] element = Text("element", random.Next(ElementCount));
        bool isRemoval = !isFirst && random.Next(4) == 0;
        switch (type)
        {
            case KeyType.Hash:
                ChangeHash(new HashValue(slot), element, random, isRemoval);
                break;
            case KeyType.Set:
                var set = new SetValue(slot);
                if (!isRemoval)
                {
                    set.Add(element);
                }
                else if (set.Count > 1)
                {
                    set.RemoveAt(set.Stored.Choose());
                }
                break;
            case KeyType.SortedSet:
                var sorted = new SortedSetValue(slot);
                if (!isRemoval)
                {
                    sorted.Add(element, random.Next(1000));
                }
                else if (sorted.Count > 20)
                {
                    sorted.RemoveRange(new RankRange(random.Next((int)sorted.Count - 10), random.Next(5) + 1));
                }
                break;
            case KeyType.Stream:
                ChangeStream(new StreamValue(slot), element, random, isRemoval);
                break;
            default:
                ChangeList(new ListValue(slot), element, random, isRemoval);
                break;
        }
    }

    private static void ChangeHash(HashValue hash, byte[] field, Random random, bool isRemoval)
    {
        if (isRemoval && hash.Count > 1)
        {
            hash.Remove(field);
        }
        else if (!isRemoval)
        {
            hash.Set(field, Text("value", random.Next(ElementCount)));
            if (random.Next(10) == 0)
            {
                hash.SetDeadline(field, 2_000_000_000_000 + random.Next(1000));
            }
        }
    }

    private static void ChangeStream(StreamValue stream, byte[] text, Random random, bool isRemoval)
    {
        if (random.Next(3) == 0)
        {
            StreamGroupMix.Change(stream, random);
        }
        else if (!isRemoval)
        {
            stream.Append(new StreamId(stream.LastId.Ms + (ulong)random.Next(2), stream.LastId.Sequence + 1), new Fields(text));
        }
        else if (random.Next(10) == 0)
        {
            stream.Trim(StreamTrim.ToLength(Math.Max(stream.Count - random.Next(200), 1)) with { IsApproximate = random.Next(2) == 0 });
        }
        else
        {
            StreamEntryReader entries = stream.Read(new StreamId((ulong)random.Next(ElementCount), 0), StreamId.Max);
            if (entries.MoveNext())
            {
                stream.TryDelete(entries.Id);
            }
        }
    }

    private static void ChangeList(ListValue list, byte[] element, Random random, bool isRemoval)
    {
        ListEnd end = random.Next(2) == 0 ? ListEnd.Left : ListEnd.Right;
        if (isRemoval && list.Count > 10)
        {
            if (random.Next(4) == 0)
            {
                list.RemoveEqual(element, random.Next(3) + 1, end);
            }
            else
            {
                // Now and then hardly anything is left, so that the list becomes one listpack.
                list.Drop(end, random.Next(100) == 0 ? list.Count - 3 : random.Next(5) + 1);
            }
        }
        else if (list.Count > 0 && random.Next(8) == 0)
        {
            list.TryInsert(Text("element", random.Next(ElementCount)), random.Next(2) == 0, element);
        }
        else if (list.Count > 0 && random.Next(5) == 0)
        {
            list.Replace(random.NextInt64(list.Count), element);
        }
        else
        {
            list.Expect(1, element.Length);
            list.Push(end, element);
        }
    }

    /// <summary>Elements as text, in the list's order or sorted.</summary>
    private sealed class Elements
    {
        private readonly List<string> _elements = [];

        public void Node(ReadOnlySpan<byte> pack)
        {
            Span<byte> digits = stackalloc byte[Integers.SizeMax];
            for (int offset = Listpack.First(pack); offset != 0; offset = Listpack.Next(pack, offset))
            {
                _elements.Add(Ascii(Listpack.At(pack, offset).Text(digits)));
            }
        }

        public void Entries(StreamEntryReader entries)
        {
            Span<byte> digits = stackalloc byte[Integers.SizeMax];
            while (entries.MoveNext())
            {
                _elements.Add(string.Create(CultureInfo.InvariantCulture, $"{entries.Id.Ms}-{entries.Id.Sequence}"));
                while (entries.NextField(out ListpackEntry field, out ListpackEntry value))
                {
                    _elements.Add(Ascii(field.Text(digits)));
                    _elements.Add(Ascii(value.Text(digits)));
                }
            }
        }

        public IGroupSink Groups() => new GroupText(_elements.Add);

        public void Member(ReadOnlySpan<byte> member) => _elements.Add(Ascii(member));

        public void Scored(ReadOnlySpan<byte> member, double score) =>
            _elements.Add(string.Create(CultureInfo.InvariantCulture, $"{Ascii(member)}={score}"));

        public void Field(ReadOnlySpan<byte> field, ReadOnlySpan<byte> value, long deadlineMs) =>
            _elements.Add(string.Create(CultureInfo.InvariantCulture, $"{Ascii(field)}={Ascii(value)} until {deadlineMs}"));

        public string Result(KeyType type) =>
            type is KeyType.List or KeyType.Stream ? Join(_elements) : Join(_elements.Order(StringComparer.Ordinal));
    }

    private readonly ref struct Fields(ReadOnlySpan<byte> text) : IStreamFields
    {
        private readonly ReadOnlySpan<byte> _text = text;

        public int Count => 1;

        public ReadOnlySpan<byte> Field(int index) => "field"u8;

        public ReadOnlySpan<byte> Value(int index) => _text;
    }

    private readonly struct FieldVisitor(Elements elements) : IFieldVisitor
    {
        public void Visit(scoped ReadOnlySpan<byte> field, scoped ReadOnlySpan<byte> value, long deadlineMs) =>
            elements.Field(field, value, deadlineMs);
    }

    private sealed class Sink(Func<Record, string> describe) : ISnapshotSink
    {
        private readonly Func<Record, string> _describe = describe;

        public Dictionary<string, string> Taken { get; } = [];

        public void Take(int database, Record record) => Taken.Add($"{database}/{Ascii(record.Key)}", _describe(record));

        public ISavedValue Open(int database, Record record) => new Saved(this, database, record);

        private sealed class Saved(Sink sink, int database, Record record)
            : ISavedValue, IListSink, ISetSink, ISortedSetSink, IHashSink, IStreamSink
        {
            private readonly string _key = $"{database}/{Ascii(record.Key)}";
            private readonly KeyType _type = record.Type;
            private readonly Elements _elements = new();
            private readonly ArrayBufferWriter<byte> _text = new();
            private int _textLength;
            private Action<byte[]>? _finish;
            private string? _whole;

            public void Discard()
            {
            }

            public void Attach()
            {
            }

            public IValueSink Begin(Record record) => this;

            public void Take(Record record) => _whole = sink._describe(record);

            public void Text(ReadOnlySpan<byte> piece)
            {
                Assert.NotNull(_finish);
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

            public void Close() => sink.Taken.Add(_key, _whole ?? _elements.Result(_type));

            private void Begin(int length, Action<byte[]> finish)
            {
                Assert.Null(_finish);
                _text.ResetWrittenCount();
                _textLength = length;
                _finish = finish;
            }
        }
    }
}
