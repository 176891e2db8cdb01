namespace Bixbite.Keyspace;

/// <summary>Deadlines are Unix times in milliseconds; every 64-bit value but the marker below is a real one.</summary>
public static class Deadline
{
    /// <summary>The key never expires.</summary>
    public const long None = long.MinValue;

    /// <summary>For <see cref="Database.Put"/>: keep the deadline that the key has.</summary>
    public const long Keep = long.MinValue + 1;
}
