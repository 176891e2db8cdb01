using System.Buffers;
using Bixbite.Memory;
using Bixbite.Types.Saving;
using Xunit;

namespace Bixbite.Unit.Types.Saving;

/// <summary>A string goes out as it was, however it is overwritten meanwhile, and that costs what is overwritten.</summary>
public sealed class TextSnapshotTests : IDisposable
{
    private readonly Heap _heap = new(isFenced: false);
    private readonly Heap _aside = new(isFenced: false);
    private readonly Sink _sink = new();

    public void Dispose()
    {
        _heap.Dispose();
        _aside.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(4095)]
    [InlineData(4097)]
    [InlineData(100_000)]
    [InlineData(1_000_001)]
    public void GoesOutAsItWas(int length)
    {
        int seed = Random.Shared.Next();
        TestContext.Current.SendDiagnosticMessage($"seed {seed}");
        var random = new Random(seed);
        ulong block = Make(random, length);
        byte[] before = Native.Bytes(block, length).ToArray();
        var snapshot = new TextSnapshot(_aside, block, length, _sink);
        do
        {
            for (int i = random.Next(300); i > 0; i--)
            {
                int start = random.Next(length);
                int count = random.Next(1, Math.Min(length - start, random.Next(20) == 0 ? 20_000 : 200) + 1);
                snapshot.BeforeOverwrite(start, random.Next(50) == 0 ? long.MaxValue : count);
                random.NextBytes(Native.Bytes(block + (uint)start, count));
            }
        }
        while (!snapshot.Step());

        Assert.True(_sink.Text.WrittenSpan.SequenceEqual(before));
        snapshot.Release();
        Assert.Equal(0, _aside.UsedBytes);
    }

    [Fact]
    public void KeepsNotMuchMoreThanIsOverwritten()
    {
        const int length = 100_000_000;
        var random = new Random(1);
        var snapshot = new TextSnapshot(_aside, Make(random, length), length, _sink);
        for (int i = 0; i < 10_000; i++)
        {
            snapshot.BeforeOverwrite(random.Next(length - 100), 100);
        }
        Assert.InRange(_aside.UsedBytes, 1_000_000, 3_500_000);
        snapshot.Release();
        Assert.Equal(0, _aside.UsedBytes);
        snapshot.BeforeOverwrite(0, 50_000_000);
        Assert.InRange(_aside.UsedBytes, 50_000_000, 51_000_000);
        snapshot.Release();
        Assert.Equal(0, _aside.UsedBytes);
    }

    private ulong Make(Random random, int length)
    {
        ulong block = _heap.Allocate(length);
        random.NextBytes(Native.Bytes(block, length));
        return block;
    }

    private sealed class Sink : IValueSink
    {
        public ArrayBufferWriter<byte> Text { get; } = new();

        void IValueSink.Text(ReadOnlySpan<byte> piece) => Text.Write(piece);

        public void EndElement() => Assert.Fail("no element");
    }
}
