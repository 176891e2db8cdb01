using System.Text;
using BenchmarkDotNet.Attributes;
using Bixbite.Memory;
using Bixbite.Structures.Packed;

namespace Bixbite.Micro;

/// <summary>Hashes of so many pairs, whose sizes the processor cannot foresee: 64 different ones, searched in random order.</summary>
public class ListpackBenchmarks : IDisposable
{
    private const int Packs = 64;
    private const int Steps = 4096;

    private readonly ulong[] _blocks = new ulong[Packs];
    private readonly byte[][] _fields = new byte[Steps][];
    private readonly int[] _order = new int[Steps];
    private Heap _heap = null!;

    [Params(5, 20, 100)]
    public int Pairs { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _heap = new Heap();
        var random = new Random(1);
        byte[][][] fields = [.. Enumerable.Range(0, Packs).Select(pack => Fill(pack, random))];
        for (int i = 0; i < Steps; i++)
        {
            _order[i] = random.Next(Packs);
            _fields[i] = fields[_order[i]][random.Next(Pairs)];
        }
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _heap.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark(OperationsPerInvoke = Steps)]
    public int Find()
    {
        int sum = 0;
        for (int i = 0; i < Steps; i++)
        {
            sum += Listpack.Find(PackAt(_order[i]), Listpack.First(PackAt(_order[i])), _fields[i], 1);
        }
        return sum;
    }

    [Benchmark(OperationsPerInvoke = Steps)]
    public int FindEntryByEntry()
    {
        int sum = 0;
        for (int i = 0; i < Steps; i++)
        {
            sum += WalkTo(PackAt(_order[i]), _fields[i]);
        }
        return sum;
    }

    [Benchmark(OperationsPerInvoke = Steps)]
    public int FindMiss()
    {
        int sum = 0;
        for (int i = 0; i < Steps; i++)
        {
            sum += Listpack.Find(PackAt(_order[i]), Listpack.First(PackAt(_order[i])), "absent"u8, 1);
        }
        return sum;
    }

    [Benchmark(OperationsPerInvoke = Steps)]
    public int FindMissEntryByEntry()
    {
        int sum = 0;
        for (int i = 0; i < Steps; i++)
        {
            sum += WalkTo(PackAt(_order[i]), "absent"u8);
        }
        return sum;
    }

    [Benchmark(OperationsPerInvoke = Packs)]
    public long ReadAll()
    {
        long sum = 0;
        for (int i = 0; i < Packs; i++)
        {
            ReadOnlySpan<byte> pack = PackAt(i);
            for (int offset = Listpack.First(pack); offset != 0; offset = Listpack.Next(pack, offset))
            {
                ListpackEntry entry = Listpack.At(pack, offset);
                sum += entry.IsInteger ? entry.Integer : entry.Bytes.Length;
            }
        }
        return sum;
    }

    [Benchmark(OperationsPerInvoke = Steps)]
    public void InsertAndRemovePair()
    {
        for (int i = 0; i < Steps; i++)
        {
            var link = new Link(_blocks[_order[i]]);
            var tail = new BlockTail(_heap, ref link, 0);
            Listpack.InsertPair(tail, Listpack.HeaderSize, _fields[i], 17);
            Listpack.Remove(tail, Listpack.HeaderSize, 2);
            _blocks[_order[i]] = link.Address;
        }
    }

    private static int WalkTo(ReadOnlySpan<byte> pack, ReadOnlySpan<byte> field)
    {
        int offset = Listpack.First(pack);
        while (offset != 0 && !Listpack.At(pack, offset).Equals(field))
        {
            offset = Listpack.Skip(pack, offset, 2);
        }
        return offset;
    }

    private byte[][] Fill(int pack, Random random)
    {
        byte[][] fields = new byte[Pairs][];
        var link = new Link(_heap.Allocate(Listpack.EmptySize));
        var tail = new BlockTail(_heap, ref link, 0);
        Listpack.WriteEmpty(tail.Bytes(Listpack.EmptySize));
        for (int i = 0; i < Pairs; i++)
        {
            fields[i] = Encoding.ASCII.GetBytes(new string((char)('a' + (i % 26)), random.Next(3, 12)) + i);
            string value = random.Next(2) == 0 ? new string('v', random.Next(30)) : $"{random.Next() >> random.Next(31)}";
            Listpack.AppendPair(tail, fields[i], Encoding.ASCII.GetBytes(value));
        }
        _blocks[pack] = link.Address;
        return fields;
    }

    private ReadOnlySpan<byte> PackAt(int index)
    {
        ulong block = _blocks[index];
        return Native.Bytes(block, Listpack.SizeOf(Native.Bytes(block, Listpack.EmptySize)));
    }
}
