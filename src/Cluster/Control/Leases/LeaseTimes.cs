namespace Bixbite.Cluster.Control.Leases;

/// <summary>How long leases last, and how long the leader waits for what. All in microseconds of whoever's clock counts.</summary>
/// <param name="LengthUs">A primary serves so long after it sent the report that got it the lease.</param>
public readonly record struct LeaseTimes(long LengthUs)
{
    private const long LengthMinUs = 200_000;

    /// <summary>A primary reports, and so asks for its lease, each so often.</summary>
    public long RenewUs => LengthUs / 4;

    /// <summary>
    /// After the report came for which a lease may have been given, no other node leads for so long: the length as the slower of two clocks
    /// sees it, whose rates differ by a tenth.
    /// </summary>
    public long ReplaceAfterUs => LengthUs + (LengthUs / 10);

    /// <summary>The leader waits so long for all replicas of a shard; after that those that must be there are enough.</summary>
    public long SealPatienceUs => LengthUs / 2;

    /// <summary>A seal that nobody answered is asked for again after it.</summary>
    public long AskAgainUs => LengthUs / 4;

    public static LeaseTimes From(long nodeTimeoutMs) => new(Math.Max(LengthMinUs, nodeTimeoutMs * 1000 / 15));
}
