using System.Text;
using Bixbite.Keyspace;
using Bixbite.Persistence;
using Bixbite.Persistence.Rdb.Reading;
using Bixbite.Persistence.Values;
using Bixbite.Structures.Checks;
using Bixbite.Types.Strings;
using Xunit;

namespace Bixbite.Unit.Persistence;

/// <summary>Payloads are made in a block of the data's heap, and long strings are read to where they stay.</summary>
public sealed class CompressedTextTests
{
    private readonly RdbScratch _scratch = new();

    [Theory]
    [InlineData(21)]
    [InlineData(70)]
    [InlineData(5000)]
    [InlineData(20_000)]
    [InlineData(6_000_000)]
    public void AStringComesBackWhateverItsLength(int length)
    {
        foreach (bool isRandom in new[] { false, true })
        {
            byte[] text = Text(length, isRandom);
            byte[] payload = Dump(text, out long left);
            Assert.Equal(0, left);
            Assert.True(isRandom || payload.Length < length + DumpPayload.FrameSize);
            int compressed = DumpPayload.CompressedLength(payload, _scratch, int.MaxValue);
            Assert.Equal(isRandom ? 0 : length, compressed);
            Assert.True(DumpPayload.TryReadString(payload, _scratch, int.MaxValue, out ReadOnlySpan<byte> read));
            Assert.True(read.SequenceEqual(text));
            if (compressed == 0)
            {
                continue;
            }
            byte[] room = new byte[length];
            Assert.True(DumpPayload.TryReadCompressed(payload, _scratch, int.MaxValue, room));
            Assert.True(room.AsSpan().SequenceEqual(text));
            Assert.False(DumpPayload.TryReadCompressed(payload, _scratch, int.MaxValue, new byte[length + 1]));
            Assert.Equal(0, DumpPayload.CompressedLength(payload, _scratch, length - 1));
        }
    }

    /// <summary>Whatever a payload claims, the length is one that its bytes may well give, and nothing is read beyond them.</summary>
    [Fact]
    public void AlteredPayloadsAreRefusedOrReadWithinTheirBytes()
    {
        byte[] payload = Dump(Text(3000, isRandom: false), out _);
        var random = new Random(5);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] altered = payload[..random.Next(DumpPayload.FrameSize, payload.Length + 1)];
            for (int change = random.Next(1, 4); change > 0; change--)
            {
                altered[random.Next(1, Math.Min(altered.Length, 20))] = (byte)random.Next(256);
            }
            int length = DumpPayload.CompressedLength(altered, _scratch, 1 << 20);
            Assert.InRange(length, 0, altered.Length * 264);
            if (length > 0)
            {
                DumpPayload.TryReadCompressed(altered, _scratch, 1 << 20, new byte[length]);
            }
        }
    }

    /// <summary>It is only counted then, in whatever sizes it comes, and the buffer serves for the next one.</summary>
    [Theory]
    [InlineData(9_900, false)]
    [InlineData(10_000, true)]
    [InlineData(10_500, true)]
    [InlineData(1_000_000, true)]
    public void APayloadMayBeTooLarge(int length, bool isTooLarge)
    {
        using var fixture = new ValueFixture();
        var payload = new PayloadBuffer(fixture.Values, sizeMax: 10_000);
        for (int i = 0; i < 3; i++)
        {
            KeyRef at = fixture.Database.Find("k"u8);
            fixture.Database.Put(ref at, "k"u8, StringForm.Of(Text(length, isRandom: true)), Deadline.None);
            DumpPayload.Write(payload, ValueCodecs.BuiltIn, fixture.Values, at.Record, new LzfCompressor());
            Assert.Equal(isTooLarge, payload.IsTooLarge);
            Assert.InRange(payload.Size - length, DumpPayload.FrameSize, DumpPayload.FrameSize + 9);
            payload.Clear();
            fixture.Database.Put(ref at, "k"u8, StringForm.Of("small"u8), Deadline.None);
            DumpPayload.Write(payload, ValueCodecs.BuiltIn, fixture.Values, at.Record, compressor: null);
            Assert.False(payload.IsTooLarge);
            Assert.Equal("small", Encoding.ASCII.GetString(payload.Written[2..7]));
            payload.Clear();
        }
    }

    private static byte[] Dump(byte[] text, out long left)
    {
        using var fixture = new ValueFixture();
        long before = fixture.Heap.UsedBytes;
        KeyRef at = fixture.Database.Find("k"u8);
        fixture.Database.Put(ref at, "k"u8, StringForm.Of(text), Deadline.None);
        long filled = fixture.Heap.UsedBytes;
        var payload = new PayloadBuffer(fixture.Values);
        DumpPayload.Write(payload, ValueCodecs.BuiltIn, fixture.Values, at.Record, new LzfCompressor());
        byte[] bytes = payload.Written.ToArray();
        payload.Clear();
        left = fixture.Heap.UsedBytes - filled;
        Assert.True(filled > before);
        return bytes;
    }

    private static byte[] Text(int length, bool isRandom)
    {
        byte[] bytes = new byte[length];
        if (isRandom)
        {
            new Random(length).NextBytes(bytes);
        }
        else
        {
            Encoding.ASCII.GetBytes("abc").CopyTo(bytes, length / 2);
        }
        return bytes;
    }
}
