namespace Bixbite.Lua.Libraries;

/// <summary>
/// Pseudo-random numbers for <c>math.random</c>: the 48 bits linear congruence of POSIX' lrand48, whose sequence is the same everywhere. A
/// host that wants another one derives it.
/// </summary>
public class RandomSequence
{
    private const ulong Multiplier = 0x5DEECE66D;
    private const ulong Increment = 0xB;
    private const ulong Mask = (1UL << 48) - 1;
    private const int LowBits = 0x330E;

    private ulong _state = 0x1234ABCD330E;

    /// <summary>Begins the sequence that belongs to a seed.</summary>
    public virtual void Seed(int seed) => _state = ((ulong)(uint)seed << 16) | LowBits;

    /// <summary>The next number, from 0 up to but not including 1.</summary>
    public virtual double Next()
    {
        _state = (_state * Multiplier + Increment) & Mask;
        return (double)((long)(_state >> 17) % int.MaxValue) / int.MaxValue;
    }
}
