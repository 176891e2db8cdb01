using System.Runtime.CompilerServices;
using Bixbite.Memory;
using Bixbite.Protocol;
using Xunit;

namespace Bixbite.Unit.Protocol;

public sealed class RequestBatchTests
{
    [Fact]
    public void Layouts_AreSmall()
    {
        Assert.Equal(16, Unsafe.SizeOf<Argument>());
        Assert.Equal(12, Unsafe.SizeOf<Request>());
    }

    [Fact]
    public void Requests_KeepTheirArguments_AsTheBatchGrows()
    {
        using Heap heap = new();
        using RequestBatch batch = new(heap);
        for (int count = 1; count < 400; count++)
        {
            Span<Argument> arguments = batch.Reserve(count);
            for (int index = 0; index < count; index++)
            {
                arguments[index] = new Argument((ulong)(count * 1000 + index), index);
            }
            batch.Add(count, count * 10);
        }

        Assert.Equal(399, batch.Count);
        for (int count = 1; count < 400; count++)
        {
            ReadOnlySpan<Argument> arguments = batch.Arguments(count - 1);
            Assert.Equal(count, arguments.Length);
            Assert.Equal(count * 10, batch[count - 1].EndOffset);
            Assert.Equal((ulong)(count * 1000 + count - 1), arguments[^1].Address);
        }

        batch.Clear();
        Assert.Equal(0, batch.Count);
        Assert.Equal(0, batch.ArgumentCount);
    }

    [Fact]
    public void Clear_ForgetsAGiantRequest()
    {
        using Heap heap = new();
        using RequestBatch batch = new(heap);
        batch.Reserve(1_000_000);
        batch.Add(1_000_000, 6_000_000);
        batch.Clear();
        long before = GC.GetAllocatedBytesForCurrentThread();
        batch.Reserve(20_000);
        Assert.NotEqual(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Clear_FreesTheScratch()
    {
        using Heap heap = new();
        using RequestBatch batch = new(heap);
        long before = heap.UsedBytes;
        batch.AllocateScratch(100);
        Assert.True(heap.UsedBytes > before);
        batch.Clear();
        Assert.Equal(before, heap.UsedBytes);
    }
}
