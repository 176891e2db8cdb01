using BenchmarkDotNet.Attributes;
using Bixbite.Memory;
using Bixbite.Structures.Hashing;

namespace Bixbite.Micro;

public class HashIndexBenchmarks : IDisposable
{
    private const int Steps = 4096;

    private readonly byte[] _keys = new byte[Steps * SampleRecords.KeySize];
    private readonly ulong[] _hashes = new ulong[Steps];
    private HashIndex<SampleRecords> _index;
    private Heap _heap = null!;

    [Params(1_000, 1_000_000)]
    public int Keys { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _heap = new Heap();
        _index = SampleRecords.Fill(_heap, _heap, Keys);
        var random = new Random(1);
        for (int i = 0; i < Steps; i++)
        {
            SampleRecords.WriteKey(KeyAt(i), (uint)random.Next(Keys));
            _hashes[i] = _index.HashOf(KeyAt(i));
        }
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _heap.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark(OperationsPerInvoke = Steps)]
    public ulong Hash()
    {
        ulong sum = 0;
        for (int i = 0; i < Steps; i++)
        {
            sum += _index.HashOf(KeyAt(i));
        }
        return sum;
    }

    [Benchmark(OperationsPerInvoke = Steps)]
    public int FindHit()
    {
        int found = 0;
        for (int i = 0; i < Steps; i++)
        {
            found += _index.Find(_hashes[i], KeyAt(i)).IsFound ? 1 : 0;
        }
        return found;
    }

    [Benchmark(OperationsPerInvoke = Steps)]
    public int FindMiss()
    {
        int found = 0;
        for (int i = 0; i < Steps; i++)
        {
            found += _index.Find(~_hashes[i], KeyAt(i)).IsFound ? 1 : 0;
        }
        return found;
    }

    [Benchmark(OperationsPerInvoke = Steps)]
    public long RemoveAndInsert()
    {
        for (int i = 0; i < Steps; i++)
        {
            IndexPosition position = _index.Find(_hashes[i], KeyAt(i));
            ulong entry = _index.EntryAt(position);
            _index.Remove(position);
            _index.Insert(_hashes[i], entry);
        }
        return _index.Count;
    }

    private Span<byte> KeyAt(int i) => _keys.AsSpan(i * SampleRecords.KeySize, SampleRecords.KeySize);
}
