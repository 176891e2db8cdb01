namespace Bixbite.Keyspace;

/// <summary>The choice of keys to remove when memory is full; the names are those of maxmemory-policy.</summary>
public enum EvictionPolicy
{
    NoEviction,
    AllKeysLru,
    AllKeysLfu,
    AllKeysRandom,
    VolatileLru,
    VolatileLfu,
    VolatileRandom,
    VolatileTtl,
}

public static class EvictionPolicies
{
    public static bool IsLfu(this EvictionPolicy policy) => policy is EvictionPolicy.AllKeysLfu or EvictionPolicy.VolatileLfu;

    public static bool IsRandom(this EvictionPolicy policy) => policy is EvictionPolicy.AllKeysRandom or EvictionPolicy.VolatileRandom;

    /// <summary>Only keys with a deadline may be removed.</summary>
    public static bool IsVolatile(this EvictionPolicy policy) => policy >= EvictionPolicy.VolatileLru;
}
