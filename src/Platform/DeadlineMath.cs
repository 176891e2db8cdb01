namespace Bixbite.Platform;

/// <summary>
/// The sum of a time and a duration that somebody else chose: the one place where a deadline is computed, since such a sum may overflow.
/// The unit is the caller's, as long as both have the same.
/// </summary>
public static class DeadlineMath
{
    /// <summary>A deadline that never comes.</summary>
    public const long Never = long.MaxValue;

    /// <summary>The time that much after <paramref name="now"/>; <see cref="Never"/> where that is beyond all times.</summary>
    public static long After(long now, long duration)
    {
        long sum = unchecked(now + duration);
        bool isOverflow = ((now ^ sum) & (duration ^ sum)) < 0;
        return !isOverflow ? sum : duration > 0 ? Never : long.MinValue;
    }

    /// <summary>
    /// The time <paramref name="count"/> units after <paramref name="start"/>, for a count that a client sent; false if there is no such
    /// time, which is the client's mistake.
    /// </summary>
    public static bool TryAdd(long start, long count, int unit, out long deadline)
    {
        Int128 sum = ((Int128)count * unit) + start;
        deadline = unchecked((long)sum);
        return sum == deadline;
    }
}
