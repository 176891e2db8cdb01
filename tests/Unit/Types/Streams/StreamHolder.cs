using System.Text;
using Bixbite.Memory;
using Bixbite.Structures.Ordered;
using Bixbite.Structures.Packed;
using Bixbite.Structures.Text;
using Bixbite.Types;
using Bixbite.Types.Streams;
using Xunit;

namespace Bixbite.Unit.Types.Streams;

/// <summary>A block with a stream at its end, as a record has it, and nothing else.</summary>
internal sealed class StreamHolder : IDisposable
{
    private const int HeaderSize = 16;

    private Link _link;

    public StreamHolder(Heap heap, ulong root = 0)
    {
        Context = new ValueContext(heap, seed: 11);
        _link = new Link(heap.Allocate(HeaderSize + ValueSlot.EmptySize));
        ValueSlot.WriteEmpty(_link.Address + HeaderSize);
        if (root != 0)
        {
            Slot.BecomeRoot(root);
        }
    }

    public ValueContext Context { get; }

    public StreamValue Stream => new(Slot);

    public bool HasRoot => Slot.Layout == ValueLayout.Root;

    public ulong Root => Slot.Root;

    public ValueSlot Slot => new(Context, ref _link, HeaderSize);

    public void Add(StreamId id, params string[] fieldsAndValues) => Stream.Append(id, new TextFields(fieldsAndValues));

    /// <summary>The entries in this range, each as its ID, fields and values.</summary>
    public List<string> Read(StreamId from, StreamId to, bool isBackward = false)
    {
        var found = new List<string>();
        Span<byte> digits = stackalloc byte[Integers.SizeMax];
        StreamEntryReader reader = isBackward ? Stream.ReadBackward(from, to) : Stream.Read(from, to);
        while (reader.MoveNext())
        {
            var text = new StringBuilder(TextOf(reader.Id));
            int fieldCount = 0;
            // Not all fields of all entries, to see that the others are passed over.
            bool isRead = reader.Id.Sequence % 5 != 4;
            while (isRead && reader.NextField(out ListpackEntry field, out ListpackEntry value))
            {
                text.Append(' ').Append(Encoding.Latin1.GetString(field.Text(digits)));
                text.Append(' ').Append(Encoding.Latin1.GetString(value.Text(digits)));
                fieldCount++;
            }
            Assert.Equal(isRead ? reader.FieldCount : 0, fieldCount);
            found.Add(text.ToString());
        }
        return found;
    }

    public static string TextOf(StreamId id)
    {
        Span<byte> text = stackalloc byte[StreamId.TextSizeMax];
        return Encoding.ASCII.GetString(text[..id.Format(text)]);
    }

    /// <summary>Checks every node and every tree.</summary>
    public void Verify()
    {
        if (!HasRoot)
        {
            return;
        }
        new CountedTree<IdBlocks>(Context.Heap, Root + StreamRoot.NodesOffset).Verify();
        new CountedTree<NamedBlock>(Context.Heap, Root + StreamRoot.GroupsOffset).Verify();
        long count = 0;
        StreamNodeReader nodes = Stream.ReadNodes();
        while (nodes.MoveNext())
        {
            var check = new NodeCheck(nodes.MasterId, nodes.Pack);
            Assert.True(check.IsSound(), "A node is not sound.");
            Assert.True(check.LiveCount > 0, "A node has only deleted entries.");
            count += check.LiveCount;
        }
        Assert.Equal(Stream.Count, count);
        StreamGroupReader groups = Stream.ReadGroups();
        while (groups.MoveNext())
        {
            new CountedTree<IdBlocks>(Context.Heap, groups.Current.Address + GroupBlock.PendingOffset).Verify();
            StreamConsumerReader consumers = groups.Current.ReadConsumers();
            while (consumers.MoveNext())
            {
                new CountedTree<IdBlocks>(Context.Heap, consumers.Current.Address + ConsumerBlock.PendingOffset).Verify();
            }
        }
    }

    public void Dispose()
    {
        if (HasRoot)
        {
            while (Context.Types.Collection(KeyType.Stream).ReleaseSome(Context, Root, 50))
            {
            }
        }
        Context.Heap.Free(_link.Address);
    }

    private readonly struct TextFields(string[] texts) : IStreamFields
    {
        public int Count => texts.Length / 2;

        public ReadOnlySpan<byte> Field(int index) => Encoding.Latin1.GetBytes(texts[2 * index]);

        public ReadOnlySpan<byte> Value(int index) => Encoding.Latin1.GetBytes(texts[(2 * index) + 1]);
    }
}
