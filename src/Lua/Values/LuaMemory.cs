using System.Runtime.CompilerServices;

namespace Bixbite.Lua.Values;

/// <summary>
/// The bytes that scripts hold: every string, table, closure and stack tells this before it is made. The sum only grows, until it
/// reaches the limit or is asked for; then what can still be reached is measured, and the sum is that. It also counts the work that is
/// left to a run.
/// </summary>
public sealed class LuaMemory
{
    /// <summary>A measurement must free this part of the limit, or the limit counts as reached: it must not be taken often.</summary>
    private const int LeastPartFreed = 16;

    private readonly Func<long> _measure;
    private long _limit = long.MaxValue;
    private long _measured;
    private int _lastId;

    /// <param name="measure">Returns the bytes of all that can be reached.</param>
    public LuaMemory(Func<long> measure)
    {
        _measure = measure;
    }

    /// <summary>Bytes held, garbage since the last measurement included.</summary>
    public long Used { get; private set; }

    /// <summary>Instructions that may still be done in this run; negative once it must end. Long searches in tables count too.</summary>
    public long Fuel { get; set; }

    /// <summary>Counts a loop's way back over so many instructions, which is negative. False once the budget is used up.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool Spend(int distance) => (Fuel += distance) >= 0;

    /// <summary>Bytes that may be held; 0 is no limit.</summary>
    public long Limit
    {
        get => _limit == long.MaxValue ? 0 : _limit;
        set => _limit = value == 0 ? long.MaxValue : value;
    }

    /// <summary>Counts bytes that are about to be allocated.</summary>
    /// <exception cref="LuaException">They would exceed the limit.</exception>
    public void Add(long bytes)
    {
        if (bytes > _limit - Used)
        {
            Measure();
            if (bytes > _limit - _limit / LeastPartFreed - Used)
            {
                throw LuaException.NotEnoughMemory();
            }
        }
        Used += bytes;
    }

    /// <summary>Throws if so many bytes could not be had now.</summary>
    public void Require(long bytes)
    {
        if (bytes > LuaString.SizeMax)
        {
            throw LuaException.NotEnoughMemory();
        }
        Add(bytes);
        Used -= bytes;
    }

    /// <summary>Takes back what was counted and not allocated, or was given up for certain.</summary>
    public void Remove(long bytes) => Used -= bytes;

    /// <summary>Replaces the sum by the bytes of all that can be reached.</summary>
    public void Measure()
    {
        _measured = _measure();
        Used = _measured;
        Fuel -= _measured >> 6;
    }

    /// <summary>The same if enough has been allocated since the last time to make it worth while.</summary>
    public void MeasureIfGrown()
    {
        if (Used - _measured > _measured / LeastPartFreed)
        {
            Measure();
        }
    }

    /// <summary>A number that no other object has.</summary>
    internal int IdOf(LuaObject value)
    {
        if (value.Id == 0)
        {
            value.Id = ++_lastId;
        }
        return value.Id;
    }

    public LuaString NewString(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return LuaString.Empty;
        }
        Add(LuaString.BytesFor(bytes.Length));
        return new LuaString(bytes.ToArray());
    }

    /// <summary>Takes the bytes over.</summary>
    public LuaString NewString(byte[] bytes)
    {
        Add(LuaString.BytesFor(bytes.Length));
        return new LuaString(bytes);
    }

    /// <param name="arraySize">Room for the keys from 1 up to it.</param>
    /// <param name="hashSize">Room for so many other keys.</param>
    public LuaTable NewTable(int arraySize = 0, int hashSize = 0)
    {
        Add(LuaTable.OwnBytes);
        return new LuaTable(this, arraySize, hashSize);
    }
}
