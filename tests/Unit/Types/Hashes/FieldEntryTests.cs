using System.Runtime.CompilerServices;
using Bixbite.Memory;
using Bixbite.Structures.Hashing;
using Bixbite.Types;
using Bixbite.Types.Hashes;
using Xunit;

namespace Bixbite.Unit.Types.Hashes;

public sealed class FieldEntryTests : IDisposable
{
    private readonly Heap _heap = new();

    public void Dispose() => _heap.Dispose();

    [Theory]
    [InlineData(0, 0, 2)]
    [InlineData(12, 16, 30)]
    [InlineData(63, 254, 319)]
    [InlineData(64, 255, 329)]
    [InlineData(100_000, 200_000, 300_010)]
    public void All_lengths_fit(int fieldLength, int valueLength, int size)
    {
        byte[] field = Filled(fieldLength, 1);
        byte[] value = Filled(valueLength, 2);
        FieldEntry entry = FieldEntry.Create(_heap, field, value, FieldDeadlines.None);
        var context = new ValueContext(_heap, seed: 1);
        AssertIs(entry, field, value, FieldDeadlines.None);
        Assert.InRange(_heap.SizeOf(entry.Address), size, (size * 9 / 8) + 4096);

        entry = entry.WithDeadline(context, 5);
        AssertIs(entry, field, value, 5);
        entry = entry.WithDeadline(context, long.MaxValue - 1);
        AssertIs(entry, field, value, long.MaxValue - 1);
        FieldEntry copy = entry.Duplicate(_heap);
        entry = entry.WithDeadline(context, FieldDeadlines.None);
        AssertIs(entry, field, value, FieldDeadlines.None);
        AssertIs(copy, field, value, long.MaxValue - 1);
        _heap.Free(entry.Address);
        _heap.Free(copy.Address);
        Assert.Equal(0, _heap.UsedBytes);
    }

    [Fact]
    public void A_value_is_overwritten_in_its_block_where_that_fits_without_waste()
    {
        using var heap = new Heap(isFenced: false);
        var context = new ValueContext(heap, seed: 1);
        FieldEntry entry = FieldEntry.Create(heap, "field:000001"u8, "0123456789abcdef"u8, FieldDeadlines.None);
        Assert.Equal(32, heap.SizeOf(entry.Address));
        FieldEntry same = entry.WithValue(context, "0123456789abcdefgh"u8);
        Assert.Equal(entry.Address, same.Address);
        AssertIs(same, "field:000001"u8, "0123456789abcdefgh"u8, FieldDeadlines.None);

        FieldEntry larger = same.WithValue(context, new byte[300]);
        AssertIs(larger, "field:000001"u8, new byte[300], FieldDeadlines.None);
        FieldEntry smaller = larger.WithValue(context, "x"u8);
        AssertIs(smaller, "field:000001"u8, "x"u8, FieldDeadlines.None);
        Assert.Equal(16, heap.SizeOf(smaller.Address));
        heap.Free(smaller.Address);
        Assert.Equal(0, heap.UsedBytes);
    }

    [Fact]
    public void A_pinned_entry_is_left_as_it_is()
    {
        var context = new ValueContext(_heap, seed: 1);
        FieldEntry entry = FieldEntry.Create(_heap, "field"u8, "value"u8, 5);
        context.Pinned.Pin(entry.Address);
        FieldEntry changed = entry.WithValue(context, "other"u8);
        AssertIs(entry, "field"u8, "value"u8, 5);
        AssertIs(changed, "field"u8, "other"u8, 5);
        context.Pinned.Pin(changed.Address);
        FieldEntry later = changed.WithDeadline(context, 7);
        AssertIs(changed, "field"u8, "other"u8, 5);
        AssertIs(later, "field"u8, "other"u8, 7);
        context.Pinned.Unpin(entry.Address);
        context.Pinned.Unpin(changed.Address);
        _heap.Free(later.Address);
        Assert.Equal(0, _heap.UsedBytes);
    }

    [Fact]
    public void The_root_is_an_index_root_and_an_address() => Assert.Equal(IndexRoot.SizeOf + 8, Unsafe.SizeOf<HashRoot>());

    [Fact]
    public void The_expiry_is_six_numbers() => Assert.Equal(FieldExpiry.SizeOf, Unsafe.SizeOf<FieldExpiry>());

    private static byte[] Filled(int length, byte value)
    {
        byte[] bytes = new byte[length];
        bytes.AsSpan().Fill(value);
        return bytes;
    }

    private static void AssertIs(FieldEntry entry, ReadOnlySpan<byte> field, ReadOnlySpan<byte> value, long deadlineMs)
    {
        Assert.True(entry.Field.SequenceEqual(field));
        Assert.True(entry.Value.SequenceEqual(value));
        Assert.Equal(deadlineMs, entry.DeadlineMs);
        Assert.Equal(deadlineMs != FieldDeadlines.None, entry.HasDeadline);
        Assert.True(FieldKeys.KeyOf(entry.Address).SequenceEqual(field));
        Assert.Equal(deadlineMs == FieldDeadlines.None ? EntryDeadline.None : deadlineMs, FieldKeys.DeadlineMsOf(entry.Address));
    }
}
