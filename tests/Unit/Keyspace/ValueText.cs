using System.Globalization;
using System.IO.Hashing;
using System.Text;
using Bixbite.Keyspace;
using Bixbite.Structures.Packed;
using Bixbite.Structures.Text;
using Bixbite.Types;
using Bixbite.Types.Hashes;
using Bixbite.Types.Lists;
using Bixbite.Types.Sets;
using Bixbite.Types.SortedSets;
using Bixbite.Types.Streams;
using Record = Bixbite.Keyspace.Record;

namespace Bixbite.Unit.Keyspace;

/// <summary>What a value holds, as text: elements in the order of a list or stream, otherwise sorted; long ones by their digest.</summary>
internal sealed class ValueText
{
    private readonly List<string> _elements = [];

    public static string Of(ValueContext values, Record record)
    {
        if (record.Type == KeyType.String)
        {
            return Ascii(record.Text(new byte[Integers.SizeMax]));
        }
        var reading = new RecordReading(values, record);
        ValueSlot slot = reading.Open();
        var elements = new ValueText();
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
        type is KeyType.List or KeyType.Stream ? string.Join(',', _elements) : string.Join(',', _elements.Order(StringComparer.Ordinal));

    public static string Ascii(ReadOnlySpan<byte> bytes) => bytes.Length < 100
        ? Encoding.ASCII.GetString(bytes)
        : string.Create(CultureInfo.InvariantCulture, $"{Ascii(bytes[..20])}...{bytes.Length} {XxHash3.HashToUInt64(bytes)}");

    private readonly struct FieldVisitor(ValueText elements) : IFieldVisitor
    {
        public void Visit(scoped ReadOnlySpan<byte> field, scoped ReadOnlySpan<byte> value, long deadlineMs) =>
            elements.Field(field, value, deadlineMs);
    }
}
