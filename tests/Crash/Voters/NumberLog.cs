using System.Buffers.Binary;
using Bixbite.Cluster.Control;

namespace Bixbite.Crash.Voters;

/// <summary>A state that remembers all numbers that were proposed, in their order.</summary>
internal sealed class NumberLog : IReplicatedState
{
    private readonly Lock _lock = new();
    private readonly List<long> _numbers = [];

    internal long[] Numbers
    {
        get
        {
            lock (_lock)
            {
                return [.. _numbers];
            }
        }
    }

    internal static byte[] Bytes(long number)
    {
        byte[] bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        return bytes;
    }

    public long Apply(long index, ReadOnlySpan<byte> entry)
    {
        lock (_lock)
        {
            _numbers.Add(BinaryPrimitives.ReadInt64LittleEndian(entry));
            return _numbers.Count;
        }
    }

    public byte[] Save() => [.. Numbers.SelectMany(Bytes)];

    public void Load(ReadOnlySpan<byte> snapshot)
    {
        lock (_lock)
        {
            _numbers.Clear();
            for (; !snapshot.IsEmpty; snapshot = snapshot[sizeof(long)..])
            {
                _numbers.Add(BinaryPrimitives.ReadInt64LittleEndian(snapshot));
            }
        }
    }
}
