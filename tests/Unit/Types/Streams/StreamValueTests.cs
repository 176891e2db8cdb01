using System.Runtime.CompilerServices;
using System.Text;
using Bixbite.Memory;
using Bixbite.Types;
using Bixbite.Types.Streams;
using Bixbite.Unit.Structures;
using Xunit;

namespace Bixbite.Unit.Types.Streams;

public sealed class StreamValueTests
{
    /// <summary>Nodes of a few entries, of many, by size, and with counts that take more than a byte.</summary>
    [Theory]
    [InlineData(4096, 100)]
    [InlineData(4096, 4)]
    [InlineData(200, 0)]
    [InlineData(0, 300)]
    [InlineData(1, 1)]
    public void BehavesAsTheModel(long sizeMax, long entriesMax)
    {
        const int steps = 2_000;
        Random random = Seed.NewRandom();
        using var heap = new Heap();
        using (var holder = new StreamHolder(heap))
        {
            holder.Context.Limits.StreamNodeSizeMax = sizeMax;
            holder.Context.Limits.StreamNodeEntriesMax = entriesMax;
            var trial = new StreamTrial(holder, random);
            for (int step = 0; step < steps; step++)
            {
                trial.Step(isGrowing: step / (steps / 4) % 2 == 0);
                if (step % 200 == 0)
                {
                    trial.Verify();
                    trial.VerifyCopy();
                }
            }
            trial.Verify();
            trial.VerifyCopy();
        }
        Assert.Equal(0, heap.UsedBytes);
    }

    [Fact]
    public void AFreshValueIsAnEmptyStream()
    {
        using var heap = new Heap();
        using var holder = new StreamHolder(heap);
        StreamValue stream = holder.Stream;
        Assert.Equal((0, 0, 0, 0), (stream.Count, stream.EntriesAdded, stream.NodeCount, stream.GroupCount));
        Assert.Equal((StreamId.Min, StreamId.Min, StreamId.Min), (stream.FirstId, stream.LastId, stream.MaxDeletedId));
        Assert.Empty(holder.Read(StreamId.Min, StreamId.Max));
        Assert.Empty(holder.Read(StreamId.Max, StreamId.Min, isBackward: true));
        Assert.False(stream.ReadGroups().MoveNext());
        Assert.False(stream.ReadNodes().MoveNext());
        Assert.False(stream.TryFindGroup("g"u8, out _) || stream.TryRemoveGroup("g"u8) || stream.TryDelete(new StreamId(1, 1)));
        Assert.Equal(0, stream.Trim(StreamTrim.ToLength(0)));
        Assert.False(holder.HasRoot);
        Assert.True(stream.TryCreateGroup("g"u8, new StreamId(5, 0), 0, out StreamGroup group));
        Assert.Equal("g"u8, group.Name);
        Assert.True(stream.TryGetLag(group, out long lag) && lag == 0);
    }

    [Fact]
    public void IdsFollowOneAnother()
    {
        Assert.True(new StreamId(1, ulong.MaxValue).TryGetNext(out StreamId next));
        Assert.Equal(new StreamId(2, 0), next);
        Assert.True(next.TryGetPrevious(out StreamId previous));
        Assert.Equal(new StreamId(1, ulong.MaxValue), previous);
        Assert.False(StreamId.Max.TryGetNext(out StreamId first) || first != StreamId.Min);
        Assert.False(StreamId.Min.TryGetPrevious(out StreamId last) || last != StreamId.Max);
        Assert.Equal("18446744073709551615-18446744073709551615", StreamHolder.TextOf(StreamId.Max));
    }

    /// <summary>IDs up to the end of what there is, where prefixes of times are all equal.</summary>
    [Fact]
    public void LateIdsAreInOrderToo()
    {
        using var heap = new Heap();
        using var holder = new StreamHolder(heap);
        holder.Context.Limits.StreamNodeEntriesMax = 2;
        StreamId[] ids =
        [
            new(0, 1), new(1, 0), new((1UL << 51) - 2, 0), new((1UL << 51) - 1, 0), new(1UL << 51, 0), new(1UL << 51, 1),
            new(1UL << 60, 0), new(1UL << 63, ulong.MaxValue), new(ulong.MaxValue - 1, 5), new(ulong.MaxValue, 0), StreamId.Max,
        ];
        foreach (StreamId id in ids)
        {
            holder.Add(id, "f", "v");
        }
        holder.Verify();
        foreach (StreamId id in ids)
        {
            Assert.True(holder.Stream.Contains(id));
            Assert.Equal(ids.Count(other => other >= id), holder.Read(id, StreamId.Max).Count);
            Assert.Equal(ids.Count(other => other <= id), holder.Read(id, StreamId.Min, isBackward: true).Count);
        }
    }

    /// <summary>As after XSETID: the ID of an entry that comes later is before that of a deleted one.</summary>
    [Fact]
    public void DeletedEntriesDoNotCountForTheOrder()
    {
        using var heap = new Heap();
        using var holder = new StreamHolder(heap);
        for (ulong ms = 1; ms <= 9; ms++)
        {
            holder.Add(new StreamId(ms, 0), "f", "v");
        }
        Assert.True(holder.Stream.TryDelete(new StreamId(9, 0)));
        StreamValue stream = holder.Stream;
        stream.LastId = new StreamId(8, 0);
        holder.Add(new StreamId(8, 3), "f", "v");
        holder.Verify();
        Assert.True(holder.Stream.Contains(new StreamId(8, 3)));
        Assert.True(holder.Stream.TryDelete(new StreamId(8, 3)));
        Assert.Equal(8, holder.Stream.Count);
    }

    [Fact]
    public void GroupsKnowHowFarTheyHaveRead()
    {
        using var heap = new Heap();
        using var holder = new StreamHolder(heap);
        StreamValue stream = holder.Stream;
        for (ulong ms = 1; ms <= 10; ms++)
        {
            holder.Add(new StreamId(ms, 0), "f", "v");
        }
        stream.TryCreateGroup("g"u8, StreamId.Min, StreamGroup.EntriesReadUnknown, out StreamGroup group);
        Assert.True(stream.TryGetLag(group, out long lag) && lag == 10);
        stream.NoteDelivery(group, new StreamId(1, 0));
        stream.NoteDelivery(group, new StreamId(2, 0));
        Assert.Equal(2, group.EntriesRead);
        Assert.True(stream.TryGetLag(group, out lag) && lag == 8);
        stream.TryDelete(new StreamId(5, 0));
        Assert.False(stream.TryGetLag(group, out _));
        Assert.Equal(StreamGroup.EntriesReadUnknown, stream.EntriesReadAt(new StreamId(4, 0)));
        Assert.Equal(10, stream.EntriesReadAt(new StreamId(10, 0)));
        stream.NoteDelivery(group, new StreamId(10, 0));
        Assert.True(stream.TryGetLag(group, out lag) && lag == 0);
        stream.Trim(StreamTrim.ToMinId(new StreamId(7, 0)));
        Assert.Equal(7, stream.EntriesReadAt(new StreamId(7, 0)));
        Assert.Equal(6, stream.EntriesReadAt(new StreamId(6, 5)));
    }

    [Fact]
    public void BlocksHaveTheSizesThatAreDrawn()
    {
        Assert.Equal(184, Unsafe.SizeOf<StreamRoot>());
        Assert.Equal(40, Unsafe.SizeOf<PendingBlock>());
        Assert.Equal(GroupBlock.PendingOffset, Unsafe.SizeOf<GroupBlock>());
        Assert.Equal(ConsumerBlock.PendingOffset, Unsafe.SizeOf<ConsumerBlock>());
        Assert.Equal(16, Unsafe.SizeOf<StreamId>());
    }

    [Fact]
    public void AMillionEntriesTakeLittleMemory()
    {
        const int count = 1_000_000;
        using var heap = new Heap(isFenced: false);
        using var holder = new StreamHolder(heap);
        for (int i = 0; i < count; i++)
        {
            holder.Stream.Append(new StreamId(1_700_000_000_000 + (ulong)(i / 2), (ulong)(i % 2)), new Measurement(i));
        }
        double perEntry = heap.UsedBytes / (double)count;
        TestContext.Current.TestOutputHelper?.WriteLine($"{perEntry:F1} bytes an entry");
        Assert.InRange(perEntry, 20, 30);
        long estimated = holder.Context.Types.Collection(KeyType.Stream).SizeOf(holder.Context, holder.Root);
        Assert.InRange(estimated, heap.UsedBytes * 98 / 100, heap.UsedBytes * 102 / 100);
    }

    /// <summary>Two fields of the same names as all others have.</summary>
    private readonly struct Measurement(int number) : IStreamFields
    {
        public int Count => 2;

        public ReadOnlySpan<byte> Field(int index) => index == 0 ? "sensor"u8 : "value"u8;

        public ReadOnlySpan<byte> Value(int index) => Encoding.ASCII.GetBytes(index == 0 ? $"s{number % 1000:D3}" : $"{number:D7}x");
    }
}
