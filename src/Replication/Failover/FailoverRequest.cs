namespace Bixbite.Replication.Failover;

/// <summary>The options of FAILOVER.</summary>
/// <param name="Host">Where clients reach the replica that is to take over; null for any.</param>
/// <param name="Port">Its port.</param>
/// <param name="TimeoutMs">It is waited for so many milliseconds; 0 is for ever.</param>
/// <param name="IsForced">After that it takes over with what it has.</param>
public sealed record FailoverRequest(string? Host, long Port, long TimeoutMs, bool IsForced)
{
    /// <summary>Its name for the log.</summary>
    public string Name => Host is null ? "any replica" : $"{Host}:{Port}";
}
