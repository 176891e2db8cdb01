using System.Buffers.Binary;
using Bixbite.Cluster.Control;

namespace Bixbite.Unit.Consensus;

/// <summary>A state that remembers all numbers that were proposed, in their order.</summary>
internal sealed class NumberLog : IReplicatedState
{
    private readonly Lock _lock = new();
    private readonly List<int> _numbers = [];
    private long _lastIndex;

    internal int[] Numbers
    {
        get
        {
            lock (_lock)
            {
                return [.. _numbers];
            }
        }
    }

    /// <summary>What no log may do: an entry before one that was applied.</summary>
    internal bool WentBack { get; private set; }

    internal static byte[] Bytes(int number)
    {
        byte[] bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        return bytes;
    }

    public long Apply(long index, ReadOnlySpan<byte> entry)
    {
        lock (_lock)
        {
            WentBack |= index <= _lastIndex;
            _lastIndex = index;
            _numbers.Add(BinaryPrimitives.ReadInt32LittleEndian(entry));
            return _numbers.Count;
        }
    }

    public byte[] Save()
    {
        lock (_lock)
        {
            return [.. _numbers.SelectMany(Bytes)];
        }
    }

    public void Load(ReadOnlySpan<byte> snapshot)
    {
        lock (_lock)
        {
            _lastIndex = 0;
            _numbers.Clear();
            for (; !snapshot.IsEmpty; snapshot = snapshot[sizeof(int)..])
            {
                _numbers.Add(BinaryPrimitives.ReadInt32LittleEndian(snapshot));
            }
        }
    }
}
