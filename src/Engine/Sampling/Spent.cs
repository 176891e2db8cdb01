namespace Bixbite.Engine.Sampling;

/// <summary>The time that commands took, and the bytes of their requests and replies.</summary>
public readonly record struct Spent(long DurationUs, long Bytes)
{
    public Spent With(Spent other) => new(DurationUs + other.DurationUs, Bytes + other.Bytes);

    /// <summary>The part of each of so many keys.</summary>
    public Spent Share(int count) => new(DurationUs / count, Bytes / count);
}
