using Bixbite.Memory;
using Xunit;

namespace Bixbite.Unit.Memory;

public sealed class NativeBufferTests
{
    [Fact]
    public void KeepsWhatWasWrittenThroughGrowthAndShrinking()
    {
        using var heap = new Heap();
        using var buffer = new NativeBuffer(heap, 16);
        var model = new List<byte>();
        var random = new Random(1);
        for (int i = 0; i < 2_000; i++)
        {
            byte[] bytes = new byte[random.Next(i)];
            random.NextBytes(bytes);
            Span<byte> room = buffer.Reserve(bytes.Length);
            Assert.True(room.Length >= bytes.Length);
            bytes.CopyTo(room);
            buffer.Advance(bytes.Length);
            model.AddRange(bytes);
            if (i % 97 != 0)
            {
                continue;
            }
            Assert.True(buffer.Written(0).SequenceEqual(model.ToArray()));
            int length = random.Next(model.Count + 1);
            buffer.Truncate(length);
            model.RemoveRange(length, model.Count - length);
            buffer.Shrink(1024);
            Assert.True(buffer.Capacity >= buffer.Length);
            Assert.True(buffer.Written(0).SequenceEqual(model.ToArray()));
        }
    }

    [Fact]
    public void ShrinkingGivesMemoryBackAndDisposingAllOfIt()
    {
        using var heap = new Heap();
        var buffer = new NativeBuffer(heap, 1024);
        int initial = buffer.Capacity;
        buffer.Advance(buffer.Reserve(1 << 20).Length);
        buffer.Truncate(0);
        buffer.Shrink(1024);
        Assert.Equal(initial, buffer.Capacity);
        Assert.Equal(initial, heap.UsedBytes);
        buffer.Dispose();
        buffer.Dispose();
        Assert.Equal(0, heap.UsedBytes);
    }
}
