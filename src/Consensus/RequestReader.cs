using System.Buffers.Binary;

namespace Bixbite.Consensus;

/// <summary>Reads numbers and byte strings one after another; after the first that is not whole all are 0.</summary>
internal ref struct RequestReader(ReadOnlyMemory<byte> bytes)
{
    private ReadOnlyMemory<byte> _rest = bytes;

    internal bool IsBroken { get; private set; }

    internal readonly bool IsAtEnd => !IsBroken && _rest.IsEmpty;

    internal byte Byte() => TryTake(1, out ReadOnlySpan<byte> taken) ? taken[0] : (byte)0;

    internal int Int() => TryTake(sizeof(int), out ReadOnlySpan<byte> taken) ? BinaryPrimitives.ReadInt32LittleEndian(taken) : 0;

    internal long Long() => TryTake(sizeof(long), out ReadOnlySpan<byte> taken) ? BinaryPrimitives.ReadInt64LittleEndian(taken) : 0;

    internal ReadOnlyMemory<byte> Bytes()
    {
        int length = Int();
        if ((uint)length > (uint)_rest.Length)
        {
            IsBroken = true;
            return default;
        }
        ReadOnlyMemory<byte> taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }

    private bool TryTake(int length, out ReadOnlySpan<byte> taken)
    {
        if (IsBroken || length > _rest.Length)
        {
            IsBroken = true;
            taken = default;
            return false;
        }
        taken = _rest.Span[..length];
        _rest = _rest[length..];
        return true;
    }
}
