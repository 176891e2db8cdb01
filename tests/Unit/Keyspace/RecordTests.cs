using System.Runtime.CompilerServices;
using Bixbite.Keyspace;
using Bixbite.Memory;
using Bixbite.Types;
using Bixbite.Types.Strings;
using Xunit;
using Record = Bixbite.Keyspace.Record;

namespace Bixbite.Unit.Keyspace;

public sealed class RecordTests : IDisposable
{
    private readonly Heap _heap = new();
    private readonly RecordStore _store;

    public RecordTests()
    {
        var values = new ValueContext(_heap, seed: 1);
        var lazyFree = new LazyFree();
        _store = new RecordStore(values, lazyFree, new PendingValues(values, lazyFree));
    }

    public void Dispose() => _heap.Dispose();

    [Fact]
    public void LayoutsHaveTheirSizes()
    {
        Assert.Equal(RecordHeader.SizeOf, Unsafe.SizeOf<RecordHeader>());
        Assert.Equal(Record.BlockFieldSize, Unsafe.SizeOf<BlockField>());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(254)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(70_000)]
    public void KeepsKeysOfAnyLength(int length)
    {
        byte[] key = Bytes(length);
        Record record = _store.Create(key, StringForm.Of("value"u8), 1234, access: 0xABCDEF);
        Assert.Equal(key, record.Key);
        Assert.Equal(1234, record.DeadlineMs);
        Assert.Equal(0xABCDEFu, record.Access);
        Assert.Equal(KeyType.String, record.Type);
        Assert.Equal("value"u8, record.Text(default));
        _store.Free(record, lazily: false);
        Assert.Equal(0, _heap.UsedBytes);
    }

    [Theory]
    [InlineData(0, "embstr")]
    [InlineData(44, "embstr")]
    [InlineData(45, "raw")]
    [InlineData(StringForm.InlineSizeMax, "raw")]
    [InlineData(StringForm.InlineSizeMax + 1, "raw")]
    [InlineData(1_000_000, "raw")]
    public void KeepsTextsOfAnyLength(int length, string encoding)
    {
        byte[] text = Bytes(length);
        Record record = _store.Create("key"u8, StringForm.Of(text), Deadline.None, 0);
        Assert.Equal(length, record.TextLength);
        Assert.Equal(text, record.Text(default));
        Assert.Equal(encoding, System.Text.Encoding.ASCII.GetString(record.EncodingName(ValueTypes.BuiltIn)));
        _store.Free(record, lazily: false);
        Assert.Equal(0, _heap.UsedBytes);
    }

    [Theory]
    [InlineData("0", true)]
    [InlineData("-1", true)]
    [InlineData("2147483647", true)]
    [InlineData("2147483648", true)]
    [InlineData("-2147483648", true)]
    [InlineData("-2147483649", true)]
    [InlineData("9223372036854775807", true)]
    [InlineData("-9223372036854775808", true)]
    [InlineData("9223372036854775808", false)]
    [InlineData("007", false)]
    [InlineData("+1", false)]
    [InlineData("1 ", false)]
    [InlineData("-0", false)]
    public void StoresIntegersAsIntegers(string text, bool isInteger)
    {
        byte[] bytes = System.Text.Encoding.ASCII.GetBytes(text);
        Record record = _store.Create("key"u8, StringForm.Of(bytes), Deadline.None, 0);
        Assert.Equal(isInteger, record.StringEncoding == StringEncoding.Integer);
        Assert.Equal(bytes, record.Text(new byte[20]));
        Assert.Equal(bytes.Length, record.TextLength);
    }

    [Theory]
    [InlineData(0, 10)]
    [InlineData(10, 10)]
    [InlineData(10, 5)]
    [InlineData(100, StringForm.InlineSizeMax)]
    [InlineData(100, StringForm.InlineSizeMax + 1)]
    [InlineData(5000, 6000)]
    [InlineData(5000, 3_000_000)]
    public void GrowsWithZeros(int length, int newLength)
    {
        byte[] text = Bytes(length);
        Record record = _store.Create("key"u8, StringForm.Of(text), 99, 7);
        record = _store.Grow(record, newLength);
        byte[] expected = new byte[Math.Max(length, newLength)];
        text.CopyTo(expected, 0);
        Assert.Equal(expected, record.Text(default));
        Assert.True(record.IsRaw);
        Assert.Equal(99, record.DeadlineMs);
        Assert.Equal("key"u8, record.Key);
        _store.Free(record, lazily: false);
        Assert.Equal(0, _heap.UsedBytes);
    }

    [Fact]
    public void GrowingAnIntegerMakesItText()
    {
        Record record = _store.Create("key"u8, StringForm.OfInteger(-42), Deadline.None, 0);
        record = _store.Grow(record, 5);
        Assert.Equal("-42\0\0"u8, record.Text(default));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(300)]
    public void DeadlineComesAndGoes(int keyLength)
    {
        byte[] key = Bytes(keyLength);
        Record record = _store.Create(key, StringForm.Of("some text"u8), Deadline.None, 5);
        record = _store.WithDeadline(record, 1_700_000_000_000);
        Assert.Equal(1_700_000_000_000, record.DeadlineMs);
        record = _store.WithDeadline(record, -5);
        Assert.Equal(-5, record.DeadlineMs);
        Assert.Equal(key, record.Key);
        Assert.Equal("some text"u8, record.Text(default));
        record = _store.WithDeadline(record, Deadline.None);
        Assert.False(record.HasDeadline);
        Assert.Equal(key, record.Key);
        Assert.Equal("some text"u8, record.Text(default));
        Assert.Equal(5u, record.Access);
        _store.Free(record, lazily: false);
        Assert.Equal(0, _heap.UsedBytes);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(10_000)]
    public void RenamedAndDuplicatedRecordsKeepValueAndDeadline(int length)
    {
        byte[] text = Bytes(length);
        Record record = _store.Create("old"u8, StringForm.Of(text), 77, 3);
        Record copy = _store.Duplicate(record, "a copy with a longer key"u8);
        Record renamed = _store.Rename(record, "n"u8);
        Assert.Equal("n"u8, renamed.Key);
        Assert.Equal("a copy with a longer key"u8, copy.Key);
        foreach (Record one in new[] { renamed, copy })
        {
            Assert.Equal(text, one.Text(default));
            Assert.Equal(77, one.DeadlineMs);
        }
        _store.Free(copy, lazily: false);
        _store.Free(renamed, lazily: false);
        Assert.Equal(0, _heap.UsedBytes);
    }

    private static byte[] Bytes(int length)
    {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++)
        {
            bytes[i] = (byte)('a' + (i % 26));
        }
        return bytes;
    }
}
