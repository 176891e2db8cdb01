namespace Bixbite.Keyspace;

/// <summary>Counters of what happened to keys since the start or the last CONFIG RESETSTAT.</summary>
public sealed class KeyspaceStatistics
{
    public long Hits { get; set; }

    public long Misses { get; set; }

    public long Expired { get; set; }

    /// <summary>Fields of hashes that expired.</summary>
    public long ExpiredFields { get; set; }

    public long Evicted { get; set; }

    /// <summary>Microseconds that memory was over its limit while commands came, in all times that are over.</summary>
    public long LimitExceededUs { get; set; }

    /// <summary>Microseconds since memory has been over its limit; 0 while it is not.</summary>
    public long LimitExceededNowUs { get; set; }

    /// <summary>Expiry slices that ended because their time was used up.</summary>
    public long ExpiryTimeCapReached { get; set; }

    /// <summary>Microseconds spent in active expiry.</summary>
    public long ExpiryUs { get; set; }

    /// <summary>Resets the counters that others keep of what happens to keys.</summary>
    public Action? ResetOthers { get; set; }

    public void Reset()
    {
        Hits = 0;
        Misses = 0;
        Expired = 0;
        ExpiredFields = 0;
        Evicted = 0;
        LimitExceededUs = 0;
        ExpiryTimeCapReached = 0;
        ExpiryUs = 0;
        ResetOthers?.Invoke();
    }
}
