namespace Bixbite.Keyspace;

/// <summary>The memory that counts against maxmemory, summed up by the server. Every sum is exact.</summary>
public interface IMemoryGauge
{
    /// <summary>Memory in use, in bytes: data, indexes, and what clients hold.</summary>
    public long UsedBytes { get; }

    /// <summary>Whether a limit is set and exceeded.</summary>
    public bool IsOverLimit { get; }

    /// <summary>Whether a limit is set and would be exceeded with so many bytes added.</summary>
    public bool IsOverLimitWith(long added);

    /// <summary>Whether a limit is set and would be exceeded without any key, with so many bytes added.</summary>
    public bool IsOverLimitWithoutData(long added);

    /// <summary>Whether clients alone hold more than the limit, so that keys had better stay: removing all would not help.</summary>
    public bool IsLimitHeldByClients { get; }

    /// <summary>
    /// Output that clients hold from while this is on comes of eviction itself. It does not count against the limit until it is sent:
    /// otherwise removing keys would be a reason to remove keys.
    /// </summary>
    public bool IsExcusing { set; }
}
