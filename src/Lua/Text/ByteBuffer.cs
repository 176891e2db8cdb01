using System.Buffers;
using System.Numerics;
using Bixbite.Lua.Values;

namespace Bixbite.Lua.Text;

/// <summary>
/// Bytes that grow, in an array of the shared pool, owned by whoever assembles a result. It tells before it grows, so that a limit for
/// memory can refuse by an exception; what is written stays as it was then.
/// </summary>
/// <param name="count">Told of each array, in bytes, before there is one; throws if there is not so much memory. Null: nobody
/// counts.</param>
public sealed class ByteBuffer(Action<long>? count = null)
{
    /// <summary>An array up to this size is kept for the next result.</summary>
    private const int KeptMax = 1 << 16;

    private const int SizeMin = 256;

    private byte[] _bytes = [];

    public int Length { get; private set; }

    /// <summary>The bytes that it holds, in use or not.</summary>
    public int Capacity => _bytes.Length;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Add(byte one)
    {
        if (Length == _bytes.Length)
        {
            Grow(1);
        }
        _bytes[Length++] = one;
    }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        Length += bytes.Length;
    }

    public void Add(byte one, int times)
    {
        Reserve(times)[..times].Fill(one);
        Length += times;
    }

    /// <summary>At least so many bytes to write into; <see cref="Advance"/> says how many were.</summary>
    public Span<byte> Reserve(int size)
    {
        if (_bytes.Length - Length < size)
        {
            Grow(size);
        }
        return _bytes.AsSpan(Length);
    }

    public void Advance(int size) => Length += size;

    /// <summary>Gives up what was written after the first bytes.</summary>
    public void Truncate(int length) => Length = Math.Min(Length, length);

    /// <summary>Ready for the next result; a large array goes back to the pool.</summary>
    public void Clear()
    {
        Length = 0;
        if (_bytes.Length > KeptMax)
        {
            Release();
        }
    }

    /// <summary>Gives the array back to the pool; the buffer is empty and may be used again.</summary>
    public void Release()
    {
        byte[] bytes = _bytes;
        _bytes = [];
        Length = 0;
        if (bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private void Grow(int more)
    {
        long needed = (long)Length + more;
        long size = Math.Max((long)BitOperations.RoundUpToPowerOf2((ulong)needed), SizeMin);
        if (needed > LuaString.SizeMax)
        {
            throw LuaException.NotEnoughMemory();
        }

        // The sizes that the pool has, so that what is counted is what is held.
        size = Math.Min(size, LuaString.SizeMax);
        count?.Invoke(size);
        byte[] larger = ArrayPool<byte>.Shared.Rent((int)size);
        Written.CopyTo(larger);
        int length = Length;
        Release();
        _bytes = larger;
        Length = length;
    }
}
