using BenchmarkDotNet.Attributes;
using Bixbite.Memory;

namespace Bixbite.Micro;

public class HeapBenchmarks : IDisposable
{
    private const int Count = 1024;

    private readonly ulong[] _blocks = new ulong[Count];
    private Heap _heap = null!;

    [Params(64, 1000, 65536)]
    public int Size { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _heap = new Heap();
        _heap.Allocate(Size);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _heap.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>One block, taken and given back at once.</summary>
    [Benchmark]
    public void AllocateAndFree() => _heap.Free(_heap.Allocate(Size));

    /// <summary>Many blocks, freed in another order than they were taken.</summary>
    [Benchmark(OperationsPerInvoke = Count)]
    public void AllocateManyFreeMany()
    {
        for (int i = 0; i < Count; i++)
        {
            _blocks[i] = _heap.Allocate(Size);
        }
        for (int i = 0; i < Count; i++)
        {
            _heap.Free(_blocks[(i * 389) & (Count - 1)]);
        }
    }
}
