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

    /// <summary>Allocating 2 to the power of this many bytes counts as an instruction.</summary>
    private const int BytesPerStep = 6;

    private readonly Func<long> _measure;
    private long _limit = long.MaxValue;

    /// <summary>Where a measurement is asked for that need not be made at once.</summary>
    private long _softLimit = long.MaxValue;
    private long _measured;
    private long _withheld;
    private int _lastId;

    /// <param name="measure">Returns the bytes of all that can be reached.</param>
    public LuaMemory(Func<long> measure)
    {
        _measure = measure;
    }

    /// <summary>Bytes held, garbage since the last measurement included.</summary>
    public long Used { get; private set; }

    /// <summary>Bytes that measurements have found to be garbage, in all.</summary>
    public long ReclaimedBytes { get; private set; }

    /// <summary>Instructions that may still be done in this run; negative once it must end. Long searches in tables count too.</summary>
    public long Fuel { get; set; }

    /// <summary>Counts a loop's way back over so many instructions, which is negative. False once the budget is used up.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool Spend(int distance) => (Fuel += distance) >= 0;

    /// <summary>Bytes that may be held; 0 is no limit.</summary>
    public long Limit
    {
        get => _limit == long.MaxValue ? 0 : _limit;
        set
        {
            _limit = value == 0 ? long.MaxValue : value;
            SetSoftLimit();
        }
    }

    /// <summary>The sum nears the limit, and the run stands still until it is measured.</summary>
    internal bool IsMeasurementDue { get; private set; }

    /// <summary>Counts bytes that are about to be allocated, and the work that this is.</summary>
    /// <exception cref="LuaException">They would exceed the limit.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(long bytes)
    {
        if (bytes > _softLimit - Used)
        {
            AddNearLimit(bytes);
        }
        Used += bytes;
        Fuel -= bytes >> BytesPerStep;
    }

    /// <summary>Throws if so many bytes could not be had now.</summary>
    public void Require(long bytes)
    {
        if (bytes > LuaString.SizeMax)
        {
            throw LuaException.NotEnoughMemory();
        }
        if (bytes > _limit - Used)
        {
            AddNearLimit(bytes);
        }
    }

    /// <summary>Takes back what was counted and not allocated, or was given up for certain.</summary>
    public void Remove(long bytes) => Used -= bytes;

    /// <summary>Replaces the sum by the bytes of all that can be reached, at once.</summary>
    public void Measure()
    {
        SetMeasured(_measure());
        Fuel -= _measured >> 6;
    }

    /// <summary>The sum is what was measured.</summary>
    internal void SetMeasured(long bytes)
    {
        ReclaimedBytes += Math.Max(Used - bytes, 0);
        _measured = bytes;
        Used = bytes;
        SetSoftLimit();
        IsMeasurementDue = false;
        GiveBackFuel();
    }

    /// <summary>The work that a due measurement kept from the run may go on.</summary>
    internal void GiveBackFuel()
    {
        Fuel += _withheld;
        _withheld = 0;
    }

    /// <summary>Enough has been allocated since the last measurement to make another one worth while.</summary>
    internal bool HasGrown => Used - _measured > _measured / LeastPartFreed;

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
        if (bytes.Length > LuaString.ShortMax)
        {
            Add(LuaString.BytesFor(bytes.Length));
            return new LuaString(bytes.ToArray());
        }
        if (bytes.IsEmpty)
        {
            return LuaString.Empty;
        }
        Add(LuaString.BytesFor(0));
        return new LuaString(bytes);
    }

    /// <summary>A string whose bytes the caller writes before it hands the string on.</summary>
    internal LuaString NewString(int length, out Span<byte> bytes)
    {
        Add(LuaString.BytesFor(length));
        return LuaString.Create(length, out bytes);
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

    private void AddNearLimit(long bytes)
    {
        if (bytes > _limit - Used)
        {
            Measure();
            if (bytes > _limit - _limit / LeastPartFreed - Used)
            {
                throw LuaException.NotEnoughMemory();
            }
        }
        else if (!IsMeasurementDue)
        {
            IsMeasurementDue = true;
            _withheld = Math.Max(Fuel + 1, 0);
            Fuel -= _withheld;
        }
    }

    /// <summary>Between what is reachable and the limit, but nearer to the limit.</summary>
    private void SetSoftLimit() =>
        _softLimit = Math.Min(_limit, Math.Max(_limit - _limit / 8, _measured + _limit / LeastPartFreed));
}
