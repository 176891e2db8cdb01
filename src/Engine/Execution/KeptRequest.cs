using Bixbite.Memory;
using Bixbite.Protocol;

namespace Bixbite.Engine.Execution;

/// <summary>A request that outlives its round: a copy of its arguments, in blocks of its own.</summary>
internal sealed class KeptRequest : IDisposable
{
    private const int ArgumentSize = 16;

    private readonly Heap _heap;
    private readonly Argument[] _arguments;
    private readonly List<ulong> _blocks = [];

    public KeptRequest(Heap heap, ReadOnlySpan<Argument> arguments)
    {
        _heap = heap;
        _arguments = new Argument[arguments.Length];
        SizeBytes = (long)ArgumentSize * arguments.Length;
        long size = 0;
        foreach (Argument argument in arguments)
        {
            size += argument.Length;
        }
        ulong address = Allocate(size);
        for (int i = 0; i < arguments.Length; i++)
        {
            ReadOnlySpan<byte> bytes = arguments[i].Bytes;
            bytes.CopyTo(Native.Bytes(address, bytes.Length));
            _arguments[i] = new Argument(address, bytes.Length);
            address += (uint)bytes.Length;
        }
    }

    public ReadOnlySpan<Argument> Arguments => _arguments;

    /// <summary>Bytes of the blocks and of the places of the arguments.</summary>
    public long SizeBytes { get; private set; }

    public void Replace(int index, ReadOnlySpan<byte> bytes)
    {
        ulong address = Allocate(bytes.Length);
        bytes.CopyTo(Native.Bytes(address, bytes.Length));
        _arguments[index] = new Argument(address, bytes.Length);
    }

    public void Dispose()
    {
        foreach (ulong block in _blocks)
        {
            _heap.Free(block);
        }
        _blocks.Clear();
    }

    private ulong Allocate(long size)
    {
        ulong block = _heap.Allocate(Math.Max(size, 1));
        SizeBytes += _heap.SizeOf(block) + ArgumentSize;
        _blocks.Add(block);
        return block;
    }
}
